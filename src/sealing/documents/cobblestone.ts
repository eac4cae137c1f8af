import { createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';
import { decrypt, encrypt, NONCE_BYTES, TAG_BYTES } from '../format/cipher.js';
import { expand } from '../format/hkdf.js';
import { ByteReader } from './byte-reader.js';

/** C2SP chunked-encryption (https://c2sp.org/chunked-encryption) as Cobblestone-256: SHA-512 and AES-256-GCM. */
const INFO = Buffer.from('c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0', 'ascii');
export const SALT_BYTES = 24;
const KEY_BYTES = 32;
const COMMITMENT_BYTES = 32;
const CHUNK_BYTES = 16_384;
const MOST_CHUNKS = 2 ** 38;
const NOTHING = Buffer.alloc(0);

interface MessageKeys {
  readonly key: KeyObject;
  readonly baseNonce: Buffer;
  readonly commitment: Buffer;
}

/**
 * Encrypts a stream in constant memory.
 * @param key 32 random bytes
 * @param salt 24 bytes, never twice under one key
 * @param context what the message belongs to; decrypting needs the same
 */
export async function* encryptStream(
  key: KeyObject,
  salt: Buffer,
  context: Buffer,
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<Buffer, void, undefined> {
  if (salt.length !== SALT_BYTES) throw new Error('The salt has 24 bytes.');
  const keys = derive(key, salt, context);
  const reader = new ByteReader(source);
  try {
    yield Buffer.concat([salt, keys.commitment]);
    for (let index = 0, isLast = false; !isLast; index += 1) {
      const chunk = await reader.read(CHUNK_BYTES);
      isLast = chunk.length < CHUNK_BYTES;
      yield encrypt(keys.key, nonceOf(keys, index), NOTHING, chunk);
    }
  } finally {
    await reader.close();
  }
}

/**
 * Decrypts a stream in constant memory. Each chunk is authentic when it comes out, but only the end tells that nothing
 * is missing: whoever passes chunks on must be able to break off visibly.
 * @throws Error for a wrong key or context, and for whatever was changed, moved, cut or added
 */
export async function* decryptStream(
  key: KeyObject,
  context: Buffer,
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<Buffer, void, undefined> {
  const reader = new ByteReader(source);
  try {
    const salt = await reader.read(SALT_BYTES);
    const commitment = await reader.read(COMMITMENT_BYTES);
    const keys = derive(key, salt, context);
    if (commitment.length !== COMMITMENT_BYTES || !timingSafeEqual(commitment, keys.commitment)) {
      throw new Error('Another key, another context, or no such message.');
    }
    for (let index = 0, isLast = false; !isLast; index += 1) {
      const chunk = await reader.read(CHUNK_BYTES + TAG_BYTES);
      // The last chunk is always short, so a message that ends with a full one was cut.
      isLast = chunk.length < CHUNK_BYTES + TAG_BYTES;
      yield decrypt(keys.key, nonceOf(keys, index), NOTHING, chunk);
    }
  } finally {
    await reader.close();
  }
}

function derive(key: KeyObject, salt: Buffer, context: Buffer): MessageKeys {
  if (key.symmetricKeySize !== KEY_BYTES) throw new Error('The key has 32 bytes.');
  const length = KEY_BYTES + NONCE_BYTES + COMMITMENT_BYTES;
  const derived = expand('sha512', key, Buffer.concat([INFO, salt, context]), length);
  return {
    key: createSecretKey(derived.subarray(0, KEY_BYTES)),
    baseNonce: derived.subarray(KEY_BYTES, KEY_BYTES + NONCE_BYTES),
    commitment: derived.subarray(KEY_BYTES + NONCE_BYTES),
  };
}

/** The base nonce with the chunk's number, big-endian, XORed into its end. */
function nonceOf({ baseNonce }: MessageKeys, index: number): Buffer {
  if (index >= MOST_CHUNKS) throw new Error('A message has at most 2^38 chunks.');
  const number = Buffer.alloc(NONCE_BYTES);
  number.writeUIntBE(index, NONCE_BYTES - 6, 6);
  return Buffer.from(number.map((byte, at) => byte ^ (baseNonce[at] ?? 0)));
}
