import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto';

/** A nonce is good in the window it was made in and in the next one. */
const WINDOW_MS = 120_000;

/** Each is made once by a process, while it is good. */
const MADE = new WeakMap<KeyObject, Map<number, Buffer>>();
const KEPT = 4;

function nonceAt(key: KeyObject, window: number): Buffer {
  const made = MADE.get(key) ?? new Map<number, Buffer>();
  const known = made.get(window);
  if (known !== undefined) return known;
  const nonce = createHmac('sha256', key).update(`resource-nonce/${window}`).digest().subarray(0, 16);
  if (made.size >= KEPT) made.clear();
  MADE.set(key, made.set(window, nonce));
  return nonce;
}

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
