import { X509Certificate } from 'node:crypto';
import { fastify } from 'fastify';
import { MovableClock } from '../../../test/support/clock.js';
import { selfSigned } from '../../../test/support/key-services/certificate.js';
import { addClientCertificates } from './client-certificates.js';

const clock = new MovableClock();
const { certificate: pem } = selfSigned(clock.now().getTime());
const forwarded = `:${new X509Certificate(pem).raw.toString('base64')}:`;
const mutualTls = { url: 'https://mtls.example.fr', header: 'Client-Cert', format: 'rfc9440' } as const;

describe('the header of a forwarded certificate', () => {
  /** What a guard sees of a request whose connection is from 127.0.0.1. */
  async function seenBehind(
    trustedProxies: readonly string[],
    value: string,
    settings: { readonly mutualTls: typeof mutualTls | undefined } = { mutualTls },
  ): Promise<unknown> {
    const instance = fastify();
    const http = { host: '127.0.0.1', port: 0, trustedProxies, ...settings };
    addClientCertificates(instance, http, clock);
    instance.get('/', ({ clientCertificate, headers }) => ({
      says: 'reason' in clientCertificate ? clientCertificate.reason : clientCertificate.kind,
      left: 'client-cert' in headers,
    }));
    const answer = await instance.inject({ url: '/', headers: { 'client-cert': value } });
    await instance.close();
    return answer.json();
  }

  it.each<[string, readonly string[]]>([
    ['its address', ['127.0.0.1']],
    ['its network', ['10.0.0.0/8', '127.0.0.0/8']],
  ])('counts from a trusted proxy, known by %s, and is taken away', async (_, proxies) => {
    expect(await seenBehind(proxies, forwarded)).toEqual({ says: 'presented', left: false });
    expect(await seenBehind(proxies, 'x')).toEqual({ says: 'certificate_unreadable', left: false });
  });

  it.each<[string, readonly string[]]>([
    ['nobody is one', []],
    ['it is another', ['127.0.0.2', '::1', '10.0.0.0/8']],
  ])('counts for nothing when %s, and is taken away', async (_, proxies) => {
    expect(await seenBehind(proxies, forwarded)).toEqual({ says: 'certificate_untrusted', left: false });
  });

  it('is like any other where no certificates are taken', async () => {
    expect(await seenBehind(['127.0.0.1'], forwarded, { mutualTls: undefined })).toEqual({
      says: 'none',
      left: true,
    });
  });
});
