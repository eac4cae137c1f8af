import { Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import { isPublicAddress } from './public-address.js';

/** The network that others have us send to. Only a test has another one than the Internet. */
export abstract class OutboundNetwork {
  /**
   * Every address of a host, which may be an address itself.
   * @throws an error of the name service, or returns none
   */
  abstract resolve(host: string): Promise<readonly string[]>;
  /** Whether anything may be sent there. */
  abstract permits(address: string, port: number): boolean;
}

/** Of HTTPS, and its usual second: no other service is knocked at. */
const PORTS = new Set([443, 8443]);
const DNS_LIMITS = { timeout: 1_500, tries: 2 };

/**
 * Names are asked of DNS alone, never of this machine's own files, and without the threads that files and passwords
 * need: a name server that does not answer delays nobody else.
 */
export class PublicInternet extends OutboundNetwork {
  override async resolve(host: string): Promise<readonly string[]> {
    if (isIP(host) !== 0) return [host];
    const resolver = new Resolver(DNS_LIMITS);
    const answers = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
    return answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  }

  override permits(address: string, port: number): boolean {
    return PORTS.has(port) && isPublicAddress(address);
  }
}
