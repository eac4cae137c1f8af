import { Injectable } from '@nestjs/common';
import { Clock } from '../../../kernel/clock.js';
import { Database } from '../../../platform/database/database.js';

/** One mark in so many is paid for with a sweep. */
const MARKS_FOR_EACH = 50;

/** More than were added since the sweep before, of either kind, so that none gather. */
const SWEPT_AT_ONCE = 200;

const SWEEP = { name: 'sweep-oauth', text: 'SELECT oauth.sweep($1, $2)' };

/** Clears away tokens and marks that have expired, in passing and seldom: it is no part of what a request waits for. */
@Injectable()
export class Sweeping {
  readonly #database: Database;
  readonly #clock: Clock;
  #passed = 0;

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  /** To be called for each row that is added. The first of a process sweeps, and every fiftieth after it. */
  async pass(): Promise<void> {
    const turn = this.#passed % MARKS_FOR_EACH;
    this.#passed += 1;
    if (turn !== 0) return;
    await this.#database.ask(SWEEP, [this.#clock.now(), SWEPT_AT_ONCE]);
  }
}
