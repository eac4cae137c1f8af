import { Clock } from '../../src/kernel/clock.js';

/** The machine's time plus whatever the test has let pass: real clients and the product agree on it. */
export class MovableClock extends Clock {
  #offsetMs = 0;

  override now(): Date {
    return new Date(Date.now() + this.#offsetMs);
  }

  /** Nothing happens by itself: a test has done what it wants to see. */
  override every(): () => void {
    return () => undefined;
  }

  advance(by: { readonly seconds?: number; readonly minutes?: number; readonly hours?: number }): void {
    this.#offsetMs += (by.seconds ?? 0) * 1_000 + (by.minutes ?? 0) * 60_000 + (by.hours ?? 0) * 3_600_000;
  }
}
