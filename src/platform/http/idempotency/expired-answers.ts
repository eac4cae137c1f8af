import { Injectable } from '@nestjs/common';
import { Jobs } from '../../jobs/jobs.js';
import { IdempotencyStore } from './idempotency.store.js';

/** Deletes kept answers when their day is over: they would only be there to be stolen. */
@Injectable()
export class ExpiredAnswers {
  readonly #store: IdempotencyStore;
  readonly #jobs: Jobs;

  constructor(store: IdempotencyStore, jobs: Jobs) {
    this.#store = store;
    this.#jobs = jobs;
  }

  /** Every hour, by one worker. */
  async start(): Promise<void> {
    await this.#jobs.work('expired_answers', async () => {
      await this.#store.sweep();
    });
    await this.#jobs.schedule('expired_answers', '47 * * * *', {});
  }
}
