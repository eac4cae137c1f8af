import { Injectable } from '@nestjs/common';
import { Jobs } from '../../platform/jobs/jobs.js';
import { Logger } from '../../platform/logging/logger.js';
import { Retention } from './retention.js';

/**
 * At three in the morning from the second day of a month on, when a whole month more is over everywhere. There is
 * something to do once a month; a worker that was not running then does it the next morning.
 */
const SCHEDULE = '0 3 2-31 * *';

/** For the worker: drops what is due. */
@Injectable()
export class RetentionSchedule {
  readonly #jobs: Jobs;
  readonly #retention: Retention;
  readonly #logger: Logger;

  constructor(jobs: Jobs, retention: Retention, logger: Logger) {
    this.#jobs = jobs;
    this.#retention = retention;
    this.#logger = logger;
  }

  async start(): Promise<void> {
    await this.#jobs.work('retention', async () => {
      for (const { month, entries } of await this.#retention.drop())
        this.#logger.info('month dropped', { month, entries });
    });
    await this.#jobs.schedule('retention', SCHEDULE, {});
  }
}
