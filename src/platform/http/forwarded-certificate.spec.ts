import { X509Certificate } from 'node:crypto';
import { selfSigned } from '../../../test/support/key-services/certificate.js';
import { readForwarded } from './forwarded-certificate.js';

const NOW = Date.UTC(2026, 10, 25, 10);
const HALF_A_DAY = 43_200_000;
const { certificate: pem } = selfSigned(NOW);
const { raw } = new X509Certificate(pem);
const base64 = raw.toString('base64');

const at = (value: string, format: 'rfc9440' | 'escaped-pem' = 'rfc9440', now = NOW): string => {
  const read = readForwarded(value, format, new Date(now));
  if (read.kind === 'presented') return read.certificate.raw.equals(raw) ? 'this' : 'another';
  return read.kind === 'refused' ? read.reason : read.kind;
};

describe('a certificate that is forwarded', () => {
  it.each([
    ['as RFC 9440 writes it', `:${base64}:`, 'rfc9440'],
    ['as nginx escapes it', encodeURIComponent(pem), 'escaped-pem'],
    [
      'as AWS escapes it, but for + and /',
      encodeURIComponent(pem).replaceAll('%2F', '/').replaceAll('%2B', '+'),
      'escaped-pem',
    ],
  ] as const)('is read %s', (_, value, format) => {
    expect(at(value, format)).toBe('this');
  });

  it.each([
    ['from its first second', -HALF_A_DAY, 'this'],
    ['to its last', HALF_A_DAY, 'this'],
    ['and not before', -HALF_A_DAY - 1_000, 'certificate_expired'],
    ['nor after', HALF_A_DAY + 1_000, 'certificate_expired'],
  ])('counts %s', (_, later, outcome) => {
    expect(at(`:${base64}:`, 'rfc9440', NOW + later)).toBe(outcome);
  });

  const escaped = encodeURIComponent(pem);
  it.each([
    ['without its colons', base64, 'rfc9440'],
    ['of nothing', '::', 'rfc9440'],
    ['twice', `:${base64}:, :${base64}:`, 'rfc9440'],
    ['cut off', `:${base64.slice(0, -8)}:`, 'rfc9440'],
    ['with more after it', `:${Buffer.concat([raw, raw]).toString('base64')}:`, 'rfc9440'],
    ['in another alphabet', `:${raw.toString('base64url')}:`, 'rfc9440'],
    ['in the other format', escaped, 'rfc9440'],
    ['in the other format, the other way', `:${base64}:`, 'escaped-pem'],
    ['with its chain', `${escaped}${escaped}`, 'escaped-pem'],
    ['that is a key', encodeURIComponent(selfSigned(NOW).key), 'escaped-pem'],
    ['with an escape that is none', `${escaped}%zz`, 'escaped-pem'],
    ['that is text', 'SUCCESS', 'escaped-pem'],
  ] as const)('is unreadable %s', (_, value, format) => {
    expect(at(value, format)).toBe('certificate_unreadable');
  });
});
