import { Injectable } from '@nestjs/common';
import { Rounds } from '../../jobs/rounds.js';
import { IdempotencyStore } from './idempotency.store.js';

/** Deletes kept answers when their day is over: they would only be there to be stolen. */
@Injectable()
export class ExpiredAnswers {
  readonly #store: IdempotencyStore;
  readonly #rounds: Rounds;

  constructor(store: IdempotencyStore, rounds: Rounds) {
    this.#store = store;
    this.#rounds = rounds;
  }

  /** Every hour. */
  async start(): Promise<void> {
    await this.#rounds.every(60, 'expired_answers', async () => {
      await this.#store.sweep();
    });
  }
}
