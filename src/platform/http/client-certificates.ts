import type { IncomingMessage } from 'node:http';
import { BlockList, isIPv4, isIPv6 } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { Clock } from '../../kernel/clock.js';
import type { HttpSettings } from '../config/settings.js';
import { type ClientCertificate, NO_CERTIFICATE, readForwarded } from './forwarded-certificate.js';

declare module 'fastify' {
  interface FastifyRequest {
    clientCertificate: ClientCertificate;
  }
}

/**
 * Puts the certificate that a TLS terminator forwards where guards find it, and takes its header away: nobody behind
 * this can mistake one that somebody wrote for one that was verified. It counts only on a connection that a trusted proxy
 * itself has opened, whatever other headers say of who is behind it.
 */
export function addClientCertificates(instance: FastifyInstance, http: HttpSettings, clock: Clock): void {
  instance.decorateRequest('clientCertificate', null, []);
  const { mutualTls, trustedProxies } = http;
  const header = mutualTls?.header.toLowerCase() ?? '';
  const isProxy = addressesOf(trustedProxies);
  const certificateOf = ({ headers, socket }: IncomingMessage): ClientCertificate => {
    const value = headers[header];
    if (mutualTls === undefined || value === undefined || value === '') return NO_CERTIFICATE;
    Reflect.deleteProperty(headers, header);
    return isProxy(socket.remoteAddress ?? '')
      ? readForwarded(String(value), mutualTls.format, clock.now())
      : { kind: 'refused', reason: 'certificate_untrusted' };
  };
  instance.addHook('onRequest', (request, _, done) => {
    request.clientCertificate = certificateOf(request.raw);
    done();
  });
}

/** @param networks as `TRUSTED_PROXIES` has them */
function addressesOf(networks: readonly string[]): (address: string) => boolean {
  const known = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    const family = isIPv4(address) ? 'ipv4' : 'ipv6';
    if (bits === undefined) known.addAddress(address, family);
    else known.addSubnet(address, Number(bits), family);
  }
  return (address) =>
    (isIPv4(address) && known.check(address, 'ipv4')) || (isIPv6(address) && known.check(address, 'ipv6'));
}
