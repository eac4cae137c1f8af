import { createHash } from 'node:crypto';
import { calculateJwkThumbprint, EmbeddedJWK, type JWTHeaderParameters, jwtVerify } from 'jose';
import { CLIENT_ALGORITHMS } from '../clients/client-keys.js';

/** Proofs older or younger than this are refused, whatever their nonce says. */
export const PROOF_WINDOW_SECONDS = 60;

const MOST_CHARACTERS = 8_192;

export interface ProofContext {
  readonly method: string;
  /** The request's address as clients know it, without query and fragment. */
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

/** @returns why a proof is refused, as a code for the ledger */
export type ProofProblem =
  'proof_malformed' | 'proof_method' | 'proof_url' | 'proof_time' | 'proof_token' | 'proof_identifier';

/**
 * Checks a DPoP proof, point by point as RFC 9449 §4.3 lists them. Nonce, replay and the token's binding are left
 * to the caller, who knows them.
 */
export async function checkProof(proof: string, context: ProofContext): Promise<Proof | ProofProblem> {
  if (proof.length > MOST_CHARACTERS) return 'proof_malformed';
  let payload: Record<string, unknown>;
  let header: JWTHeaderParameters;
  try {
    const verified = await jwtVerify(proof, EmbeddedJWK, {
      typ: 'dpop+jwt',
      algorithms: [...CLIENT_ALGORITHMS],
      currentDate: context.now,
      clockTolerance: PROOF_WINDOW_SECONDS,
    });
    payload = verified.payload;
    header = verified.protectedHeader;
  } catch {
    return 'proof_malformed';
  }
  const { jti, htm, htu, iat, ath, nonce } = payload;
  if (header.jwk === undefined || typeof jti !== 'string' || jti === '' || jti.length > 256)
    return 'proof_identifier';
  if (htm !== context.method) return 'proof_method';
  if (typeof htu !== 'string' || normalised(htu) !== normalised(context.url)) return 'proof_url';
  const age =
    typeof iat === 'number' ? Math.abs(context.now.getTime() / 1_000 - iat) : Number.POSITIVE_INFINITY;
  if (age > PROOF_WINDOW_SECONDS) return 'proof_time';
  if (ath !== createHash('sha256').update(context.accessToken).digest('base64url')) return 'proof_token';
  if (nonce !== undefined && typeof nonce !== 'string') return 'proof_malformed';
  return { thumbprint: await calculateJwkThumbprint(header.jwk), jti, nonce };
}

/** Scheme and host in lower case, default port and query gone (RFC 9449 §4.3, RFC 3986 §6.2). */
function normalised(url: string): string | undefined {
  const parsed = URL.parse(url);
  return parsed === null ? undefined : `${parsed.origin}${parsed.pathname}`;
}
