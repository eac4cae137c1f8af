import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { Logger } from '../logging/logger.js';
import { Jobs } from './jobs.js';
import type { QueueName, QueuePayloads } from './queues.js';

/** The queues whose jobs are all alike. */
export type RoundName = {
  [Q in QueueName]: QueuePayloads[Q] extends Readonly<Record<string, never>> ? Q : never;
}[QueueName];

interface Round {
  readonly queue: RoundName;
  readonly everyMs: number;
  readonly work: () => Promise<void>;
  begunAt: number;
  /** What this process is at. */
  running: Promise<void> | undefined;
}

const MINUTE_MS = 60_000;
/** A timer is never exactly on time. */
const EARLY_MS = MINUTE_MS / 2;
/** Of several workers one gets the job, so that another may wait for its own. */
const PATIENCE_MS = 5 * MINUTE_MS;

/**
 * What is done again and again, whatever the tables of jobs say: whoever writes to the database could delete a schedule
 * there, or hold a queue. Every worker asks for the job by a timer of its own, from its first minute on, and does the
 * work without one when it has got none for five minutes longer than it should.
 */
@Injectable()
export class Rounds implements OnApplicationShutdown {
  readonly #jobs: Jobs;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #rounds: Round[] = [];
  #stop: (() => void) | undefined;
  #turning: Promise<void> = Promise.resolve();

  constructor(jobs: Jobs, clock: Clock, logger: Logger) {
    this.#jobs = jobs;
    this.#clock = clock;
    this.#logger = logger;
  }

  /**
   * @param minutes from one beginning to the next, at the most; with several workers it may come sooner
   * @param work may be repeated, and done by several at once
   */
  async every(minutes: number, queue: RoundName, work: () => Promise<void>): Promise<void> {
    const everyMs = minutes * MINUTE_MS;
    const begunAt = this.#clock.now().getTime() - everyMs;
    const round: Round = { queue, everyMs, work, begunAt, running: undefined };
    await this.#jobs.work(queue, () => this.#do(round));
    this.#rounds.push(round);
    this.#stop ??= this.#clock.every(MINUTE_MS, () => {
      this.#turning = Promise.all([this.#turning, this.turn()]).then(() => undefined);
    });
  }

  /** What the timer does, for each at the same time: one that takes long holds up no other. Never rejects. */
  async turn(): Promise<void> {
    const looks = this.#rounds.map((round) =>
      this.#see(round).catch((error: unknown) => {
        this.#logger.fault('round failed', error, { queue: round.queue });
      }),
    );
    await Promise.all(looks);
  }

  async onApplicationShutdown(): Promise<void> {
    this.#stop?.();
    await this.#turning;
  }

  async #see(round: Round): Promise<void> {
    const late = this.#clock.now().getTime() - round.begunAt - round.everyMs;
    if (round.running !== undefined || late < -EARLY_MS) return;
    await (late < PATIENCE_MS ? this.#jobs.sendOnce(round.queue, round.queue, {}) : this.#do(round));
  }

  #do(round: Round): Promise<void> {
    round.running ??= this.#begin(round).finally(() => {
      round.running = undefined;
    });
    return round.running;
  }

  async #begin(round: Round): Promise<void> {
    round.begunAt = this.#clock.now().getTime();
    await round.work();
  }
}
