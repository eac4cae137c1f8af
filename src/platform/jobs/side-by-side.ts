import { setTimeout as pause } from 'node:timers/promises';
import type { PgBoss } from 'pg-boss';

const POLL_MS = 500;

/**
 * Does jobs of one queue next to each other: each ends when it ends, and one that takes long holds up none that come
 * after it. One connection asks for all of them, however many are under way.
 */
export class SideBySide<Payload extends object> {
  readonly #boss: PgBoss;
  readonly #queue: string;
  readonly #most: number;
  readonly #handle: (payload: Payload, job: string) => Promise<void>;
  readonly #fault: (error: unknown) => void;
  readonly #underWay = new Set<Promise<void>>();
  readonly #stopping = new AbortController();
  #loop: Promise<void> | undefined;

  /**
   * @param most how many at once
   * @param handle rejects when the job is to be tried again
   * @param fault is told when the queue itself cannot be reached
   */
  constructor(
    boss: PgBoss,
    queue: string,
    most: number,
    handle: (payload: Payload, job: string) => Promise<void>,
    fault: (error: unknown) => void,
  ) {
    this.#boss = boss;
    this.#queue = queue;
    this.#most = most;
    this.#handle = handle;
    this.#fault = fault;
  }

  start(): void {
    this.#loop = this.#run();
  }

  /** Takes no more, and resolves when what is under way has ended. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#loop;
    await Promise.all(this.#underWay);
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await this.#take().catch(this.#fault);
      await pause(POLL_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  async #take(): Promise<void> {
    const free = this.#most - this.#underWay.size;
    if (free <= 0) return;
    for (const job of await this.#boss.fetch<Payload>(this.#queue, { batchSize: free })) {
      const work = this.#do(job.id, job.data)
        .catch(this.#fault)
        .finally(() => this.#underWay.delete(work));
      this.#underWay.add(work);
    }
  }

  async #do(id: string, payload: Payload): Promise<void> {
    try {
      await this.#handle(payload, id);
    } catch {
      await this.#boss.fail(this.#queue, id);
      return;
    }
    await this.#boss.complete(this.#queue, id);
  }
}
