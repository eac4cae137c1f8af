import { setImmediate as turn } from 'node:timers/promises';
import type { Clock } from '../../kernel/clock.js';
import { newId } from '../../kernel/ids.js';
import type { Introduction } from '../entry/entry.js';
import type { EntryPreparation } from './entry-preparation.js';
import type { Heartbeats } from './heartbeats.js';
import type { LedgerConnection } from './ledger-connection.js';
import { stageEntries } from './staging-statements.js';
import { type PlacedEntry, type PreparedEntry, Writer } from './writer.js';

interface Waiting {
  readonly prepared: PreparedEntry;
  readonly late: AbortSignal;
  readonly resolve: (entryId: string) => void;
  readonly reject: (cause: unknown) => void;
  /** Once it has its place in a stream. */
  placed?: { readonly stream: Stream; readonly entry: PlacedEntry };
}

interface Stream {
  readonly writer: Writer;
  readonly introduction: Introduction;
  readonly registration: PreparedEntry;
  /** The server as it was when the stream began. */
  readonly incarnation: number;
  acknowledged: PlacedEntry | undefined;
  /** Whether numbers are given in it already. */
  isOpen: boolean;
  isClosed: boolean;
}

/** Entries staged by one statement at the most. */
const BATCH = 256;

/**
 * A contiguous stream of a process. Whatever is asked for while a commit is under way goes into the next one.
 * After a failure the outcome of that commit is unknown, so the stream is abandoned and a new one introduced: a number
 * is never given twice, and none is missing within a stream.
 */
export class ReadStream {
  readonly #connection: LedgerConnection;
  readonly #preparation: EntryPreparation;
  readonly #heartbeats: Heartbeats;
  readonly #clock: Clock;
  readonly #waiting: Waiting[] = [];
  #stream: Stream | undefined;
  #isWorking = false;
  #isCommitting = false;

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

  get isCommitting(): boolean {
    return this.#isCommitting;
  }

  /** How many entries the next commit has so far. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /**
   * Resolves with the entry's id once it is durable.
   * @param late aborted when nobody waits any more; then it is not staged
   */
  append(prepared: PreparedEntry, late: AbortSignal): Promise<string> {
    return new Promise((resolve, reject) => {
      const waiting: Waiting = { prepared, late, resolve, reject };
      // While the disk works on a commit, the next one is made ready.
      if (this.#stream?.isOpen === true) this.#place(waiting, this.#stream);
      this.#waiting.push(waiting);
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
    // Whoever asks in the same turn is in the same commit.
    await turn();
    while (this.#waiting.length > 0) {
      const taken = this.#waiting.splice(0, BATCH);
      const batch = taken.filter((waiting) => !waiting.late.aborted);
      const late = taken.filter((waiting) => waiting.late.aborted);
      late.forEach(({ reject }) => reject(new Error('Nobody waits.')));
      // A number that was given and is not staged would be missing.
      if (late.some(({ placed }) => placed?.stream === this.#stream)) this.abandon();
      this.#isCommitting = true;
      if (batch.length > 0) await this.#stage(batch);
      this.#isCommitting = false;
    }
    this.#isWorking = false;
  }

  async #stage(batch: readonly Waiting[]): Promise<void> {
    try {
      const stream = this.#usable() ?? (await this.#begin());
      const introduction = stream.isOpen ? [] : [stream.writer.place(stream.registration, this.#clock.now())];
      stream.isOpen = true;
      this.#stream = stream;
      const entries = batch.map((waiting) => this.#place(waiting, stream));
      await stageEntries(this.#connection.query, stream.writer.sign([...introduction, ...entries]));
      stream.acknowledged = entries.at(-1);
      this.#beat(stream);
      batch.forEach(({ resolve }, at) => resolve(entries[at]?.entryId ?? ''));
      this.#connection.wakeSequencer();
    } catch (cause) {
      this.abandon();
      batch.forEach(({ reject }) => reject(cause));
    }
  }

  #place(waiting: Waiting, stream: Stream): PlacedEntry {
    if (waiting.placed?.stream !== stream) {
      const entry = stream.writer.place(waiting.prepared, this.#clock.now());
      waiting.placed = { stream, entry };
    }
    return waiting.placed.entry;
  }

  /** After the server was away it may be another one, or the same as it was an hour ago. */
  #usable(): Stream | undefined {
    if (this.#stream?.incarnation !== this.#connection.incarnation) this.abandon();
    return this.#stream;
  }

  async #begin(): Promise<Stream> {
    const { incarnation } = this.#connection;
    const writer = new Writer(newId<'writer'>(this.#clock.now().getTime()), 'reads');
    const introduction = await this.#preparation.introductionOf(writer);
    const registration = await this.#preparation.registration(introduction);
    return {
      writer,
      introduction,
      registration,
      incarnation,
      acknowledged: undefined,
      isOpen: false,
      isClosed: false,
    };
  }

  #beat({ writer, introduction, acknowledged, isClosed }: Stream): void {
    if (acknowledged === undefined) return;
    const { n, digest } = acknowledged;
    this.#heartbeats.record({ writer, introduction, n, digest, isClosed });
  }
}
