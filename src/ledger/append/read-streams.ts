import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { EntryPreparation } from './entry-preparation.js';
import { Heartbeats } from './heartbeats.js';
import { LedgerConnection } from './ledger-connection.js';
import { ReadStream } from './read-stream.js';
import type { PreparedEntry } from './writer.js';

/** Commits of a process that are under way at once: while the disk works on one, the other is made ready. */
const STREAMS = 2;
/** So many entries share a commit before another one is begun beside it. */
const SHARED = 8;

/** The contiguous streams of a process. Where requests come one at a time there is only one. */
@Injectable()
export class ReadStreams {
  readonly #streams: readonly ReadStream[];

  constructor(
    connection: LedgerConnection,
    preparation: EntryPreparation,
    heartbeats: Heartbeats,
    clock: Clock,
  ) {
    this.#streams = Array.from(
      { length: STREAMS },
      () => new ReadStream(connection, preparation, heartbeats, clock),
    );
  }

  /**
   * Resolves with the entry's id once it is durable.
   * @param late aborted when nobody waits any more; then it is not staged
   */
  append(prepared: PreparedEntry, late: AbortSignal): Promise<string> {
    return this.#next().append(prepared, late);
  }

  /** Ends the streams without a word; the next entry begins another. For when they lead nowhere. */
  abandon(): void {
    for (const stream of this.#streams) stream.abandon();
  }

  /** Ends each stream with an entry that says so. */
  async close(late: AbortSignal): Promise<void> {
    for (const stream of this.#streams) await stream.close(late);
  }

  #next(): ReadStream {
    const free = this.#streams.filter(({ isCommitting }) => !isCommitting);
    const filling = free.find(({ waiting }) => waiting < SHARED);
    return (
      filling ?? (free.length > 0 ? free : this.#streams).reduce((a, b) => (b.waiting < a.waiting ? b : a))
    );
  }
}
