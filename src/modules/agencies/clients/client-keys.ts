import { importJWK, type JWK } from 'jose';
import { Failure } from '../../../kernel/errors.js';
import type { JsonWebKeySet } from '../persistence/places.js';

/** FAPI 2.0 Security Profile §5.4: what clients may sign with. */
export const CLIENT_ALGORITHMS = ['ES256', 'EdDSA', 'PS256'] as const;

const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k'];
const MOST_KEYS = 10;

/**
 * Checks the key set of a client: public keys only, each with an id of its own and an allowed algorithm.
 * @throws Failure `invalid_request` that names what is wrong, never the key
 */
export async function checkClientKeys({ keys }: JsonWebKeySet): Promise<void> {
  if (!Array.isArray(keys) || keys.length === 0 || keys.length > MOST_KEYS)
    refuse('A client has 1 to 10 keys.');
  const ids = keys.map((key) => key.kid);
  if (ids.some((id) => typeof id !== 'string' || id === '') || new Set(ids).size !== ids.length) {
    refuse('Each key needs a "kid" of its own.');
  }
  for (const key of keys) await checkKey(key);
}

async function checkKey(key: JWK): Promise<void> {
  if (PRIVATE_MEMBERS.some((member) => member in key))
    refuse('A private key was given: register the public half only.');
  const algorithm = CLIENT_ALGORITHMS.find((allowed) => allowed === key.alg);
  if (algorithm === undefined) refuse(`Each key needs an "alg" of ${CLIENT_ALGORITHMS.join(', ')}.`);
  if (key.kty === 'RSA' && Buffer.from(key.n ?? '', 'base64url').length < 256)
    refuse('An RSA key needs 2,048 bits.');
  try {
    await importJWK(key, key.alg);
  } catch (cause) {
    refuse('A key cannot be read.', cause);
  }
}

function refuse(detail: string, cause?: unknown): never {
  throw new Failure('invalid_request', {
    detail,
    cause,
    fields: [{ pointer: '/jwks', code: 'invalid', detail }],
  });
}
