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
  readonly work: () => Promise<void>;
  begunAt: number;
}

const EVERY_MS = 60_000;
/** Of several workers one gets the job, so that another may wait for its own. */
const PATIENCE_MS = 5 * 60_000;

/**
 * What is done every minute, whatever the tables of jobs say: whoever writes to the database could delete a schedule
 * there, or hold a queue. Every worker asks for the job by a timer of its own, and does the work without one when it
 * has got none for five minutes.
 */
@Injectable()
export class Rounds implements OnApplicationShutdown {
  readonly #jobs: Jobs;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #rounds: Round[] = [];
  #timer: NodeJS.Timeout | undefined;
  #turning: Promise<void> = Promise.resolve();

  constructor(jobs: Jobs, clock: Clock, logger: Logger) {
    this.#jobs = jobs;
    this.#clock = clock;
    this.#logger = logger;
  }

  /** @param work may be repeated, and done by several at once */
  async every(queue: RoundName, work: () => Promise<void>): Promise<void> {
    const round: Round = { queue, work, begunAt: this.#clock.now().getTime() };
    await this.#jobs.unschedule(queue);
    await this.#jobs.work(queue, () => this.#do(round));
    this.#rounds.push(round);
    this.#timer ??= setInterval(() => {
      this.#turning = this.#turning.then(() => this.turn());
    }, EVERY_MS);
  }

  /** What the timer does. Never rejects. */
  async turn(): Promise<void> {
    for (const round of this.#rounds)
      await this.#see(round).catch((error: unknown) => {
        this.#logger.fault('round failed', error, { queue: round.queue });
      });
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.#timer);
    await this.#turning;
  }

  async #see(round: Round): Promise<void> {
    const idle = this.#clock.now().getTime() - round.begunAt;
    await (idle < PATIENCE_MS ? this.#jobs.sendOnce(round.queue, round.queue, {}) : this.#do(round));
  }

  #do(round: Round): Promise<void> {
    round.begunAt = this.#clock.now().getTime();
    return round.work();
  }
}
