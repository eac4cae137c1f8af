import { hash, type JsonWebKey, type KeyObject, X509Certificate } from 'node:crypto';
import type { JWK } from 'jose';
import { Failure } from '../../../kernel/errors.js';
import type { JsonWebKeySet } from './client-metadata.js';

const LEAST_RSA_BITS = 2_048;
const CURVES: readonly unknown[] = ['prime256v1', 'secp384r1', 'secp521r1'];
const BLOCK = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** RFC 8705 §3.1: SHA-256 over the whole certificate, in base64url. */
export const certificateThumbprint = ({ raw }: Pick<X509Certificate, 'raw'>): string =>
  hash('sha256', raw, 'base64url');

/** The same of a key that stands for its certificate; none for any other key. */
export function thumbprintOfKey({ x5c }: JWK): string | undefined {
  const [first] = x5c ?? [];
  return first === undefined ? undefined : certificateThumbprint({ raw: Buffer.from(first, 'base64') });
}

/**
 * The key set of a file of PEM certificates, each under its thumbprint.
 * @throws Failure `invalid_request` for a file without one, or with one that cannot be read
 */
export function parseCertificates(text: string): JsonWebKeySet {
  const keys = (text.match(BLOCK) ?? []).map((block) => {
    const certificate = read(block, '/certificates');
    return { ...jwkOf(certificate), kid: certificateThumbprint(certificate) };
  });
  if (keys.length === 0) refuse('/certificates', 'This is no file of PEM certificates.');
  return { keys };
}

/**
 * One key of a client that is recognised by its certificate (RFC 8705 §2.2.2).
 * @returns the key of the certificate that comes first in `x5c`, with nothing of its authorities
 * @throws Failure `invalid_request`
 */
export function readCertificateKey(key: JWK, kid: string, pointer: string, now: Date): JWK {
  const [first] = key.x5c ?? [];
  if (typeof first !== 'string') refuse(pointer, 'A key needs its certificate in "x5c".');
  const certificate = read(Buffer.from(first, 'base64'), pointer);
  if (!isStrong(certificate.publicKey))
    refuse(pointer, 'A certificate is for P-256, P-384, P-521, Ed25519, or RSA of 2,048 bits or more.');
  if (certificate.validToDate < now) refuse(pointer, 'The certificate has expired.');
  const clean = jwkOf(certificate);
  if (key.kty !== clean.kty || [key.x, key.y, key.n].join() !== [clean.x, clean.y, clean.n].join())
    refuse(pointer, 'The certificate in "x5c" is for another key.');
  return { ...clean, kid };
}

function read(text: string | Buffer, pointer: string): X509Certificate {
  try {
    return new X509Certificate(text);
  } catch (cause) {
    refuse(pointer, 'The certificate cannot be read.', cause);
  }
}

function jwkOf(certificate: X509Certificate): JWK & Pick<JsonWebKey, 'kty'> {
  const { kty = '', ...members } = certificate.publicKey.export({ format: 'jwk' });
  return { kty, ...members, use: 'sig', x5c: [certificate.raw.toString('base64')] };
}

function isStrong({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): boolean {
  if (asymmetricKeyType === 'rsa') return (asymmetricKeyDetails?.modulusLength ?? 0) >= LEAST_RSA_BITS;
  return (
    asymmetricKeyType === 'ed25519' ||
    (asymmetricKeyType === 'ec' && CURVES.includes(asymmetricKeyDetails?.namedCurve))
  );
}

function refuse(pointer: string, detail: string, cause?: unknown): never {
  throw new Failure('invalid_request', { detail, cause, fields: [{ pointer, code: 'invalid', detail }] });
}
