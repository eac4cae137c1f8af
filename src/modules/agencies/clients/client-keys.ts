import { importJWK, type JWK } from 'jose';
import { Failure } from '../../../kernel/errors.js';
import { SIGNATURE_ALGORITHMS, type SignatureAlgorithm } from '../algorithms.js';
import { readCertificateKey } from './client-certificates.js';
import type { JsonWebKeySet, NewClient } from './client-metadata.js';

const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];
export const MOST_KEYS = 10;
const MOST_ID_CHARACTERS = 128;
const LEAST_RSA_BYTES = 256;

/** Which public key each algorithm takes (RFC 7518 §6, RFC 8037 §2), and the members that make it up. */
const KINDS = {
  ES256: { kty: 'EC', crv: 'P-256', members: ['crv', 'x', 'y'] },
  PS256: { kty: 'RSA', crv: undefined, members: ['n', 'e'] },
  EdDSA: { kty: 'OKP', crv: 'Ed25519', members: ['crv', 'x'] },
  Ed25519: { kty: 'OKP', crv: 'Ed25519', members: ['crv', 'x'] },
} as const satisfies Record<SignatureAlgorithm, object>;

const NO_KEY_SET = 'This is no JSON Web Key Set: {"keys": [...]}.';

/** @throws Failure `invalid_request` when the text is no JSON Web Key Set (RFC 7517 §5) */
export function parseKeySet(text: string): JsonWebKeySet {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    refuse('/jwks', NO_KEY_SET, cause);
  }
  return readKeySet(parsed);
}

/** @throws Failure `invalid_request` when the value is no JSON Web Key Set */
export function readKeySet(value: unknown): JsonWebKeySet {
  if (!isKeySet(value)) refuse('/jwks', NO_KEY_SET);
  return value;
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Members of the keys are checked one by one by `readClientKeys`. */
function isKeySet(value: unknown): value is JsonWebKeySet {
  return isObject(value) && 'keys' in value && Array.isArray(value.keys) && value.keys.every(isObject);
}

/**
 * Checks the key set of a client: public keys only, each with an id of its own and an allowed algorithm or, of a client
 * that is recognised by certificates, with its certificate.
 * @returns the same keys with nothing but what verifying needs
 * @throws Failure `invalid_request` that says what is wrong and never quotes the key
 */
export async function readClientKeys(
  { jwks, possession }: Pick<NewClient, 'jwks' | 'possession'>,
  now: Date,
): Promise<JsonWebKeySet> {
  if (jwks.keys.length === 0 || jwks.keys.length > MOST_KEYS)
    refuse('/jwks/keys', 'A client has 1 to 10 keys.');
  const ids = jwks.keys.map((key) => key.kid);
  if (new Set(ids).size !== ids.length) refuse('/jwks/keys', 'Each key needs a "kid" of its own.');
  const isOfCertificates = possession === 'mutual_tls';
  return {
    keys: await Promise.all(
      jwks.keys.map(async (key, index) => {
        const pointer = `/jwks/keys/${index}`;
        const kid = readKeyId(key, pointer);
        return isOfCertificates ? readCertificateKey(key, kid, pointer, now) : readKey(key, kid, pointer);
      }),
    ),
  };
}

function readKeyId(key: JWK, pointer: string): string {
  const { kid } = key;
  if (PRIVATE_MEMBERS.some((member) => member in key))
    refuse(pointer, 'This is a private key: register its public half only, and make a new one.');
  if (typeof kid !== 'string' || kid === '' || kid.length > MOST_ID_CHARACTERS)
    refuse(pointer, 'A key needs a "kid" of 1 to 128 characters.');
  return kid;
}

async function readKey(key: JWK, kid: string, pointer: string): Promise<JWK> {
  const alg = SIGNATURE_ALGORITHMS.find((allowed) => allowed === key.alg);
  if (alg === undefined) refuse(pointer, `A key needs an "alg" of ${SIGNATURE_ALGORITHMS.join(', ')}.`);
  const { kty, crv, members } = KINDS[alg];
  if (key.kty !== kty || key.crv !== crv) refuse(pointer, `${alg} takes another kind of key.`);
  if (key.use !== undefined && key.use !== 'sig') refuse(pointer, 'A key is for signatures: "use" is "sig".');
  if (kty === 'RSA' && Buffer.from(key.n ?? '', 'base64url').length < LEAST_RSA_BYTES)
    refuse(pointer, 'An RSA key has 2,048 bits or more.');
  const clean: JWK = { kty, kid, alg, use: 'sig', ...pick(key, members) };
  try {
    await importJWK(clean, alg);
  } catch (cause) {
    refuse(pointer, 'The key cannot be read.', cause);
  }
  return clean;
}

function pick(key: JWK, members: readonly ('crv' | 'x' | 'y' | 'n' | 'e')[]): Partial<JWK> {
  return Object.fromEntries(members.map((member) => [member, key[member]]));
}

function refuse(pointer: string, detail: string, cause?: unknown): never {
  throw new Failure('invalid_request', { detail, cause, fields: [{ pointer, code: 'invalid', detail }] });
}
