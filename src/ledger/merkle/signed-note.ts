import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';

/** Signature type of Ed25519 in a signed note (c2sp.org/signed-note). */
const ED25519 = 0x01;
const KEY_ID_BYTES = 4;

/** Raw 32 bytes of an Ed25519 public key. */
export function rawPublicKey(key: KeyObject): Buffer {
  const { x } = key.export({ format: 'jwk' });
  if (x === undefined) throw new Error('Not an Ed25519 key.');
  return Buffer.from(x, 'base64url');
}

export function publicKeyFromRaw(raw: Buffer): KeyObject {
  return createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') },
    format: 'jwk',
  });
}

function keyId(name: string, raw: Buffer): Buffer {
  return createHash('sha256')
    .update(name)
    .update(Buffer.from([0x0a, ED25519]))
    .update(raw)
    .digest()
    .subarray(0, KEY_ID_BYTES);
}

/** How verifiers are told of a key: `<name>+<id>+<base64 of type and key>`. */
export function verifierKey(name: string, publicKey: KeyObject): string {
  const raw = rawPublicKey(publicKey);
  return `${name}+${keyId(name, raw).toString('hex')}+${Buffer.concat([Buffer.from([ED25519]), raw]).toString('base64')}`;
}

/** @param text ends in a line feed. @returns the note: text, empty line, one signature line */
export function signNote(text: string, name: string, privateKey: KeyObject, publicKey: KeyObject): string {
  const id = keyId(name, rawPublicKey(publicKey));
  const signature = sign(null, Buffer.from(text), privateKey);
  return `${text}\n\u2014 ${name} ${Buffer.concat([id, signature]).toString('base64')}\n`;
}

/** Base64 may itself contain `+`, so only the first two separate. */
const VERIFIER = /^([^+]+)\+[0-9a-f]{8}\+(.+)$/;

/** @returns the signed text when the note has a valid signature by this key, else `undefined` */
export function openNote(note: string, verifier: string): string | undefined {
  const [, name = '', encoded = ''] = VERIFIER.exec(verifier) ?? [];
  const key = Buffer.from(encoded, 'base64');
  if (key[0] !== ED25519 || key.length !== 33) return undefined;
  const raw = key.subarray(1);
  const split = note.lastIndexOf('\n\n');
  if (split < 0) return undefined;
  const text = note.slice(0, split + 1);
  const id = keyId(name, raw);
  for (const line of note.slice(split + 2).split('\n')) {
    const [dash, signer, blob = ''] = line.split(' ');
    const bytes = Buffer.from(blob, 'base64');
    if (dash !== '\u2014' || signer !== name || !bytes.subarray(0, KEY_ID_BYTES).equals(id)) continue;
    return verify(null, Buffer.from(text), publicKeyFromRaw(raw), bytes.subarray(KEY_ID_BYTES))
      ? text
      : undefined;
  }
  return undefined;
}

export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Buffer;
}

/** c2sp.org/tlog-checkpoint: origin, size and root, a line each. */
export function checkpointText({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${root.toString('base64')}\n`;
}

export function parseCheckpoint(text: string): Checkpoint | undefined {
  const [origin, size = '', root = ''] = text.split('\n');
  const hash = Buffer.from(root, 'base64');
  if (origin === undefined || origin === '' || !/^(0|[1-9]\d{0,15})$/.test(size) || hash.length !== 32)
    return undefined;
  return { origin, size: Number(size), root: hash };
}
