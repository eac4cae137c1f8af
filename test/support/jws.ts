import {
  constants,
  createHash,
  createHmac,
  generateKeyPairSync,
  type JsonWebKey,
  type KeyObject,
  sign,
} from 'node:crypto';

/** A key pair that signs by any algorithm of RFC 7518, the right ones and those that must be refused. */
export interface JwsKey {
  readonly alg: string;
  readonly privateKey: KeyObject;
  readonly privateJwk: JsonWebKey;
  readonly publicJwk: JsonWebKey;
}

const PAIRS: Readonly<Record<string, () => { privateKey: KeyObject; publicKey: KeyObject }>> = {
  ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  ES384: () => generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  EdDSA: () => generateKeyPairSync('ed25519'),
  Ed25519: () => generateKeyPairSync('ed25519'),
  RS256: () => generateKeyPairSync('rsa', { modulusLength: 2_048 }),
  PS256: () => generateKeyPairSync('rsa', { modulusLength: 2_048 }),
};

/** @param alg one of RFC 7518, or `none`, which signs nothing and shows a key of ES256 */
export function jwsKey(alg: string, pair = (PAIRS[alg] ?? PAIRS['ES256'])?.()): JwsKey {
  if (pair === undefined) throw new Error(`There is no key for ${alg}.`);
  const { privateKey, publicKey } = pair;
  return {
    alg,
    privateKey,
    privateJwk: privateKey.export({ format: 'jwk' }),
    publicJwk: publicKey.export({ format: 'jwk' }),
  };
}

/** An RSA key for PS256 that is too short for it (RFC 7518 §3.5). */
export const shortKey = (): JwsKey => jwsKey('PS256', generateKeyPairSync('rsa', { modulusLength: 1_024 }));

/** A JWS in compact form of exactly this header and content, whatever sense they make. */
export function jws(header: object, content: object, key: JwsKey): string {
  const [head, body] = [header, content].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64url'),
  );
  const input = `${head}.${body}`;
  return `${input}.${signature(input, key).toString('base64url')}`;
}

function signature(input: string, { alg, privateKey, publicJwk }: JwsKey): Buffer {
  const bytes = Buffer.from(input);
  switch (alg) {
    case 'none':
      return Buffer.alloc(0);
    // The mistake that makes a public key a shared secret.
    case 'HS256':
      return createHmac('sha256', JSON.stringify(publicJwk)).update(bytes).digest();
    case 'EdDSA':
    case 'Ed25519':
      return sign(null, bytes, privateKey);
    case 'PS256':
      return sign('sha256', bytes, {
        key: privateKey,
        padding: constants.RSA_PKCS1_PSS_PADDING,
        saltLength: 32,
      });
    case 'RS256':
      return sign('sha256', bytes, privateKey);
    default:
      return sign(alg === 'ES384' ? 'sha384' : 'sha256', bytes, {
        key: privateKey,
        dsaEncoding: 'ieee-p1363',
      });
  }
}

/** `ath` of RFC 9449 §4.2. */
export const accessTokenHash = (token: string): string =>
  createHash('sha256').update(token).digest('base64url');
