import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { type Cbor, encodeCbor } from './software-authenticator-cbor.js';

export type Algorithm = 'ES256' | 'EdDSA';

export interface SoftwareAuthenticatorOptions {
  readonly algorithm?: Algorithm;
  /** `packed`: its own key attests, with no certificate (WebAuthn §8.2). */
  readonly attestation?: 'none' | 'packed';
  /** Whether it counts its signatures; synchronised passkeys do not. */
  readonly counts?: boolean;
  /** Of the page that it is used on. */
  readonly origin?: string;
}

/** What a dishonest client or authenticator does otherwise. */
export interface Deviation {
  readonly origin?: string;
  readonly rpId?: string;
  readonly challenge?: string;
  readonly type?: string;
  readonly crossOrigin?: boolean;
  readonly isUserPresent?: boolean;
  readonly isUserVerified?: boolean;
  readonly counter?: number;
  /** `null` as of an authenticator that keeps none. */
  readonly userHandle?: string | null;
}

const ORIGIN = 'https://sceau.localhost';

const FLAG = { userPresent: 0x01, userVerified: 0x04, attested: 0x40 } as const;
const COSE_ALGORITHM: Readonly<Record<Algorithm, number>> = { ES256: -7, EdDSA: -8 };

interface Asked {
  readonly challenge: string;
  readonly rpId: string;
}

/** A browser and its authenticator in one: makes one passkey, and signs with it what a real one would sign. */
export class SoftwareAuthenticator {
  readonly credentialId = randomBytes(32);
  readonly #algorithm: Algorithm;
  readonly #attestation: 'none' | 'packed';
  readonly #counts: boolean;
  readonly #origin: string;
  readonly #privateKey: KeyObject;
  readonly #publicKey: KeyObject;
  #counter = 0;
  #userHandle = '';

  constructor({
    algorithm = 'ES256',
    attestation = 'none',
    counts = true,
    origin = ORIGIN,
  }: SoftwareAuthenticatorOptions = {}) {
    this.#algorithm = algorithm;
    this.#attestation = attestation;
    this.#counts = counts;
    this.#origin = origin;
    const { privateKey, publicKey } =
      algorithm === 'ES256'
        ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
        : generateKeyPairSync('ed25519');
    this.#privateKey = privateKey;
    this.#publicKey = publicKey;
  }

  /** Answers `navigator.credentials.create`. @param options as the API gave them */
  create(options: unknown, deviation: Deviation = {}): object {
    this.#userHandle = textAt(options, 'user', 'id');
    const asked = { challenge: textAt(options, 'challenge'), rpId: textAt(options, 'rp', 'id') };
    const clientData = clientDataOf('webauthn.create', asked, { origin: this.#origin, ...deviation });
    const length = Buffer.alloc(2);
    length.writeUInt16BE(this.credentialId.length);
    const attested = Buffer.concat([
      Buffer.alloc(16),
      length,
      this.credentialId,
      encodeCbor(this.#coseKey()),
    ]);
    const authData = Buffer.concat([this.#authenticatorData(asked, deviation, FLAG.attested), attested]);
    const statement = new Map<string, Cbor>(
      this.#attestation === 'none'
        ? []
        : [
            ['alg', COSE_ALGORITHM[this.#algorithm]],
            ['sig', this.#sign(authData, clientData)],
          ],
    );
    const attestationObject = encodeCbor(
      new Map<string, Cbor>([
        ['fmt', this.#attestation],
        ['attStmt', statement],
        ['authData', authData],
      ]),
    );
    return this.#credential({
      clientDataJSON: clientData.toString('base64url'),
      attestationObject: attestationObject.toString('base64url'),
      transports: ['internal'],
    });
  }

  /** Answers `navigator.credentials.get`. @param options as the API gave them */
  get(options: unknown, deviation: Deviation = {}): Record<string, unknown> {
    const asked = { challenge: textAt(options, 'challenge'), rpId: textAt(options, 'rpId') };
    const clientData = clientDataOf('webauthn.get', asked, { origin: this.#origin, ...deviation });
    const authData = this.#authenticatorData(asked, deviation, 0);
    const { userHandle = this.#userHandle } = deviation;
    return this.#credential({
      clientDataJSON: clientData.toString('base64url'),
      authenticatorData: authData.toString('base64url'),
      signature: this.#sign(authData, clientData).toString('base64url'),
      ...(userHandle === null ? {} : { userHandle }),
    });
  }

  #credential(response: object): Record<string, unknown> {
    const id = this.credentialId.toString('base64url');
    return {
      id,
      rawId: id,
      type: 'public-key',
      authenticatorAttachment: 'platform',
      clientExtensionResults: {},
      response,
    };
  }

  /** §6.1: hash of the RP id, flags, counter. */
  #authenticatorData(asked: Asked, deviation: Deviation, flags: number): Buffer {
    if (this.#counts) this.#counter += 1;
    const { rpId = asked.rpId, isUserPresent = true, isUserVerified = true } = deviation;
    const rest = Buffer.alloc(5);
    rest.writeUInt8(
      flags | (isUserPresent ? FLAG.userPresent : 0) | (isUserVerified ? FLAG.userVerified : 0),
    );
    rest.writeUInt32BE(deviation.counter ?? this.#counter, 1);
    return Buffer.concat([createHash('sha256').update(rpId).digest(), rest]);
  }

  #sign(authenticatorData: Buffer, clientData: Buffer): Buffer {
    const signed = Buffer.concat([authenticatorData, createHash('sha256').update(clientData).digest()]);
    return sign(this.#algorithm === 'ES256' ? 'sha256' : null, signed, this.#privateKey);
  }

  /** RFC 9053 §7: the public key as a map of labels. */
  #coseKey(): Cbor {
    const { x = '', y = '' } = this.#publicKey.export({ format: 'jwk' });
    const algorithm = COSE_ALGORITHM[this.#algorithm];
    const point = [
      [-2, Buffer.from(x, 'base64url')],
      ...(this.#algorithm === 'ES256' ? [[-3, Buffer.from(y, 'base64url')] as const] : []),
    ] as const;
    const [kty, curve] = this.#algorithm === 'ES256' ? [2, 1] : [1, 6];
    return new Map<number, Cbor>([[1, kty], [3, algorithm], [-1, curve], ...point]);
  }
}

/** §5.8.1 */
function clientDataOf(
  type: string,
  asked: Asked,
  deviation: Deviation & { readonly origin: string },
): Buffer {
  return Buffer.from(
    JSON.stringify({
      type: deviation.type ?? type,
      challenge: deviation.challenge ?? asked.challenge,
      origin: deviation.origin,
      crossOrigin: deviation.crossOrigin ?? false,
    }),
  );
}

function textAt(options: unknown, ...path: readonly string[]): string {
  const found = path.reduce<unknown>(
    (node, name) => (typeof node === 'object' && node !== null ? Reflect.get(node, name) : undefined),
    options,
  );
  if (typeof found !== 'string') throw new Error(`The options have no ${path.join('.')}.`);
  return found;
}
