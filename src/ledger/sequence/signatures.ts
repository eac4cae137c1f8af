import { type KeyObject, verify } from 'node:crypto';
import { type Signed, signedOf } from '../entry/batch-signature.js';
import type { Introduction } from '../entry/entry.js';
import { publicKeyFromRaw } from '../merkle/index.js';

/** @param key raw Ed25519 public key in base64url */
export function isSignedBy(bytes: Buffer, signature: Buffer, key: string): boolean {
  return verify(null, bytes, keyFrom(key), signature);
}

/** What carries a signature of a stream. */
interface Carrier {
  readonly bytes: Buffer;
  readonly signature: Buffer;
}

type Writer = Pick<Introduction, 'writer' | 'key'>;

/**
 * Checks entries of one stream on the thread pool, each signature once however many entries stand under it.
 * @returns those that this writer has signed
 */
export async function signedBy<T extends Carrier>(
  entries: readonly T[],
  { writer, key }: Writer,
): Promise<ReadonlySet<T>> {
  const publicKey = keyFrom(key);
  const batches = new Map<string, { readonly signed: Signed; readonly entries: T[] }>();
  for (const entry of entries) {
    const signed = signedOf(writer, entry.bytes, entry.signature);
    if (signed === undefined) continue;
    const batch = batches.get(nameOf(signed));
    if (batch === undefined) batches.set(nameOf(signed), { signed, entries: [entry] });
    else batch.entries.push(entry);
  }
  const genuine = await Promise.all(
    [...batches.values()].map(async (batch) => ((await holds(batch.signed, publicKey)) ? batch.entries : [])),
  );
  return new Set(genuine.flat());
}

/** Checks entry after entry. What is signed together comes together, so that each signature is checked once. */
export class SignatureCheck {
  /** By writer: the last signature that held. */
  readonly #held = new Map<string, string>();

  isSigned({ writer, key }: Writer, envelope: Buffer, stored: Buffer): boolean {
    const signed = signedOf(writer, envelope, stored);
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
