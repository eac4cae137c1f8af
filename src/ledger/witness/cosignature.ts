import { createHash, verify } from 'node:crypto';
import { publicKeyFromRaw } from '../merkle/index.js';

/** Signature type of Ed25519 cosignatures (c2sp.org/tlog-cosignature). */
const COSIGNATURE = 0x04;
const KEY_BYTES = 32;
const ID_BYTES = 4;
const TIME_BYTES = 8;
const SIGNATURE_BYTES = 64;
/** How far a witness's clock may be ahead of ours. */
const AHEAD_S = 300;

interface Cosigner {
  readonly name: string;
  readonly id: Buffer;
  readonly key: Buffer;
}

/** Reads a verifier key of a witness. @returns `undefined` when it is none of the kind */
export function parseCosigner(verifier: string): Cosigner | undefined {
  const [, name = '', id = '', encoded = ''] = /^([^\s+]+)\+([0-9a-f]{8})\+(.+)$/.exec(verifier) ?? [];
  const bytes = Buffer.from(encoded, 'base64');
  if (bytes[0] !== COSIGNATURE || bytes.length !== KEY_BYTES + 1) return undefined;
  const own = createHash('sha256').update(`${name}\n`).update(bytes).digest().subarray(0, ID_BYTES);
  return own.toString('hex') === id ? { name, id: own, key: bytes.subarray(1) } : undefined;
}

/**
 * Finds a cosigner's signature over a checkpoint among the lines that a witness has answered with.
 * @param text of the checkpoint, its last line feed included
 * @returns the line, or `undefined` when none is theirs and good
 */
export function findCosignature(
  answer: string,
  text: string,
  cosigner: Cosigner,
  now: Date,
): string | undefined {
  return answer
    .split('\n')
    .find((line) => isCosignature(line, text, cosigner, Math.floor(now.getTime() / 1_000)));
}

function isCosignature(line: string, text: string, { name, id, key }: Cosigner, nowS: number): boolean {
  const [dash, signer, encoded = '', ...rest] = line.split(' ');
  const blob = Buffer.from(encoded, 'base64');
  if (dash !== '\u2014' || signer !== name || rest.length > 0) return false;
  if (blob.length !== ID_BYTES + TIME_BYTES + SIGNATURE_BYTES || !blob.subarray(0, ID_BYTES).equals(id))
    return false;
  const time = blob.readBigUInt64BE(ID_BYTES);
  if (time > BigInt(nowS + AHEAD_S)) return false;
  const message = Buffer.from(`cosignature/v1\ntime ${time}\n${text}`);
  return verify(null, message, publicKeyFromRaw(key), blob.subarray(ID_BYTES + TIME_BYTES));
}
