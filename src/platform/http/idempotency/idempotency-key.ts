/** In characters, without quotes and escapes. */
export const LONGEST_KEY = 255;

/** A string as RFC 9651 §3.3.3 writes it. */
const STRING = /^"(?:[\x20-\x21\x23-\x5b\x5d-\x7e]|\\["\\])*"$/;
/** What most programs send: a UUID or some other word, without the quotes. */
const BARE = /^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]+$/;

/**
 * The key in an `Idempotency-Key` header (draft-ietf-httpapi-idempotency-key-header §2.1). A key is the same with its
 * quotes and without.
 * @returns `undefined` for what is no key, such as two of them
 */
export function parseIdempotencyKey(header: string): string | undefined {
  const key = BARE.test(header)
    ? header
    : STRING.test(header)
      ? header.slice(1, -1).replaceAll(/\\(["\\])/g, '$1')
      : '';
  return key.length >= 1 && key.length <= LONGEST_KEY ? key : undefined;
}
