import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { newId } from '../../kernel/ids.js';
import type { EntryDraft } from '../entry/entry.js';
import { EntryPreparation } from './entry-preparation.js';
import { LedgerConnection } from './ledger-connection.js';
import { ReadStreams } from './read-streams.js';
import { type SignedEntry, Writer } from './writer.js';

/**
 * The stream of a process for entries that stand or fall with another transaction. A rollback takes its number with
 * it, so numbers may be missing and a missing one means nothing; every entry is signed all the same, and none can be
 * changed, forged or told twice.
 */
@Injectable()
export class ChangeStream {
  readonly #connection: LedgerConnection;
  readonly #preparation: EntryPreparation;
  readonly #reads: ReadStreams;
  readonly #clock: Clock;
  #writer: Promise<Writer> | undefined;
  #incarnation = 0;

  constructor(connection: LedgerConnection, preparation: EntryPreparation, reads: ReadStreams, clock: Clock) {
    this.#connection = connection;
    this.#preparation = preparation;
    this.#reads = reads;
    this.#clock = clock;
  }

  /** Entries to be staged by one commit, with what they are about. */
  async sign(drafts: readonly EntryDraft[], late: AbortSignal): Promise<readonly SignedEntry[]> {
    const [writer, ...prepared] = await Promise.all([
      this.#introduced(late),
      ...drafts.map((draft) => this.#preparation.prepare(draft)),
    ]);
    const now = this.#clock.now();
    return writer.sign(prepared.map((entry) => writer.place(entry, now)));
  }

  /**
   * Introduces the stream if that is outstanding, as it is after every fault: an entry that was made durable, so that
   * whoever asks whether the ledger can be written to knows.
   */
  async introduce(late: AbortSignal): Promise<void> {
    await this.#introduced(late);
  }

  /** Ends the stream with an entry of the contiguous one. */
  async close(late: AbortSignal): Promise<void> {
    const writer = await this.#writer;
    this.#writer = undefined;
    if (writer !== undefined) await this.#reads.append(await this.#preparation.farewell(writer), late);
  }

  /** The writer is introduced by an entry of the contiguous stream, durable before its own first entry is. */
  #introduced(late: AbortSignal): Promise<Writer> {
    const { incarnation } = this.#connection;
    if (this.#incarnation !== incarnation) this.#writer = undefined;
    this.#incarnation = incarnation;
    const writer = (this.#writer ??= this.#begin(late));
    writer.catch(() => {
      if (this.#writer === writer) this.#writer = undefined;
    });
    return writer;
  }

  async #begin(late: AbortSignal): Promise<Writer> {
    const writer = new Writer(newId<'writer'>(this.#clock.now().getTime()), 'changes');
    const introduction = await this.#preparation.introductionOf(writer);
    await this.#reads.append(await this.#preparation.registration(introduction), late);
    return writer;
  }
}
