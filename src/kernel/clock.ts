/** Where the time comes from. Injected everywhere, so that tests decide what time it is. */
export abstract class Clock {
  abstract now(): Date;

  /** Has something done again and again, which must not throw. @returns what puts an end to it */
  abstract every(milliseconds: number, work: () => void): () => void;
}

export class SystemClock extends Clock {
  override now(): Date {
    return new Date();
  }

  override every(milliseconds: number, work: () => void): () => void {
    const timer = setInterval(work, milliseconds);
    return () => clearInterval(timer);
  }
}
