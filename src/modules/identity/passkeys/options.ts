import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/server';
import type { PasskeyCredential } from '../persistence/places.js';
import { ALGORITHMS } from './ceremony.js';
import { CHALLENGE_LIFETIME_MS } from './challenges.js';

export interface CreationWish {
  readonly rpId: string;
  readonly challenge: string;
  /** What the authenticator shall know the account by, in base64url. */
  readonly userHandle: string;
  /** What it shows its owner, who knows it. */
  readonly userName: string;
  /** Passkeys whose authenticators shall not make another. */
  readonly known: readonly PasskeyCredential[];
}

/** For `navigator.credentials.create` (WebAuthn §5.4). The passkey is to be discoverable: it is never listed to anyone. */
export function creationOptions(wish: CreationWish): PublicKeyCredentialCreationOptionsJSON {
  return {
    rp: { id: wish.rpId, name: 'Sceau' },
    user: { id: wish.userHandle, name: wish.userName, displayName: wish.userName },
    challenge: wish.challenge,
    pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: 'public-key' as const, alg })),
    timeout: CHALLENGE_LIFETIME_MS,
    excludeCredentials: wish.known.map(({ id, transports }) => ({
      type: 'public-key' as const,
      id,
      transports: [...transports],
    })),
    authenticatorSelection: {
      residentKey: 'required',
      requireResidentKey: true,
      userVerification: 'required',
    },
    attestation: 'none',
  };
}

/**
 * For `navigator.credentials.get` (WebAuthn §5.5). No account's passkeys are listed: an authenticator offers those that
 * it has for the domain, and the answer says nothing about anybody.
 */
export function requestOptions(rpId: string, challenge: string): PublicKeyCredentialRequestOptionsJSON {
  return {
    challenge,
    rpId,
    timeout: CHALLENGE_LIFETIME_MS,
    allowCredentials: [],
    userVerification: 'required',
  };
}
