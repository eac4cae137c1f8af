/** Compares signed checkpoints with the tree as it grows. */
export class Checkpoints {
  #report;
  #expected = new Map();
  #cuts = [];
  /** Size up to which the tree is known to be the one that was signed. */
  #good = 0;
  #isForked = false;

  constructor(report) {
    this.#report = report;
  }

  /** One to be compared when the tree has its size. @param where how the reader knows it: a file, or the export itself */
  expect(checkpoint, where) {
    const { size } = checkpoint;
    this.#expected.set(size, [...(this.#expected.get(size) ?? []), { ...checkpoint, where }]);
  }

  /**
   * A new epoch begins with the entry at this index and cites the newest checkpoint of the one before. What that covers
   * beyond the index is lost, and said to be.
   */
  cut(tree, { origin, size, root }) {
    const index = tree.size;
    this.#cuts.push({ index, origin, size });
    if (size > index)
      this.#report.notice(
        `cut: a new epoch begins at entry ${index}; what ${origin} had signed from there to ${size - 1} is lost`,
      );
    else this.#report.notice(`a new epoch begins at entry ${index}, after ${origin}`);
    if (size === index && tree.root().toString('base64url') !== root)
      this.#report.fork(
        this.#good,
        size,
        `the new epoch at ${index} does not continue the tree that it cites`,
      );
  }

  /** Compares all that have the tree's present size. Behind a fork everything is another tree: the first one counts. */
  reach(tree) {
    const due = this.#expected.get(tree.size);
    if (due === undefined) return;
    this.#expected.delete(tree.size);
    const root = tree.root();
    for (const checkpoint of due) {
      if (this.#isLost(checkpoint)) continue;
      const { size, where } = checkpoint;
      if (checkpoint.root.equals(root)) {
        this.#good = size;
      } else if (!this.#isForked) {
        this.#isForked = true;
        this.#report.fork(
          this.#good,
          size,
          `fork: the tree is not the one of the checkpoint of size ${size} (${where})`,
        );
      }
    }
  }

  /** What covers more than there is, or could not be compared since something is missing before. @param size entries seen */
  finish(size) {
    for (const checkpoint of [...this.#expected.values()].flat()) {
      if (this.#isLost(checkpoint) || checkpoint.size <= size) continue;
      this.#report.bad(
        size,
        `missing: the checkpoint of size ${checkpoint.size} (${checkpoint.where}) covers entries from here on`,
      );
    }
  }

  /** Whether a cut says that what this one covers is lost. */
  #isLost({ origin, size }) {
    return this.#cuts.some((cut) => cut.origin === origin && size > cut.index && size <= cut.size);
  }
}
