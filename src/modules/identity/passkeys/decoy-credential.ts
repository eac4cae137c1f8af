import { generateKeyPairSync } from 'node:crypto';
import type { WebAuthnCredential } from '@simplewebauthn/server';

/** COSE_Key of an ES256 key up to x, and what stands between x and y (RFC 9053 §7.1.1). */
const BEFORE_X = Buffer.from('a5010203262001215820', 'hex');
const BEFORE_Y = Buffer.from('225820', 'hex');

/** A credential that nobody has, checked where there is none, so that the work is the same. */
export function newDecoyCredential(): WebAuthnCredential {
  const { x = '', y = '' } = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({
    format: 'jwk',
  });
  const publicKey = Buffer.concat([
    BEFORE_X,
    Buffer.from(x, 'base64url'),
    BEFORE_Y,
    Buffer.from(y, 'base64url'),
  ]);
  return { id: '', publicKey: new Uint8Array(publicKey), counter: 0 };
}
