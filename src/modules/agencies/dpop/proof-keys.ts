import { calculateJwkThumbprint, type CryptoKey, EmbeddedJWK, errors, type JWTHeaderParameters } from 'jose';

/** The key that a proof carries. */
export interface ProofKey {
  /** The part of the header that it was read from. */
  readonly name: string;
  readonly publicKey: CryptoKey;
  /** RFC 7638. */
  readonly thumbprint: string;
}

/** More clients than call one process within minutes. */
const MOST = 1_000;
const KNOWN = new Map<string, ProofKey>();

/** @throws JOSEError when the header carries no public key */
export async function embeddedKey({ alg, jwk }: JWTHeaderParameters): Promise<ProofKey> {
  if (jwk === undefined) throw new errors.JWSInvalid('The header has no key.');
  const name = JSON.stringify([alg, jwk]);
  const known = KNOWN.get(name);
  if (known !== undefined) return known;
  const [publicKey, thumbprint] = await Promise.all([EmbeddedJWK({ alg, jwk }), calculateJwkThumbprint(jwk)]);
  return { name, publicKey, thumbprint };
}

/**
 * A program signs all of its proofs with one key, and to read that key costs more than to verify with it: each that has
 * signed something is read once. What is remembered follows from the header alone, and says nothing of whose key it is.
 */
export function remember(key: ProofKey): void {
  if (KNOWN.has(key.name)) return;
  if (KNOWN.size >= MOST) KNOWN.clear();
  KNOWN.set(key.name, key);
}
