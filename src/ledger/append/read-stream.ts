import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { newId } from '../../kernel/ids.js';
import type { Introduction } from '../entry/entry.js';
import { EntryPreparation } from './entry-preparation.js';
import { Heartbeats } from './heartbeats.js';
import { LedgerConnection } from './ledger-connection.js';
import { stageEntries } from './staging-statements.js';
import { type PreparedEntry, type SignedEntry, Writer } from './writer.js';

interface Waiting {
  readonly prepared: PreparedEntry;
  readonly late: AbortSignal;
  readonly resolve: (entryId: string) => void;
  readonly reject: (cause: unknown) => void;
}

interface Stream {
  readonly writer: Writer;
  readonly introduction: Introduction;
  /** The server as it was when the stream began. */
  readonly incarnation: number;
  acknowledged: SignedEntry | undefined;
  isClosed: boolean;
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
  readonly #heartbeats: Heartbeats;
  readonly #clock: Clock;
  readonly #waiting: Waiting[] = [];
  #stream: Stream | undefined;
  #isWorking = false;

  constructor(
    connection: LedgerConnection,
    preparation: EntryPreparation,
    heartbeats: Heartbeats,
    clock: Clock,
  ) {
    this.#connection = connection;
    this.#preparation = preparation;
    this.#heartbeats = heartbeats;
    this.#clock = clock;
  }

  /**
   * Resolves with the entry's id once it is durable.
   * @param late aborted when nobody waits any more; then it is not staged
   */
  append(prepared: PreparedEntry, late: AbortSignal): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ prepared, late, resolve, reject });
      void this.#work();
    });
  }

  /** Ends the stream without a word; the next entry begins another. For when this one leads nowhere. */
  abandon(): void {
    const stream = this.#stream;
    this.#stream = undefined;
    if (stream === undefined) return;
    stream.isClosed = true;
    this.#beat(stream);
  }

  /** Ends the stream with an entry that says so, so that a missing end can be told from an end. */
  async close(late: AbortSignal): Promise<void> {
    const writer = this.#stream?.writer;
    if (writer === undefined) return;
    await this.append(await this.#preparation.farewell(writer), late);
    this.abandon();
  }

  async #work(): Promise<void> {
    if (this.#isWorking) return;
    this.#isWorking = true;
    while (this.#waiting.length > 0) {
      const taken = this.#waiting.splice(0, BATCH);
      const batch = taken.filter(({ late }) => !late.aborted);
      taken.filter(({ late }) => late.aborted).forEach(({ reject }) => reject(new Error('Nobody waits.')));
      if (batch.length > 0) await this.#stage(batch);
    }
    this.#isWorking = false;
  }

  async #stage(batch: readonly Waiting[]): Promise<void> {
    try {
      const stream = await this.#current();
      const first = stream.acknowledged === undefined ? [await this.#registration(stream)] : [];
      const signed = batch.map(({ prepared }) => stream.writer.sign(prepared, this.#clock.now()));
      await stageEntries(this.#connection.query, [...first, ...signed]);
      stream.acknowledged = signed.at(-1);
      this.#beat(stream);
      batch.forEach(({ resolve }, at) => resolve(signed[at]?.entryId ?? ''));
      this.#connection.wakeSequencer();
    } catch (cause) {
      this.abandon();
      batch.forEach(({ reject }) => reject(cause));
    }
  }

  /** After the server was away it may be another one, or the same as it was an hour ago. */
  async #current(): Promise<Stream> {
    const { incarnation } = this.#connection;
    if (this.#stream !== undefined && this.#stream.incarnation !== incarnation) this.abandon();
    if (this.#stream === undefined) {
      const writer = new Writer(newId<'writer'>(this.#clock.now().getTime()), 'reads');
      const introduction = await this.#preparation.introductionOf(writer);
      this.#stream = { writer, introduction, incarnation, acknowledged: undefined, isClosed: false };
    }
    return this.#stream;
  }

  async #registration({ writer, introduction }: Stream): Promise<SignedEntry> {
    return writer.sign(await this.#preparation.registration(introduction), this.#clock.now());
  }

  #beat({ writer, introduction, acknowledged, isClosed }: Stream): void {
    if (acknowledged === undefined) return;
    const { n, digest } = acknowledged;
    this.#heartbeats.record({ writer, introduction, n, digest, isClosed });
  }
}
