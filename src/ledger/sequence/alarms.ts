import type { Clock } from '../../kernel/clock.js';
import { newId } from '../../kernel/ids.js';
import type { EntryDraft } from '../entry/entry.js';
import type { Admission } from './admission.js';
import type { Disagreement } from './disagreement.js';

/** What the sequencer has to say for itself, as entries. */
export class Alarms {
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** One for each gap, and one for each kind of refusal, however many entries were refused. */
  of({ gaps, refused }: Admission): readonly EntryDraft[] {
    const missing = gaps.map(({ writer, from, to }) => ({
      ...this.#failed('ledger.writer_gap', 'missing'),
      resource: writer,
      count: to - from + 1,
    }));
    const forged = [...Map.groupBy(refused, ({ objection }) => objection)].map(([objection, entries]) => {
      const [writer, ...others] = new Set(entries.map((entry) => entry.writer));
      const only = writer !== undefined && others.length === 0 ? { resource: writer } : {};
      return { ...this.#failed('ledger.entry_forged', objection), ...only, count: entries.length };
    });
    return [...missing, ...forged];
  }

  refusalToSign(reason: Disagreement): EntryDraft {
    return this.#failed('ledger.signing_refused', reason);
  }

  #failed(action: EntryDraft['action'], reason: string): EntryDraft {
    const context = {
      requestId: newId<'request'>(this.#clock.now().getTime()),
      actor: { kind: 'system', name: 'sequencer' },
      locale: 'en',
      address: 'local',
    } as const;
    return { action, context, reason, outcome: 'failed' };
  }
}
