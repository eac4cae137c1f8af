import { isIP } from 'node:net';
import { OutboundNetwork } from '../../src/platform/outbound/outbound-network.js';
import { isPublicAddress } from '../../src/platform/outbound/public-address.js';

/** The Internet of a test: every name is this machine unless told, and this machine may be sent to. */
export class LoopbackNetwork extends OutboundNetwork {
  readonly #names = new Map<string, (readonly string[])[]>();
  /** Every name that was asked for, in turn. */
  readonly asked: string[] = [];

  /** Gives a name these addresses, one list for each time that it is asked; the last one stays. */
  name(host: string, ...answers: readonly (readonly string[])[]): void {
    this.#names.set(host, [...answers]);
  }

  override resolve(host: string): Promise<readonly string[]> {
    this.asked.push(host);
    if (isIP(host) !== 0) return Promise.resolve([host]);
    const answers = this.#names.get(host);
    if (answers === undefined) return Promise.resolve(['127.0.0.1']);
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    return Promise.resolve(answer ?? []);
  }

  override permits(address: string): boolean {
    return address === '127.0.0.1' || isPublicAddress(address);
  }
}
