import type { Clock } from '../../kernel/clock.js';
import { newId } from '../../kernel/ids.js';
import { ownContext } from '../../kernel/own-context.js';
import type { EntryPreparation } from '../append/entry-preparation.js';
import { type Query, stageEntries } from '../append/staging-statements.js';
import { type SignedEntry, Writer } from '../append/writer.js';
import type { EntryDraft } from '../entry/entry.js';
import type { Admission } from './admission.js';
import type { Disagreement } from './disagreement.js';

/** What is worth an alarm. */
export type Findings = Pick<Admission, 'gaps' | 'refused'>;

/** Records what was refused or found missing, in the transaction in which it was. */
export type RaiseAlarms = (findings: Findings) => Promise<void>;

/** What the sequencer has to say for itself, as entries. */
export class Alarms {
  readonly #clock: Clock;
  readonly #preparation: EntryPreparation;

  constructor(clock: Clock, preparation: EntryPreparation) {
    this.#clock = clock;
    this.#preparation = preparation;
  }

  /**
   * Stages them in a stream of their own, which the first of them introduces: no alarm depends on a stream that may
   * itself be what is wrong.
   */
  async stage(query: Query, drafts: readonly EntryDraft[]): Promise<void> {
    if (drafts.length > 0) await stageEntries(query, await this.signed(drafts));
  }

  /** @returns the entries of a stream of their own, which the first of them introduces */
  async signed(drafts: readonly EntryDraft[]): Promise<readonly SignedEntry[]> {
    const writer = new Writer(newId<'writer'>(this.#clock.now().getTime()), 'changes');
    const introduction = await this.#preparation.introductionOf(writer);
    const prepared = drafts.map((draft, at) =>
      this.#preparation.prepare(draft, at === 0 ? introduction : undefined),
    );
    return writer.sign((await Promise.all(prepared)).map((entry) => writer.place(entry, this.#clock.now())));
  }

  /** One for each gap, and one for each kind of refusal, however many entries were refused. */
  of({ gaps, refused }: Findings): readonly EntryDraft[] {
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
    const context = ownContext('sequencer', this.#clock.now());
    return { action, context, reason, outcome: 'failed' };
  }
}
