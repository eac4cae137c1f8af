import type { CitedCheckpoint } from '../entry/entry.js';
import type { Checkpoint, Frontier } from '../merkle/index.js';
import type { Report } from './report.js';

interface Expected extends Checkpoint {
  /** How it is known: a file's name, or the ledger itself. */
  readonly where: string;
}

interface Cut {
  readonly index: number;
  readonly origin: string;
  readonly size: number;
}

/** Compares signed checkpoints with the tree as it grows. */
export class KnownCheckpoints {
  readonly #report: Report;
  readonly #expected = new Map<number, Expected[]>();
  readonly #cuts: Cut[] = [];
  /** Size up to which the tree is known to be the one that was signed. */
  #good = 0;
  #isForked = false;

  constructor(report: Report) {
    this.#report = report;
  }

  /** One to be compared when the tree has its size. */
  expect(checkpoint: Checkpoint, where: string): void {
    const same = this.#expected.get(checkpoint.size) ?? [];
    this.#expected.set(checkpoint.size, [...same, { ...checkpoint, where }]);
  }

  /**
   * A new epoch begins with the next entry and cites the newest checkpoint of the one before. What that covers from
   * here on is lost, and said to be.
   */
  cut(tree: Frontier, { origin, size, root }: CitedCheckpoint): void {
    const index = tree.size;
    this.#cuts.push({ index, origin, size });
    this.#report.notice(
      size > index
        ? `cut: a new epoch begins at entry ${index}; what ${origin} had signed from there to ${size - 1} is lost`
        : `a new epoch begins at entry ${index}, after ${origin}`,
    );
    if (size === index && tree.root().toString('base64url') !== root)
      this.#report.among(
        this.#good,
        size,
        `the new epoch at ${index} does not continue the tree that it cites`,
      );
  }

  /** Compares all that have the tree's present size. Behind a fork everything is another tree: the first one counts. */
  reach(tree: Frontier): void {
    const due = this.#expected.get(tree.size);
    if (due === undefined) return;
    this.#expected.delete(tree.size);
    const root = tree.root();
    for (const checkpoint of due) {
      if (this.#isLost(checkpoint)) continue;
      const { size, where } = checkpoint;
      if (checkpoint.root.equals(root)) this.#good = size;
      else if (!this.#isForked) {
        this.#isForked = true;
        this.#report.among(
          this.#good,
          size,
          `fork: the tree is not the one of the checkpoint of size ${size} (${where})`,
        );
      }
    }
  }

  /** What covers more than there is. */
  finish(size: number): void {
    for (const checkpoint of [...this.#expected.values()].flat()) {
      if (this.#isLost(checkpoint) || checkpoint.size <= size) continue;
      this.#report.bad(
        size,
        `missing: the checkpoint of size ${checkpoint.size} (${checkpoint.where}) covers entries from here on`,
      );
    }
  }

  /** Whether a cut says that what this one covers is lost. */
  #isLost({ origin, size }: Expected): boolean {
    return this.#cuts.some((cut) => cut.origin === origin && size > cut.index && size <= cut.size);
  }
}
