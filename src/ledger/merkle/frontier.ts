import { EMPTY_ROOT, nodeHash } from './hashes.js';

/** One complete subtree on the right edge of the tree. */
interface Peak {
  readonly level: number;
  readonly hash: Buffer;
}

/** A complete node that an append has finished. Level 0 is a leaf; `index` counts within the level. */
export interface FinishedNode {
  readonly level: number;
  readonly index: number;
  readonly hash: Buffer;
}

/** What one has to remember of a tree to append to it: at most one hash a level. */
export class Frontier {
  #size: number;
  #peaks: Peak[];

  private constructor(size: number, peaks: Peak[]) {
    this.#size = size;
    this.#peaks = peaks;
  }

  static empty(): Frontier {
    return new Frontier(0, []);
  }

  /** @param hashes the peaks from left to right, as `hashes` gives them */
  static restore(size: number, hashes: readonly Buffer[]): Frontier {
    const levels: number[] = [];
    for (let level = Math.floor(Math.log2(Math.max(1, size))); level >= 0; level -= 1) {
      if (Math.floor(size / 2 ** level) % 2 === 1) levels.push(level);
    }
    if (levels.length !== hashes.length) throw new Error('The frontier does not fit its size.');
    const peaks = hashes.map((hash, index) => ({ level: levels[index] ?? 0, hash }));
    return new Frontier(size, peaks);
  }

  get size(): number {
    return this.#size;
  }

  get hashes(): readonly Buffer[] {
    return this.#peaks.map((peak) => peak.hash);
  }

  copy(): Frontier {
    return new Frontier(this.#size, [...this.#peaks]);
  }

  /** @returns every node that is complete with this leaf, the leaf first */
  append(leaf: Buffer): readonly FinishedNode[] {
    const index = this.#size;
    const finished: FinishedNode[] = [{ level: 0, index, hash: leaf }];
    let peak: Peak = { level: 0, hash: leaf };
    for (let left = this.#peaks.at(-1); left?.level === peak.level; left = this.#peaks.at(-1)) {
      this.#peaks.pop();
      peak = { level: peak.level + 1, hash: nodeHash(left.hash, peak.hash) };
      finished.push({ level: peak.level, index: Math.floor(index / 2 ** peak.level), hash: peak.hash });
    }
    this.#peaks.push(peak);
    this.#size += 1;
    return finished;
  }

  root(): Buffer {
    const peaks = this.#peaks.map((peak) => peak.hash);
    const last = peaks.pop();
    if (last === undefined) return EMPTY_ROOT;
    return peaks.reduceRight((right, left) => nodeHash(left, right), last);
  }
}
