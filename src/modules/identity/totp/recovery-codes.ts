import type { Randomness } from '../../../kernel/randomness.js';
import { hashToken } from '../opaque-token.js';

const COUNT = 10;
const BYTES = 15;
/** Crockford's alphabet: no letter can be taken for a digit. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** 120 bits as six groups of four: `7K3M-…`. */
function newCode(randomness: Randomness): string {
  const bits = [...randomness.bytes(BYTES)].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const letters = (bits.match(/.{5}/g) ?? []).map((five) => ALPHABET.charAt(Number.parseInt(five, 2)));
  return (letters.join('').match(/.{4}/g) ?? []).join('-');
}

export function newRecoveryCodes(randomness: Randomness): readonly string[] {
  return Array.from({ length: COUNT }, () => newCode(randomness));
}

/** What is kept of a code. Spaces, dashes and case do not matter when it is typed in. */
export function hashRecoveryCode(code: string): string {
  return hashToken(code.toUpperCase().replaceAll(/[\s-]/g, '')).toString('base64url');
}
