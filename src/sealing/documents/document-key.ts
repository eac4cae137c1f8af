import { createSecretKey, type KeyObject } from 'node:crypto';
import type { Randomness } from '../../kernel/randomness.js';

declare const brand: unique symbol;

const KEY_BYTES = 32;

/** The key of one document, 32 bytes in base64url: sealed in the document's row, so that a subject's rotation reseals a row and no file. */
export type DocumentKey = string & { readonly [brand]: true };

export function newDocumentKey(randomness: Randomness): DocumentKey {
  const bytes = randomness.bytes(KEY_BYTES);
  const text = bytes.toString('base64url');
  bytes.fill(0);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a brand exists in the type system only
  return text as DocumentKey;
}

/** @throws Error when the text is no key */
export function keyObjectOf(key: DocumentKey): KeyObject {
  const bytes = Buffer.from(key, 'base64url');
  if (bytes.length !== KEY_BYTES) throw new Error('Not the key of a document.');
  const object = createSecretKey(bytes);
  bytes.fill(0);
  return object;
}
