import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { newId } from '../../kernel/ids.js';
import type { EntryDraft } from '../entry/entry.js';
import { EntryPreparation } from './entry-preparation.js';
import { ReadStream } from './read-stream.js';
import { type Query, stageEntries } from './staging-statements.js';
import { Writer } from './writer.js';

/**
 * The stream of a process for entries that stand or fall with another transaction. A rollback takes its number with
 * it, so numbers may be missing and a missing one means nothing; every entry is signed all the same, and none can be
 * changed, forged or told twice.
 */
@Injectable()
export class ChangeStream {
  readonly #preparation: EntryPreparation;
  readonly #reads: ReadStream;
  readonly #clock: Clock;
  #writer: Promise<Writer> | undefined;

  constructor(preparation: EntryPreparation, reads: ReadStream, clock: Clock) {
    this.#preparation = preparation;
    this.#reads = reads;
    this.#clock = clock;
  }

  /** @param query sends statements within the transaction that the entry belongs to */
  async stage(query: Query, draft: EntryDraft, late: AbortSignal): Promise<void> {
    const writer = await this.#introduced(late);
    await stageEntries(query, [writer.sign(await this.#preparation.prepare(draft))]);
  }

  /** The writer is introduced by an entry of the contiguous stream, durable before its own first entry is. */
  #introduced(late: AbortSignal): Promise<Writer> {
    this.#writer ??= this.#introduce(late).catch((cause: unknown) => {
      this.#writer = undefined;
      throw cause;
    });
    return this.#writer;
  }

  async #introduce(late: AbortSignal): Promise<Writer> {
    const writer = new Writer(newId<'writer'>(this.#clock.now().getTime()), 'changes');
    await this.#reads.append(await this.#preparation.introduction(writer), late);
    return writer;
  }
}
