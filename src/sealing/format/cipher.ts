import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto';

export const NONCE_BYTES = 12;
export const TAG_BYTES = 16;
const ALGORITHM = 'aes-256-gcm';

/** One for all: the object of options is read and never kept. */
const OPTIONS = { authTagLength: TAG_BYTES };

/** AES-256-GCM (NIST SP 800-38D). @returns ciphertext followed by the 16-byte tag */
export function encrypt(key: KeyObject, nonce: Buffer, additionalData: Buffer, plaintext: Buffer): Buffer {
  const sealed = Buffer.allocUnsafe(plaintext.length + TAG_BYTES);
  encryptInto(sealed, 0, key, nonce, additionalData, plaintext);
  return sealed;
}

/** The same, written into `target` from `offset` on, which saves a copy. */
export function encryptInto(
  target: Buffer,
  offset: number,
  key: KeyObject,
  nonce: Buffer,
  additionalData: Buffer,
  plaintext: Buffer,
): void {
  const cipher = createCipheriv(ALGORITHM, key, nonce, OPTIONS);
  cipher.setAAD(additionalData);
  // A counter mode gives as many bytes as it gets: nothing is left for the end.
  target.set(cipher.update(plaintext), offset);
  cipher.final();
  target.set(cipher.getAuthTag(), offset + plaintext.length);
}

/**
 * @param sealed ciphertext followed by its tag; the tag is always 16 bytes, never what the caller brings
 * @throws Error when anything does not match
 */
export function decrypt(key: KeyObject, nonce: Buffer, additionalData: Buffer, sealed: Buffer): Buffer {
  if (sealed.length < TAG_BYTES) throw new Error('Shorter than a tag.');
  const decipher = createDecipheriv(ALGORITHM, key, nonce, OPTIONS);
  decipher.setAAD(additionalData);
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  const plaintext = decipher.update(sealed.subarray(0, sealed.length - TAG_BYTES));
  // Throws unless the tag is right; nothing is handed out before.
  decipher.final();
  return plaintext;
}
