import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { Rounds } from '../../platform/jobs/rounds.js';
import { Logger } from '../../platform/logging/logger.js';
import { isTimeToDrop } from './months.js';
import { Retention } from './retention.js';

/**
 * For the worker: drops what is due. There is something to do once a month; a worker that was not running then does it
 * the next morning.
 */
@Injectable()
export class RetentionSchedule {
  readonly #rounds: Rounds;
  readonly #retention: Retention;
  readonly #clock: Clock;
  readonly #logger: Logger;

  constructor(rounds: Rounds, retention: Retention, clock: Clock, logger: Logger) {
    this.#rounds = rounds;
    this.#retention = retention;
    this.#clock = clock;
    this.#logger = logger;
  }

  /** Every half hour, one of which falls into the hour. */
  async start(): Promise<void> {
    await this.#rounds.every(30, 'retention', () => this.#run());
  }

  async #run(): Promise<void> {
    if (!isTimeToDrop(this.#clock.now())) return;
    for (const { month, entries } of await this.#retention.drop())
      this.#logger.info('month dropped', { month, entries });
  }
}
