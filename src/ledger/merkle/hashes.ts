import { hash } from 'node:crypto';

/** Domain separation of RFC 6962 §2.1: a leaf can never pass for a node. */
const LEAF_PREFIX = Buffer.from([0x00]);
const NODE_PREFIX = Buffer.from([0x01]);

export const HASH_BYTES = 32;

/** Root of a tree without entries (RFC 9162 §2.1.1). */
export const EMPTY_ROOT = hash('sha256', '', 'buffer');

export function leafHash(entry: Buffer): Buffer {
  return hash('sha256', Buffer.concat([LEAF_PREFIX, entry]), 'buffer');
}

export function nodeHash(left: Buffer, right: Buffer): Buffer {
  return hash('sha256', Buffer.concat([NODE_PREFIX, left, right]), 'buffer');
}

/** Largest power of two smaller than `size` (RFC 9162 §2.1.1). @param size at least 2 */
export function splitPoint(size: number): number {
  let point = 1;
  while (point * 2 < size) point *= 2;
  return point;
}

/** Root over leaf hashes, by the definition of RFC 9162 §2.1.1. */
export function rootOf(leaves: readonly Buffer[]): Buffer {
  const [only] = leaves;
  if (only === undefined) return EMPTY_ROOT;
  if (leaves.length === 1) return only;
  const point = splitPoint(leaves.length);
  return nodeHash(rootOf(leaves.slice(0, point)), rootOf(leaves.slice(point)));
}
