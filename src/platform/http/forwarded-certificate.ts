import { X509Certificate } from 'node:crypto';
import type { CertificateFormat } from '../config/settings.js';

/** What a request says of its caller's TLS certificate (RFC 8705). */
export type ClientCertificate =
  | { readonly kind: 'none' }
  | { readonly kind: 'presented'; readonly certificate: X509Certificate }
  | { readonly kind: 'refused'; readonly reason: CertificateProblem };

/** Why a forwarded certificate counts for nothing, as a code for the ledger. */
export type CertificateProblem = 'certificate_untrusted' | 'certificate_unreadable' | 'certificate_expired';

export const NO_CERTIFICATE: ClientCertificate = { kind: 'none' };

const PEM = /^-----BEGIN CERTIFICATE-----\s+([A-Za-z0-9+/=\s]+?)\s*-----END CERTIFICATE-----\s*$/;

/** A byte sequence of RFC 8941 §3.3.5, padded as base64 is. */
const BYTES = /^:((?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?):$/;

/**
 * Reads the certificate that a TLS terminator has forwarded. That its holder has the key, the terminator has seen to;
 * whose it is, whoever registered or bound it knows.
 * @param value the header as it came
 */
export function readForwarded(value: string, format: CertificateFormat, now: Date): ClientCertificate {
  const certificate = parse(value.trim(), format);
  if (certificate === undefined) return { kind: 'refused', reason: 'certificate_unreadable' };
  return isValidAt(certificate, now)
    ? { kind: 'presented', certificate }
    : { kind: 'refused', reason: 'certificate_expired' };
}

/** RFC 5280 §4.1.2.5: both ends included. */
function isValidAt({ validFromDate, validToDate }: X509Certificate, now: Date): boolean {
  return validFromDate <= now && now <= validToDate;
}

function parse(value: string, format: CertificateFormat): X509Certificate | undefined {
  try {
    const base64 = format === 'rfc9440' ? BYTES.exec(value)?.[1] : PEM.exec(decodeURIComponent(value))?.[1];
    if (base64 === undefined || base64 === '') return undefined;
    const der = Buffer.from(base64, 'base64');
    const certificate = new X509Certificate(der);
    // Node reads one certificate and minds nothing that follows it.
    return certificate.raw.equals(der) ? certificate : undefined;
  } catch {
    return undefined;
  }
}
