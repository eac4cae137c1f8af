import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import type { Identity } from './local-service.js';

/** Tags of DER (ITU-T X.690) as a certificate (RFC 5280) needs them. */
const [BOOLEAN, INTEGER, BITS, OCTETS, OID, UTF8, TIME, SEQUENCE, SET] = [
  0x01, 0x02, 0x03, 0x04, 0x06, 0x0c, 0x18, 0x30, 0x31,
];

function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const { length } = body;
  if (length < 0x80) return Buffer.concat([Buffer.of(tag, length), body]);
  if (length < 0x100) return Buffer.concat([Buffer.of(tag, 0x81, length), body]);
  return Buffer.concat([Buffer.of(tag, 0x82, length >> 8, length & 0xff), body]);
}

const oid = (hex: string): Buffer => der(OID, Buffer.from(hex, 'hex'));
const COMMON_NAME = oid('550403');
const SUBJECT_ALT_NAME = oid('551d11');
const BASIC_CONSTRAINTS = oid('551d13');
const ECDSA_SHA256 = der(SEQUENCE, oid('2a8648ce3d040302'));

/** A certificate for 127.0.0.1 that is its own authority, valid for a day around the given time. */
export function selfSigned(now = Date.now()): Identity {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = der(
    SEQUENCE,
    der(SET, der(SEQUENCE, COMMON_NAME, der(UTF8, Buffer.from(`Test ${randomBytes(4).toString('hex')}`)))),
  );
  const time = (at: number): Buffer =>
    der(
      TIME,
      Buffer.from(
        new Date(at)
          .toISOString()
          .replace(/\.\d{3}/, '')
          .replaceAll(/[-:T]/g, ''),
      ),
    );
  const extension = (id: Buffer, value: Buffer): Buffer => der(SEQUENCE, id, der(OCTETS, value));
  const body = der(
    SEQUENCE,
    der(0xa0, der(INTEGER, Buffer.of(2))),
    der(INTEGER, Buffer.concat([Buffer.of(1), randomBytes(8)])),
    ECDSA_SHA256,
    name,
    der(SEQUENCE, time(now - 43_200_000), time(now + 43_200_000)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(
      0xa3,
      der(
        SEQUENCE,
        extension(SUBJECT_ALT_NAME, der(SEQUENCE, der(0x87, Buffer.of(127, 0, 0, 1)))),
        extension(BASIC_CONSTRAINTS, der(SEQUENCE, der(BOOLEAN, Buffer.of(0xff)))),
      ),
    ),
  );
  const signature = sign('sha256', body, privateKey);
  const certificate = der(SEQUENCE, body, ECDSA_SHA256, der(BITS, Buffer.of(0), signature));
  const text = certificate.toString('base64').replaceAll(/.{64}(?=.)/g, '$&\n');
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    certificate: `-----BEGIN CERTIFICATE-----\n${text}\n-----END CERTIFICATE-----\n`,
  };
}
