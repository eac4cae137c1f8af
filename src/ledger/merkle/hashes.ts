import { hash } from 'node:crypto';

/** Domain separation of RFC 6962 §2.1: a leaf can never pass for a node. */
const LEAF_PREFIX = 0x00;
const NODE_PREFIX = 0x01;

export const HASH_BYTES = 32;

/** Root of a tree without entries (RFC 9162 §2.1.1). */
export const EMPTY_ROOT = hash('sha256', '', 'buffer');

/** Where what is hashed is put together: one hash is done before the next begins. */
const LEAF = Buffer.allocUnsafeSlow(64 * 1024);
LEAF[0] = LEAF_PREFIX;
const NODE = Buffer.allocUnsafeSlow(1 + 2 * HASH_BYTES);
NODE[0] = NODE_PREFIX;

export function leafHash(entry: Buffer): Buffer {
  if (entry.length >= LEAF.length) return sha256(Buffer.concat([Buffer.of(LEAF_PREFIX), entry]));
  LEAF.set(entry, 1);
  return sha256(LEAF.subarray(0, 1 + entry.length));
}

export function nodeHash(left: Buffer, right: Buffer): Buffer {
  // What came from outside as a proof may be anything.
  if (left.length !== HASH_BYTES || right.length !== HASH_BYTES)
    return sha256(Buffer.concat([Buffer.of(NODE_PREFIX), left, right]));
  NODE.set(left, 1);
  NODE.set(right, 1 + HASH_BYTES);
  return sha256(NODE);
}

/** By way of a string: of millions of hashes, buffers of their own would keep the garbage collector busy. */
export const sha256 = (bytes: Uint8Array): Buffer => Buffer.from(hash('sha256', bytes, 'binary'), 'binary');

/** Largest power of two smaller than `size` (RFC 9162 §2.1.1). @param size at least 2 */
export function splitPoint(size: number): number {
  let point = 1;
  while (point * 2 < size) point *= 2;
  return point;
}

/**
 * Root over leaf hashes. Joining neighbours level by level, the last one left as it is where it has none, makes the tree
 * of RFC 9162 §2.1.1.
 */
export function rootOf(leaves: readonly Buffer[]): Buffer {
  let level = leaves;
  while (level.length > 1) level = joined(level);
  return level[0] ?? EMPTY_ROOT;
}

function joined(level: readonly Buffer[]): readonly Buffer[] {
  const above: Buffer[] = [];
  for (const [at, right] of level.entries()) {
    const left = at % 2 === 1 ? above.pop() : undefined;
    above.push(left === undefined ? right : nodeHash(left, right));
  }
  return above;
}
