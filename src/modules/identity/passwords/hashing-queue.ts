import { Injectable } from '@nestjs/common';
import { Failure } from '../../../kernel/errors.js';
import { Settings } from '../../../platform/config/settings.js';
import { type KindCounter, Metrics } from '../../../platform/metrics/metrics.js';

/** `known`: somebody who has signed in from there before. They come before everybody else, so a flood holds none up. */
export type Lane = 'known' | 'anyone';

/** How long a caller who finds the queue full should wait, in seconds. */
const RETRY_AFTER = 2;

/**
 * Lets so many hashings run at once, so many wait in each lane, and refuses the rest at once: memory and the threads
 * that Node has for such work are bounded however many ask.
 */
@Injectable()
export class HashingQueue {
  readonly #atOnce: number;
  readonly #most: number;
  readonly #waiting: Readonly<Record<Lane, (() => void)[]>> = { known: [], anyone: [] };
  readonly #counter: KindCounter<'done' | 'refused'>;
  #running = 0;

  constructor(settings: Settings, metrics: Metrics) {
    this.#atOnce = settings.passwords.concurrency;
    this.#most = settings.passwords.queue;
    this.#counter = metrics.counter(
      'sceau_password_hashings_total',
      'Passwords hashed, and requests refused because too many waited',
      ['done', 'refused'],
    );
  }

  /** @throws Failure `service_unavailable` with `Retry-After` when as many wait as may */
  async run<T>(lane: Lane, work: () => Promise<T>): Promise<T> {
    await this.#enter(lane);
    try {
      return await work();
    } finally {
      this.#counter.add('done');
      this.#leave();
    }
  }

  /**
   * For whoever has more to do before: what will be refused is refused before that is done.
   * @throws as `run`
   */
  requireRoom(lane: Lane): void {
    if (this.#running < this.#atOnce || this.#waiting[lane].length < this.#most) return;
    this.#counter.add('refused');
    throw new Failure('service_unavailable', { headers: { 'retry-after': String(RETRY_AFTER) } });
  }

  async #enter(lane: Lane): Promise<void> {
    if (this.#running < this.#atOnce) {
      this.#running += 1;
      return;
    }
    this.requireRoom(lane);
    await new Promise<void>((resolve) => this.#waiting[lane].push(resolve));
  }

  /** Whoever comes next takes the place over: it is never free in between. */
  #leave(): void {
    const next = this.#waiting.known.shift() ?? this.#waiting.anyone.shift();
    if (next === undefined) this.#running -= 1;
    else next();
  }
}
