import type { Checkpoint, CheckpointName } from '../merkle/index.js';
import type { Report } from './report.js';

const keyOf = ({ origin, size }: CheckpointName): string => `${origin} ${size}`;

/**
 * Each checkpoint names the one that was kept before it. One that is named and not kept any more was removed; of what
 * that one named only a copy outside the database can tell.
 */
export class CheckpointChain {
  readonly #report: Report;
  readonly #copies = new Map<string, Checkpoint>();
  readonly #removed = new Set<string>();
  /** What is kept, from the last one on that was named. */
  #since: readonly string[] = [];

  constructor(report: Report) {
    this.#report = report;
  }

  /** One that somebody has outside the database. */
  copy(checkpoint: Checkpoint): void {
    this.#copies.set(keyOf(checkpoint), checkpoint);
  }

  /** The next one that is kept, in their order. */
  next(checkpoint: Checkpoint): void {
    this.#follow(checkpoint);
    this.#since = [...this.#since, keyOf(checkpoint)];
  }

  /** @param newest which may be kept or not */
  finish(newest: Checkpoint | undefined): void {
    if (newest !== undefined) this.#follow(newest);
  }

  #follow({ previous }: Checkpoint): void {
    if (previous === undefined) {
      // It was signed before they named one another, or is the first.
      this.#since = [];
      return;
    }
    let name: CheckpointName | undefined = previous;
    while (name !== undefined && !this.#since.includes(keyOf(name))) {
      if (!this.#miss(name)) return;
      name = this.#copies.get(keyOf(name))?.previous;
    }
    const at = name === undefined ? -1 : this.#since.indexOf(keyOf(name));
    this.#since = this.#since.slice(Math.max(at, 0));
  }

  /** @returns whether it is told of for the first time */
  #miss(name: CheckpointName): boolean {
    const { origin, size } = name;
    if (this.#removed.has(keyOf(name))) return false;
    this.#removed.add(keyOf(name));
    this.#report.bad(
      Math.max(size - 1, 0),
      `the checkpoint of size ${size} (${origin}) was kept and is not there any more`,
    );
    return true;
  }
}
