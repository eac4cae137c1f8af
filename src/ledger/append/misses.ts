import { Failure } from '../../kernel/errors.js';
import type { EntryDraft } from '../entry/entry.js';
import type { Ledger } from './ledger.js';

/**
 * Whoever asks for ids that are not theirs is told that there is nothing, and leaves an entry of having asked: the
 * same whether the id is another's or nobody's.
 * @param draft the action that was meant, on the id that was asked for
 * @throws what `work` throws
 */
export async function recordingMisses<T>(
  ledger: Ledger,
  draft: EntryDraft,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Failure && error.code === 'not_found')
      await ledger.append({ ...draft, outcome: 'refused', reason: 'not_found' }, 'staged');
    throw error;
  }
}
