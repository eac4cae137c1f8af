import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { newId } from '../../kernel/ids.js';
import { EntryPreparation } from './entry-preparation.js';
import { LedgerConnection } from './ledger-connection.js';
import { stageEntries } from './staging-statements.js';
import { type PreparedEntry, type SignedEntry, Writer } from './writer.js';

interface Waiting {
  readonly prepared: PreparedEntry;
  readonly late: AbortSignal;
  readonly resolve: () => void;
  readonly reject: (cause: unknown) => void;
}

/** Entries staged by one statement at the most. */
const BATCH = 256;

/**
 * The contiguous stream of a process. Whatever is asked for while a commit is under way goes into the next one.
 * After a failure the outcome of that commit is unknown, so the stream is abandoned and a new one introduced: a number
 * is never given twice, and none is missing within a stream.
 */
@Injectable()
export class ReadStream {
  readonly #connection: LedgerConnection;
  readonly #preparation: EntryPreparation;
  readonly #clock: Clock;
  readonly #waiting: Waiting[] = [];
  #writer: Writer | undefined;
  #working = false;

  constructor(connection: LedgerConnection, preparation: EntryPreparation, clock: Clock) {
    this.#connection = connection;
    this.#preparation = preparation;
    this.#clock = clock;
  }

  /** Resolves once the entry is durable. @param late aborted when nobody waits any more; then it is not staged */
  append(prepared: PreparedEntry, late: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ prepared, late, resolve, reject });
      void this.#work();
    });
  }

  /** Ends the stream, so that a missing end can be told from an end. */
  async close(late: AbortSignal): Promise<void> {
    const writer = this.#writer;
    if (writer === undefined) return;
    await this.append(await this.#preparation.farewell(writer), late);
    this.#writer = undefined;
  }

  async #work(): Promise<void> {
    if (this.#working) return;
    this.#working = true;
    while (this.#waiting.length > 0) {
      const taken = this.#waiting.splice(0, BATCH);
      const batch = taken.filter(({ late }) => !late.aborted);
      taken.filter(({ late }) => late.aborted).forEach(({ reject }) => reject(new Error('Nobody waits.')));
      if (batch.length > 0) await this.#stage(batch);
    }
    this.#working = false;
  }

  async #stage(batch: readonly Waiting[]): Promise<void> {
    try {
      await stageEntries(this.#connection.query, await this.#sign(batch));
      batch.forEach(({ resolve }) => resolve());
      this.#connection.wakeSequencer();
    } catch (cause) {
      this.#writer = undefined;
      batch.forEach(({ reject }) => reject(cause));
    }
  }

  async #sign(batch: readonly Waiting[]): Promise<readonly SignedEntry[]> {
    const introduction: SignedEntry[] = [];
    let writer = this.#writer;
    if (writer === undefined) {
      writer = new Writer(newId<'writer'>(this.#clock.now().getTime()), 'reads');
      introduction.push(writer.sign(await this.#preparation.introduction(writer)));
    }
    this.#writer = writer;
    const current = writer;
    return [...introduction, ...batch.map(({ prepared }) => current.sign(prepared))];
  }
}
