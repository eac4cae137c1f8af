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

/** Without control characters other than the line feed. */
// oxlint-disable-next-line no-control-regex -- refusing control characters is the point
const NOTE_TEXT = /^[^\u0000-\u0009\u000b-\u001f]*\n$/;
// oxlint-disable-next-line no-control-regex -- refusing control characters is the point
const KEY_NAME = /^[^\s+\u0000-\u001f]+$/;

/**
 * @param text ends in a line feed
 * @returns the note: text, empty line, one signature line
 * @throws RangeError for a text or name that a note cannot have
 */
export function signNote(text: string, name: string, privateKey: KeyObject, publicKey: KeyObject): string {
  if (!NOTE_TEXT.test(text) || !KEY_NAME.test(name)) throw new RangeError('Not the text or name of a note.');
  const id = keyId(name, rawPublicKey(publicKey));
  const signature = sign(null, Buffer.from(text), privateKey);
  return `${text}\n\u2014 ${name} ${Buffer.concat([id, signature]).toString('base64')}\n`;
}

/** Base64 may itself contain `+`, so only the first two separate. */
const VERIFIER = /^([^\s+]+)\+([0-9a-f]{8})\+(.+)$/;
/** More signatures than any log and its witnesses have; the rest is not looked at. */
const MOST_SIGNATURES = 64;

interface Verifier {
  readonly name: string;
  readonly id: Buffer;
  readonly raw: Buffer;
}

function parseVerifier(text: string): Verifier | undefined {
  const [, name = '', id = '', encoded = ''] = VERIFIER.exec(text) ?? [];
  const key = Buffer.from(encoded, 'base64');
  if (key[0] !== ED25519 || key.length !== 33) return undefined;
  const raw = key.subarray(1);
  const own = keyId(name, raw);
  return own.toString('hex') === id ? { name, id: own, raw } : undefined;
}

export const isVerifierKey = (text: string): boolean => parseVerifier(text) !== undefined;

/** @returns the signed text when the note has a valid signature by this key, else `undefined` */
export function openNote(note: string, verifier: string): string | undefined {
  const key = parseVerifier(verifier);
  const split = note.lastIndexOf('\n\n');
  if (key === undefined || split < 0 || !note.endsWith('\n')) return undefined;
  const text = note.slice(0, split + 1);
  if (!NOTE_TEXT.test(text)) return undefined;
  const lines = note.slice(split + 2, -1).split('\n', MOST_SIGNATURES);
  const ours = lines
    .map((line) => line.split(' '))
    .filter(([dash, signer]) => dash === '\u2014' && signer === key.name)
    .map(([, , blob = '']) => Buffer.from(blob, 'base64'))
    .filter((signature) => signature.subarray(0, KEY_ID_BYTES).equals(key.id));
  const publicKey = publicKeyFromRaw(key.raw);
  const holds = (signature: Buffer): boolean =>
    verify(null, Buffer.from(text), publicKey, signature.subarray(KEY_ID_BYTES));
  return ours.length > 0 && ours.every(holds) ? text : undefined;
}

/** By which one checkpoint speaks of another. */
export interface CheckpointName {
  readonly origin: string;
  readonly size: number;
}

export interface Checkpoint extends CheckpointName {
  readonly root: Buffer;
  /** The newest that was kept before it. */
  readonly previous?: CheckpointName | undefined;
}

/** c2sp.org/tlog-checkpoint: origin, size and root, a line each; a fourth names the checkpoint that was kept before. */
export function checkpointText({ origin, size, root, previous }: Checkpoint): string {
  const extension = previous === undefined ? '' : `previous ${previous.origin} ${previous.size}\n`;
  return `${origin}\n${size}\n${root.toString('base64')}\n${extension}`;
}

const SIZE = /^(0|[1-9]\d{0,15})$/;

export function parseCheckpoint(text: string): Checkpoint | undefined {
  const [origin, size = '', root = '', ...extensions] = text.split('\n');
  const hash = Buffer.from(root, 'base64');
  if (origin === undefined || origin === '' || !text.endsWith('\n')) return undefined;
  if (!SIZE.test(size) || !Number.isSafeInteger(Number(size))) return undefined;
  return hash.length === 32 && hash.toString('base64') === root
    ? { origin, size: Number(size), root: hash, previous: previousIn(extensions) }
    : undefined;
}

function previousIn(lines: readonly string[]): CheckpointName | undefined {
  const [name] = lines.flatMap((line) => {
    const [word, origin, size = '', ...rest] = line.split(' ');
    return word === 'previous' && origin !== undefined && SIZE.test(size) && rest.length === 0
      ? [{ origin, size: Number(size) }]
      : [];
  });
  return name;
}
