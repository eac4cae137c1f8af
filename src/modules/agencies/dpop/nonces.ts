import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto';

/** A nonce is good in the window it was made in and in the next one. */
const WINDOW_MS = 120_000;

const nonceAt = (key: KeyObject, window: number): Buffer =>
  createHmac('sha256', key).update(`resource-nonce/${window}`).digest().subarray(0, 16);

const windowOf = (now: Date): number => Math.floor(now.getTime() / WINDOW_MS);

/** The nonce that proofs should carry now (RFC 9449 §9). Nothing is stored: every process makes the same. */
export function currentNonce(key: KeyObject, now: Date): string {
  return nonceAt(key, windowOf(now)).toString('base64url');
}

export function isFreshNonce(key: KeyObject, now: Date, nonce: string): boolean {
  const given = Buffer.from(nonce, 'base64url');
  return [0, 1].some((ago) => {
    const expected = nonceAt(key, windowOf(now) - ago);
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}
