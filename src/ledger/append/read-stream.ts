import { newId } from '../../kernel/ids.js';
import type { Clock } from '../../kernel/clock.js';
import { type Query, stageEntries } from './staging-statements.js';
import { type PreparedEntry, type SignedEntry, Writer } from './writer.js';

interface Waiting {
  readonly prepared: PreparedEntry;
  readonly resolve: () => void;
  readonly reject: (cause: unknown) => void;
}

/** Entries staged by one statement at the most. */
const BATCH = 256;

/**
 * The contiguous stream of a process. Whatever is asked for while a commit is under way goes into the next one.
 * After a failure the outcome of that commit is unknown, so the stream is abandoned and a new one introduced.
 */
export class ReadStream {
  readonly #clock: Clock;
  readonly #query: Query;
  readonly #introduce: (writer: Writer) => Promise<PreparedEntry>;
  readonly #waiting: Waiting[] = [];
  #writer: Writer | undefined;
  #working = false;

  /** @param introduce prepares the entry by which a new writer makes its key known */
  constructor(clock: Clock, query: Query, introduce: (writer: Writer) => Promise<PreparedEntry>) {
    this.#clock = clock;
    this.#query = query;
    this.#introduce = introduce;
  }

  /** Resolves once the entry is durable. */
  append(prepared: PreparedEntry): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ prepared, resolve, reject });
      void this.#work();
    });
  }

  async #work(): Promise<void> {
    if (this.#working) return;
    this.#working = true;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, BATCH);
      try {
        await stageEntries(this.#query, await this.#sign(batch));
        batch.forEach(({ resolve }) => resolve());
      } catch (cause) {
        this.#writer = undefined;
        batch.forEach(({ reject }) => reject(cause));
      }
    }
    this.#working = false;
  }

  async #sign(batch: readonly Waiting[]): Promise<readonly SignedEntry[]> {
    const introduction: SignedEntry[] = [];
    let writer = this.#writer;
    if (writer === undefined) {
      writer = new Writer(newId<'writer'>(this.#clock.now().getTime()), 'reads');
      introduction.push(writer.sign(await this.#introduce(writer)));
    }
    this.#writer = writer;
    const current = writer;
    return [...introduction, ...batch.map(({ prepared }) => current.sign(prepared))];
  }
}
