import type { KeyObject } from 'node:crypto';
import { type Hash, hmac } from './mac.js';

const HASH_BYTES = { sha256: 32, sha512: 64 } as const satisfies Record<Hash, number>;

/**
 * HKDF-Expand (RFC 5869 §2.3).
 * @param key uniformly random, or the output of HKDF-Extract
 * @param length bytes wanted, at most 255 times the hash's
 */
export function expand(hash: Hash, key: KeyObject, info: Buffer, length: number): Buffer {
  const count = Math.ceil(length / HASH_BYTES[hash]);
  if (count > 255) throw new Error('HKDF gives no more than 255 blocks.');
  const blocks: Buffer[] = [];
  let previous: Buffer = Buffer.alloc(0);
  for (let counter = 1; counter <= count; counter += 1) {
    previous = hmac(hash, key, previous, info, Buffer.of(counter));
    blocks.push(previous);
  }
  return Buffer.concat(blocks).subarray(0, length);
}
