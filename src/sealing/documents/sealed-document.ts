import type { KeyObject } from 'node:crypto';
import { bindingOf, type Position } from '../format/binding.js';
import type { VersionedKey } from '../format/sealed-field.js';
import type { PlaceName } from '../places.js';
import { ByteReader } from './byte-reader.js';
import { decryptStream, encryptStream } from './cobblestone.js';

const FORMAT = 'sceau/document/v1';
/** Like a field's, and never taken for one. */
const MAGIC = Buffer.from([0xc5, 0x02]);
const HEADER_BYTES = MAGIC.length + 4;

/** @returns the subject's key of that version, or `undefined` when there is none */
export type FindKey = (version: number) => Promise<KeyObject | undefined>;

/** `C5 02 ‖ key version (uint32 BE) ‖ Cobblestone-256`; see docs/sealed-format.md. */
export async function* sealDocument(
  { key, version }: VersionedKey,
  salt: Buffer,
  place: PlaceName,
  position: Position,
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<Buffer, void, undefined> {
  const header = Buffer.alloc(HEADER_BYTES);
  MAGIC.copy(header);
  header.writeUInt32BE(version, MAGIC.length);
  yield header;
  yield* encryptStream(key, salt, bindingOf(place, position, version, FORMAT), source);
}

/** @throws Error when the bytes do not open here, possibly after some of them have come out */
export async function* openDocument(
  findKey: FindKey,
  place: PlaceName,
  position: Position,
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<Buffer, void, undefined> {
  const reader = new ByteReader(source);
  try {
    const header = await reader.read(HEADER_BYTES);
    if (header.length < HEADER_BYTES || !header.subarray(0, MAGIC.length).equals(MAGIC))
      throw new Error('Not a sealed document.');
    const version = header.readUInt32BE(MAGIC.length);
    const key = await findKey(version);
    if (key === undefined) throw new Error('No key.');
    yield* decryptStream(key, bindingOf(place, position, version, FORMAT), reader.rest());
  } finally {
    await reader.close();
  }
}
