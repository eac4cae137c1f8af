import { hash } from 'node:crypto';

/** Domain separation of RFC 6962 §2.1: a leaf can never pass for a node. */
const LEAF_PREFIX = 0x00;
const NODE_PREFIX = 0x01;

export const HASH_BYTES = 32;

/** Root of a tree without entries (RFC 9162 §2.1.1). */
export const EMPTY_ROOT = hash('sha256', '', 'buffer');

export const leafHash = (entry: Buffer): Buffer => prefixedHash(LEAF_PREFIX, [entry]);

export const nodeHash = (left: Buffer, right: Buffer): Buffer => prefixedHash(NODE_PREFIX, [left, right]);

/** Where what is hashed is put together: one hash is done before the next begins. */
const ROOM = Buffer.allocUnsafeSlow(64 * 1024);

function prefixedHash(prefix: number, parts: readonly Buffer[]): Buffer {
  const bytes = parts.reduce((sum, { length }) => sum + length, 1);
  if (bytes > ROOM.length) return sha256(Buffer.concat([Buffer.of(prefix), ...parts]));
  ROOM[0] = prefix;
  let end = 1;
  for (const part of parts) {
    ROOM.set(part, end);
    end += part.length;
  }
  return sha256(ROOM.subarray(0, end));
}

/** By way of a string: of millions of hashes, buffers of their own would keep the garbage collector busy. */
export const sha256 = (bytes: Uint8Array): Buffer => Buffer.from(hash('sha256', bytes, 'binary'), 'binary');

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
