import { HASH_BYTES, nodeHash, rootOf, splitPoint } from './hashes.js';

/** Gives the hash of a complete, aligned subtree: leaves `index * 2^level` up to `(index + 1) * 2^level`. */
export type ReadNode = (level: number, index: number) => Promise<Buffer>;

/** The rounding matters: the logarithm of a large number next to a power of two is a whole number too. */
const isPowerOfTwo = (size: number): boolean => 2 ** Math.round(Math.log2(size)) === size;

/** Root of the leaves from `start` to `end`, of which `start` is a multiple of the subtree's size. */
async function subtree(read: ReadNode, start: number, end: number): Promise<Buffer> {
  const size = end - start;
  if (isPowerOfTwo(size)) return read(Math.round(Math.log2(size)), start / size);
  const point = start + splitPoint(size);
  const [left, right] = await Promise.all([subtree(read, start, point), subtree(read, point, end)]);
  return nodeHash(left, right);
}

/** Inclusion proof of a leaf in a tree (RFC 9162 §2.1.3.1), lowest hash first. */
export async function inclusionProof(
  read: ReadNode,
  index: number,
  size: number,
): Promise<readonly Buffer[]> {
  if (!Number.isSafeInteger(index) || index < 0 || index >= size)
    throw new RangeError('No such leaf in this tree.');
  const path = async (start: number, end: number): Promise<Buffer[]> => {
    if (end - start === 1) return [];
    const point = start + splitPoint(end - start);
    return index < point
      ? [...(await path(start, point)), await subtree(read, point, end)]
      : [...(await path(point, end)), await subtree(read, start, point)];
  };
  return path(0, size);
}

/** Consistency proof between two sizes of one tree (RFC 9162 §2.1.4.1). */
export async function consistencyProof(read: ReadNode, from: number, to: number): Promise<readonly Buffer[]> {
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to) || from < 1 || from > to)
    throw new RangeError('A consistency proof goes from a size of at least 1 to a later one.');
  const walk = async (size: number, start: number, end: number, known: boolean): Promise<Buffer[]> => {
    if (size === end - start) return known ? [] : [await subtree(read, start, end)];
    const point = splitPoint(end - start);
    return size <= point
      ? [...(await walk(size, start, start + point, known)), await subtree(read, start + point, end)]
      : [...(await walk(size - point, start + point, end, false)), await subtree(read, start, start + point)];
  };
  return walk(from, 0, to, true);
}

/** Inclusion proofs of every leaf of a tree that is at hand as a whole, and its root. @param leaves at least one */
export function inclusionProofs(leaves: readonly Buffer[]): {
  readonly root: Buffer;
  readonly paths: readonly (readonly Buffer[])[];
} {
  if (leaves.length < 2) return { root: rootOf(leaves), paths: leaves.map(() => []) };
  const point = splitPoint(leaves.length);
  const left = inclusionProofs(leaves.slice(0, point));
  const right = inclusionProofs(leaves.slice(point));
  return {
    root: nodeHash(left.root, right.root),
    paths: [
      ...left.paths.map((path) => [...path, right.root]),
      ...right.paths.map((path) => [...path, left.root]),
    ],
  };
}

/**
 * The root of a tree that is at hand as a whole, with one hash a node.
 * @param proofs of each leaf the hashes of its inclusion proof, one after the other
 * @returns `undefined` when one of them is not exactly that (RFC 9162 §2.1.3.1)
 */
export function rootOfProven(leaves: readonly Buffer[], proofs: readonly Buffer[]): Buffer | undefined {
  const compared = new Uint32Array(proofs.length);
  const haveNext = (start: number, end: number, hash: Buffer): boolean => {
    for (let at = start; at < end; at += 1) {
      const [proof, from = 0] = [proofs[at], compared[at]];
      const next = from + HASH_BYTES;
      if (proof === undefined || proof.length < next || hash.compare(proof, from, next) !== 0) return false;
      compared[at] = next;
    }
    return true;
  };
  const walk = (start: number, end: number): Buffer | undefined => {
    if (end - start === 1) return leaves[start];
    const point = start + splitPoint(end - start);
    const left = walk(start, point);
    const right = walk(point, end);
    if (left === undefined || right === undefined) return undefined;
    const agree = haveNext(start, point, right) && haveNext(point, end, left);
    return agree ? nodeHash(left, right) : undefined;
  };
  const root = leaves.length === 0 ? undefined : walk(0, leaves.length);
  return proofs.every(({ length }, at) => length === compared[at]) ? root : undefined;
}

/**
 * The root of the tree in which a leaf has this inclusion proof (RFC 9162 §2.1.3.2).
 * @returns `undefined` when there is none of this size
 */
export function rootOfPath(
  proof: readonly Buffer[],
  leaf: Buffer,
  index: number,
  size: number,
): Buffer | undefined {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size)
    return undefined;
  let position = index;
  let last = size - 1;
  let hash = leaf;
  for (const sibling of proof) {
    if (last === 0) return undefined;
    if (position % 2 === 1 || position === last) {
      hash = nodeHash(sibling, hash);
      while (position % 2 === 0 && position !== 0) {
        position = Math.floor(position / 2);
        last = Math.floor(last / 2);
      }
    } else {
      hash = nodeHash(hash, sibling);
    }
    position = Math.floor(position / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 ? hash : undefined;
}

/** RFC 9162 §2.1.3.2. */
export function verifyInclusion(
  proof: readonly Buffer[],
  leaf: Buffer,
  index: number,
  size: number,
  root: Buffer,
): boolean {
  return rootOfPath(proof, leaf, index, size)?.equals(root) === true;
}

/** RFC 9162 §2.1.4.2. */
export function verifyConsistency(
  proof: readonly Buffer[],
  from: { readonly size: number; readonly root: Buffer },
  to: { readonly size: number; readonly root: Buffer },
): boolean {
  if (!Number.isSafeInteger(from.size) || !Number.isSafeInteger(to.size)) return false;
  if (from.size < 1 || from.size > to.size) return false;
  if (from.size === to.size) return proof.length === 0 && from.root.equals(to.root);
  const path = isPowerOfTwo(from.size) ? [from.root, ...proof] : [...proof];
  const first = path.shift();
  if (first === undefined) return false;
  let position = from.size - 1;
  let last = to.size - 1;
  while (position % 2 === 1) {
    position = Math.floor(position / 2);
    last = Math.floor(last / 2);
  }
  let older = first;
  let newer = first;
  for (const hash of path) {
    if (last === 0) return false;
    if (position % 2 === 1 || position === last) {
      older = nodeHash(hash, older);
      newer = nodeHash(hash, newer);
      while (position % 2 === 0 && position !== 0) {
        position = Math.floor(position / 2);
        last = Math.floor(last / 2);
      }
    } else {
      newer = nodeHash(newer, hash);
    }
    position = Math.floor(position / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && older.equals(from.root) && newer.equals(to.root);
}

/** Nodes of a tree that is small enough to be at hand as a whole, such as an entry's subjects. */
export function nodeFromLeaves(leaves: readonly Buffer[]): ReadNode {
  return (level, index) =>
    Promise.resolve(rootOf(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level)));
}
