import type { KeyObject } from 'node:crypto';
import { lengthPrefixed, type Position } from '../format/binding.js';
import { ByteReader } from './byte-reader.js';
import { decryptStream, encryptStream } from './cobblestone.js';

const FORMAT = 'sceau/document/v1';
/** Like a field's, and never taken for one. */
const MAGIC = Buffer.from([0xc5, 0x02]);

const bindingOf = ({ row, subject }: Position): Buffer => lengthPrefixed([FORMAT, row, subject]);

/**
 * `C5 02 ‖ Cobblestone-256`; see docs/sealed-format.md.
 * @param key of this document alone
 */
export async function* sealDocument(
  key: KeyObject,
  salt: Buffer,
  position: Position,
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<Buffer, void, undefined> {
  yield MAGIC;
  yield* encryptStream(key, salt, bindingOf(position), source);
}

/** @throws Error when the bytes do not open here, possibly after some of them have come out */
export async function* openDocument(
  key: KeyObject,
  position: Position,
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<Buffer, void, undefined> {
  const reader = new ByteReader(source);
  try {
    if (!(await reader.read(MAGIC.length)).equals(MAGIC)) throw new Error('Not a sealed document.');
    yield* decryptStream(key, bindingOf(position), reader.rest());
  } finally {
    await reader.close();
  }
}
