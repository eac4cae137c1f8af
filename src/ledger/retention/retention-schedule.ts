import { Injectable } from '@nestjs/common';
import { Jobs } from '../../platform/jobs/jobs.js';
import { Logger } from '../../platform/logging/logger.js';
import { Retention } from './retention.js';

/** At three in the morning of the second day of each month, when a whole month more is over everywhere. */
const MONTHLY = '0 3 2 * *';

/** For the worker: drops each month what is due. */
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
    await this.#jobs.schedule('retention', MONTHLY, {});
  }
}
