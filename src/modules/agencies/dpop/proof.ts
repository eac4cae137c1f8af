import { hash } from 'node:crypto';
import { type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { SIGNATURE_ALGORITHMS } from '../algorithms.js';
import { embeddedKey, type ProofKey, remember } from './proof-keys.js';

/** How far a proof's own time may be off. The nonce bounds its age more closely; this spares no clock its errors. */
export const PROOF_WINDOW_SECONDS = 300;

const MOST_CHARACTERS = 8_192;
const MOST_IDENTIFIER_CHARACTERS = 256;

/** The request that a proof must have been made for. */
export interface ProofSubject {
  readonly method: string;
  /** The address as clients know it. */
  readonly url: string;
  readonly accessToken: string;
  readonly now: Date;
}

export interface Proof {
  /** RFC 7638 thumbprint of the key that has signed. */
  readonly thumbprint: string;
  readonly jti: string;
  readonly nonce: string | undefined;
}

/** Why a proof is refused, as a code for the ledger. */
export type ProofProblem =
  'proof_malformed' | 'proof_identifier' | 'proof_method' | 'proof_url' | 'proof_time' | 'proof_token';

/**
 * Checks a DPoP proof against the request it came with (RFC 9449 §4.3, points 2 to 11 but for the nonce).
 * The nonce's freshness, the binding of the token and single use are left to the caller, who knows of them.
 */
export async function checkProof(proof: string, subject: ProofSubject): Promise<Proof | ProofProblem> {
  const verified = await verify(proof, subject.now);
  if (verified === undefined) return 'proof_malformed';
  const { thumbprint } = verified.key;
  const { jti, htm, htu, iat, ath, nonce } = verified.payload;
  if (nonce !== undefined && typeof nonce !== 'string') return 'proof_malformed';
  if (typeof jti !== 'string' || jti === '' || jti.length > MOST_IDENTIFIER_CHARACTERS)
    return 'proof_identifier';
  if (htm !== subject.method) return 'proof_method';
  if (typeof htu !== 'string' || !sameAddress(htu, subject.url)) return 'proof_url';
  if (iat === undefined || Math.abs(subject.now.getTime() / 1_000 - iat) > PROOF_WINDOW_SECONDS)
    return 'proof_time';
  if (ath !== hash('sha256', subject.accessToken, 'base64url')) return 'proof_token';
  return { thumbprint, jti, nonce };
}

/** A JWS of the right type and algorithm, signed by the public key that it carries. */
async function verify(
  proof: string,
  now: Date,
): Promise<{ readonly payload: JWTPayload; readonly key: ProofKey } | undefined> {
  if (proof.length > MOST_CHARACTERS) return undefined;
  let key: ProofKey | undefined;
  try {
    const keyOf: JWTVerifyGetKey = async (header) => (key = await embeddedKey(header)).publicKey;
    const { payload } = await jwtVerify(proof, keyOf, {
      typ: 'dpop+jwt',
      algorithms: [...SIGNATURE_ALGORITHMS],
      currentDate: now,
      clockTolerance: PROOF_WINDOW_SECONDS,
    });
    if (key === undefined) return undefined;
    remember(key);
    return { payload, key };
  } catch {
    return undefined;
  }
}

/** Equal after normalisation (RFC 3986 §6.2.2, §6.2.3), query and fragment apart. */
function sameAddress(claimed: string, actual: string): boolean {
  if (claimed === actual.split('?', 1)[0]) return true;
  const [left, right] = [URL.parse(claimed), URL.parse(actual)];
  return (
    left !== null &&
    right !== null &&
    left.origin === right.origin &&
    normalised(left.pathname) === normalised(right.pathname)
  );
}

/** Capital hexadecimal digits, and no escape where none is needed; `URL` sees to the rest. */
function normalised(path: string): string {
  return path.replace(/%[0-9a-f]{2}/gi, (escape) => {
    const character = String.fromCharCode(Number.parseInt(escape.slice(1), 16));
    return /[\w.~-]/.test(character) ? character : escape.toUpperCase();
  });
}
