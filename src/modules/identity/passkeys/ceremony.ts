import {
  type AuthenticationResponseJSON,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
  type WebAuthnCredential,
} from '@simplewebauthn/server';

/** Whose passkeys are asked for, and from where. */
export interface RelyingParty {
  /** The domain that passkeys are bound to (WebAuthn §5.1.2). */
  readonly rpId: string;
  /** Where the pages are that may ask for them. */
  readonly origins: readonly string[];
}

/** COSE algorithms that are taken, the preferred ones first: EdDSA, ES256, RS256. */
export const ALGORITHMS: readonly number[] = [-8, -7, -257];

/** No attestation is asked for, so a browser passes on none or the authenticator's own (WebAuthn §5.4.7). */
const FORMATS: ReadonlySet<string> = new Set(['none', 'packed']);

/** An assertion that is signed as it should be; whether it was asked for and is new is not decided yet. */
export interface Assertion {
  readonly challenge: string;
  readonly counter: number;
}

export interface Attestation {
  readonly credential: WebAuthnCredential;
}

/**
 * Checks a registration (WebAuthn §7.1), with the user verified.
 * @returns `undefined` for one that is wrong in whatever way
 */
export async function checkAttestation(
  { rpId, origins }: RelyingParty,
  response: RegistrationResponseJSON,
  isExpected: (challenge: string) => Promise<boolean>,
): Promise<Attestation | undefined> {
  if (isEmbedded(response.response.clientDataJSON)) return undefined;
  try {
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response,
      expectedChallenge: isExpected,
      expectedOrigin: [...origins],
      expectedRPID: rpId,
      requireUserVerification: true,
      supportedAlgorithmIDs: [...ALGORITHMS],
    });
    return verified && FORMATS.has(registrationInfo.fmt)
      ? { credential: registrationInfo.credential }
      : undefined;
  } catch {
    // The library throws on whatever it does not accept; to us all of it is wrong.
    return undefined;
  }
}

/**
 * Checks an assertion (WebAuthn §7.2) but for its challenge and counter, with the user verified.
 * @returns `undefined` for one that is wrong in whatever way
 */
export async function checkAssertion(
  { rpId, origins }: RelyingParty,
  response: AuthenticationResponseJSON,
  credential: WebAuthnCredential,
): Promise<Assertion | undefined> {
  if (isEmbedded(response.response.clientDataJSON)) return undefined;
  let challenge = '';
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response,
      expectedChallenge: (presented) => {
        challenge = presented;
        return true;
      },
      expectedOrigin: [...origins],
      expectedRPID: rpId,
      // The counter is compared under the row's lock, where no other use comes between.
      credential: { ...credential, counter: 0 },
      requireUserVerification: true,
    });
    return verified ? { challenge, counter: authenticationInfo.newCounter } : undefined;
  } catch {
    return undefined;
  }
}

/** Whether somebody else's page had ours in a frame (WebAuthn §5.8.1): the library lets some of these pass. */
function isEmbedded(clientDataJson: string): boolean {
  try {
    const data: unknown = JSON.parse(Buffer.from(clientDataJson, 'base64url').toString('utf8'));
    return typeof data === 'object' && data !== null && 'crossOrigin' in data && data.crossOrigin === true;
  } catch {
    return true;
  }
}
