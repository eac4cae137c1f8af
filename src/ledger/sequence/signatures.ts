import { type KeyObject, verify } from 'node:crypto';
import {
  readSignature,
  type Signed,
  signedOf,
  signedTogether,
  type StoredSignature,
} from '../entry/batch-signature.js';
import type { Introduction } from '../entry/entry.js';
import { leafHash, publicKeyFromRaw } from '../merkle/index.js';

/** @param key raw Ed25519 public key in base64url */
export function isSignedBy(bytes: Buffer, signature: Buffer, key: string): boolean {
  return verify(null, bytes, keyFrom(key), signature);
}

/** What carries a signature of a stream. */
interface Carrier {
  /** Its leaf hash. */
  readonly leaf: Buffer;
  readonly signature: Buffer;
}

type Writer = Pick<Introduction, 'writer' | 'key'>;

interface Claim<T> {
  readonly entry: T;
  readonly stored: StoredSignature;
}

/**
 * Checks entries of one stream on the thread pool, each signature once however many entries stand under it.
 * @returns those that this writer has signed
 */
export async function signedBy<T extends Carrier>(
  entries: readonly T[],
  { writer, key }: Writer,
): Promise<ReadonlySet<T>> {
  const publicKey = keyFrom(key);
  const claims = entries.flatMap((entry) => {
    const stored = readSignature(entry.signature);
    return stored === undefined ? [] : [{ entry, stored }];
  });
  const batches = Map.groupBy(claims, ({ stored }) => stored.signature.toString('latin1')).values();
  const genuine = await Promise.all([...batches].map((batch) => genuineOf(batch, writer, publicKey)));
  return new Set(genuine.flat());
}

/** @param batch entries that claim to stand under one signature */
async function genuineOf<T extends Carrier>(
  batch: readonly Claim<T>[],
  writer: string,
  key: KeyObject,
): Promise<readonly T[]> {
  const whole = batch.toSorted((a, b) => a.stored.index - b.stored.index);
  const together = signedTogether(
    writer,
    whole.map(({ entry }) => entry.leaf),
    whole.map(({ stored }) => stored),
  );
  if (together !== undefined && (await holds(together, key))) return batch.map(({ entry }) => entry);
  const checked = await Promise.all(
    batch.map(async ({ entry, stored }) => {
      const signed = signedOf(writer, entry.leaf, stored);
      return signed !== undefined && (await holds(signed, key)) ? [entry] : [];
    }),
  );
  return checked.flat();
}

/** Checks entry after entry. What is signed together comes together, so that each signature is checked once. */
export class SignatureCheck {
  /** By writer: the last signature that held. */
  readonly #held = new Map<string, string>();

  isSigned({ writer, key }: Writer, envelope: Buffer, stored: Buffer): boolean {
    const signature = readSignature(stored);
    const signed = signature === undefined ? undefined : signedOf(writer, leafHash(envelope), signature);
    if (signed === undefined) return false;
    const name = `${key} ${nameOf(signed)}`;
    if (this.#held.get(writer) === name) return true;
    if (!isSignedBy(signed.text, signed.signature, key)) return false;
    this.#held.set(writer, name);
    return true;
  }
}

const nameOf = ({ text, signature }: Signed): string =>
  `${text.toString('latin1')} ${signature.toString('latin1')}`;

const keyFrom = (key: string): KeyObject => publicKeyFromRaw(Buffer.from(key, 'base64url'));

function holds({ text, signature }: Signed, key: KeyObject): Promise<boolean> {
  return new Promise((resolve, reject) => {
    verify(null, text, key, signature, (error, result) => {
      if (error === null) resolve(result);
      else reject(error);
    });
  });
}
