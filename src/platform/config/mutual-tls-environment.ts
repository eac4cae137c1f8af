import type { VariableReader } from './key-provider-environment.js';
import type { MutualTlsSettings } from './settings.js';

/** Where agencies' programs come with a certificate, and how what ends their TLS passes it on; off unless told where. */
export function readMutualTls(
  read: VariableReader,
  trustedProxies: readonly string[],
): MutualTlsSettings | undefined {
  const header = read.required('MTLS_CERTIFICATE_HEADER');
  read.expect('MTLS_CERTIFICATE_HEADER', isForwarded(header), 'the name of a header that nothing else uses');
  const format = read.oneOf('MTLS_CERTIFICATE_FORMAT', ['rfc9440', 'escaped-pem']);
  if (read.text('MTLS_URL') === '') return undefined;
  const url = read.url('MTLS_URL', ['http:', 'https:']).replace(/\/+$/, '');
  read.expect(
    'TRUSTED_PROXIES',
    trustedProxies.length > 0,
    'set when MTLS_URL is: a certificate counts from nobody else',
  );
  return { url, header, format };
}

/** As a precaution against taking away what the product itself reads. */
function isForwarded(header: string): boolean {
  return /^[a-z][a-z0-9-]{0,63}$/i.test(header) && /cert/i.test(header);
}
