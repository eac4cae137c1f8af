import { createHash } from 'node:crypto';
import type { Randomness } from '../../kernel/randomness.js';

/** 256 random bits in base64url: 43 characters. */
export function newToken(randomness: Randomness): string {
  return randomness.bytes(32).toString('base64url');
}

/** What is stored of a token. It has full entropy, so a plain hash is enough. */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
