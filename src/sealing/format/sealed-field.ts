import type { KeyObject } from 'node:crypto';
import type { PlaceName } from '../places.js';
import { bindingOf, type Position } from './binding.js';
import { decrypt, encryptInto, NONCE_BYTES, TAG_BYTES } from './cipher.js';
import { pad, unpad } from './padding.js';

/** `C5 01` is not valid UTF-8, so no text can pass for a sealed value. */
const MAGIC = Buffer.from([0xc5, 0x01]);
const VERSION_OFFSET = MAGIC.length;
const NONCE_OFFSET = VERSION_OFFSET + 4;
const BODY_OFFSET = NONCE_OFFSET + NONCE_BYTES;

/** Bytes of a sealed field beyond its padded text. */
const OVERHEAD_BYTES = BODY_OFFSET + TAG_BYTES;

/** Which key, at which version, opens or seals. */
export interface VersionedKey {
  readonly version: number;
  readonly key: KeyObject;
}

/** `C5 01 ‖ key version (uint32 BE) ‖ nonce (12) ‖ AES-256-GCM(padded text) ‖ tag (16)`; see docs/sealed-format.md. */
export function sealField(
  { key, version }: VersionedKey,
  nonce: Buffer,
  place: PlaceName,
  position: Position,
  text: Buffer,
): Buffer {
  const padded = pad(text);
  const sealed = Buffer.allocUnsafe(OVERHEAD_BYTES + padded.length);
  sealed.set(MAGIC);
  sealed.writeUInt32BE(version, VERSION_OFFSET);
  sealed.set(nonce, NONCE_OFFSET);
  encryptInto(sealed, BODY_OFFSET, key, nonce, bindingOf(place, position, version), padded);
  return sealed;
}

/** @returns the key version that sealed these bytes, or `undefined` when they are no sealed field */
export function keyVersionOf(sealed: Buffer): number | undefined {
  if (sealed.length < OVERHEAD_BYTES || sealed[0] !== MAGIC[0] || sealed[1] !== MAGIC[1]) return undefined;
  return sealed.readUInt32BE(VERSION_OFFSET);
}

/** @throws Error when the bytes do not open here, under this key; the reason is nobody's business */
export function openField(key: KeyObject, place: PlaceName, position: Position, sealed: Buffer): Buffer {
  const version = keyVersionOf(sealed);
  if (version === undefined) throw new Error('Not a sealed field.');
  const nonce = sealed.subarray(NONCE_OFFSET, BODY_OFFSET);
  const padded = decrypt(key, nonce, bindingOf(place, position, version), sealed.subarray(BODY_OFFSET));
  const text = unpad(padded);
  if (text === undefined) throw new Error('No padding.');
  return text;
}
