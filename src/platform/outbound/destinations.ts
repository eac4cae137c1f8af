import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { Injectable } from '@nestjs/common';
import { OutboundNetwork } from './outbound-network.js';

/** Where something may be sent, with the addresses that were looked at: it goes to one of these and to no other. */
export interface Destination {
  readonly url: URL;
  readonly addresses: readonly string[];
}

/**
 * `url_not_allowed`: not https, or with a name, a password or a fragment. `host_unknown`: without any address.
 * `address_not_allowed`: one of its addresses is not public, or the port is none of those for this.
 */
export type DestinationRefusal = 'url_not_allowed' | 'host_unknown' | 'address_not_allowed';

/** Decides where others may have us send to, each time anew. */
@Injectable()
export class Destinations {
  readonly #network: OutboundNetwork;

  constructor(network: OutboundNetwork) {
    this.#network = network;
  }

  /** A receiver that our own configuration names, wherever it is: in a private network, over http too. */
  async internal(text: string): Promise<Destination | 'host_unknown'> {
    const url = new URL(text);
    const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
    const found = await lookup(host, { all: true }).catch(() => []);
    const addresses = found.map(({ address }) => address);
    return addresses.length === 0 ? 'host_unknown' : { url, addresses };
  }

  async check(text: string): Promise<Destination | DestinationRefusal> {
    const url = readUrl(text);
    if (url === undefined) return 'url_not_allowed';
    const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
    const addresses = await this.#network.resolve(host).catch(() => []);
    if (addresses.length === 0) return 'host_unknown';
    const port = url.port === '' ? 443 : Number(url.port);
    // All of them: a name with a private address beside a public one is no receiver of ours.
    const isAllowed = addresses.every(
      (address) => isIP(address) !== 0 && this.#network.permits(address, port),
    );
    return isAllowed ? { url, addresses } : 'address_not_allowed';
  }
}

/** The URL standard makes one address of every way to write an IPv4 address, so none slips by as a name. */
function readUrl(text: string): URL | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const isPlain = url.username === '' && url.password === '' && url.hash === '';
  return url.protocol === 'https:' && isPlain && url.hostname !== '' ? url : undefined;
}
