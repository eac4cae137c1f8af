const nameOf = ({ origin, size }) => `${size} (${origin})`;

/**
 * The checkpoints that an export has: each names the one that was kept before it. Where that is not in the export it was
 * removed, and what it named itself is known only to whoever has a copy.
 */
export class KeptCheckpoints {
  #report;
  #copies = new Map();
  /** Names of those in the export, from the last one on that was named by another. */
  #recent = new Set();
  #told = new Set();
  count = 0;

  constructor(report) {
    this.#report = report;
  }

  /** One that is known from outside the export. */
  addCopy(checkpoint) {
    this.#copies.set(nameOf(checkpoint), checkpoint);
  }

  /** The next one of the export. */
  add(checkpoint) {
    this.#lookBack(checkpoint);
    this.#recent.add(nameOf(checkpoint));
    this.count += 1;
  }

  /** @param newest that covers the export; it need not be kept itself */
  finish(newest) {
    this.#lookBack(newest);
  }

  #lookBack({ previous }) {
    if (previous === undefined) {
      this.#recent.clear();
      return;
    }
    let wanted = previous;
    while (wanted !== undefined && !this.#recent.has(nameOf(wanted))) {
      const name = nameOf(wanted);
      if (this.#told.has(name)) return;
      this.#told.add(name);
      this.#report.bad(
        Math.max(0, wanted.size - 1),
        `the checkpoint of size ${name} was kept and is not there any more`,
      );
      wanted = this.#copies.get(name)?.previous;
    }
    if (wanted === undefined) return;
    const named = nameOf(wanted);
    for (const name of this.#recent) {
      if (name === named) return;
      this.#recent.delete(name);
    }
  }
}
