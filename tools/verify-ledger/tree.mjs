import { createHash } from 'node:crypto';

/** Merkle trees as RFC 9162 §2.1 defines them, with SHA-256. */
const LEAF = Buffer.from([0]);
const NODE = Buffer.from([1]);

export const leafHash = (entry) => createHash('sha256').update(LEAF).update(entry).digest();

const nodeHash = (left, right) => createHash('sha256').update(NODE).update(left).update(right).digest();

/** A tree that only grows. It remembers one hash for each 1-bit of its size. */
export class GrowingTree {
  #subtrees = [];
  size = 0;

  /**
   * Adds a leaf hash.
   * @returns the hashes of the subtrees that are complete with it: of 1 leaf, of 2, of 4 and so on
   */
  append(hash) {
    const completed = [hash];
    this.#subtrees.push({ width: 1, hash });
    this.size += 1;
    for (;;) {
      const right = this.#subtrees.at(-1);
      const left = this.#subtrees.at(-2);
      if (left === undefined || left.width !== right.width) return completed;
      this.#subtrees.splice(-2);
      const joined = nodeHash(left.hash, right.hash);
      this.#subtrees.push({ width: left.width * 2, hash: joined });
      completed.push(joined);
    }
  }

  root() {
    const [last, ...others] = this.#subtrees.map(({ hash }) => hash).toReversed();
    if (last === undefined) return createHash('sha256').digest();
    return others.reduce((right, left) => nodeHash(left, right), last);
  }
}

export function rootOf(hashes) {
  const tree = new GrowingTree();
  for (const hash of hashes) tree.append(hash);
  return tree.root();
}

/**
 * Whether a leaf hash is at an index of the tree with this size and root.
 * The path is read from the root down: its last hash is the sibling of the highest subtree.
 */
export function includes(leaf, index, size, path, root) {
  return rootAbove(leaf, index, size, path)?.equals(root) === true;
}

/** The root that this path leads to. @returns undefined when there is no tree of this size with such a path */
export function rootAbove(leaf, index, size, path) {
  return index >= 0 && index < size ? climb(leaf, index, size, path) : undefined;
}

/** RFC 9162 §2.1.3.1 read backwards. @returns undefined when the path has not the length it must have */
function climb(leaf, index, size, path) {
  if (size === 1) return path.length === 0 ? leaf : undefined;
  if (path.length === 0) return undefined;
  let split = 1;
  while (split * 2 < size) split *= 2;
  const sibling = path.at(-1);
  const below = path.slice(0, -1);
  if (index < split) {
    const left = climb(leaf, index, split, below);
    return left && nodeHash(left, sibling);
  }
  const right = climb(leaf, index - split, size - split, below);
  return right && nodeHash(sibling, right);
}
