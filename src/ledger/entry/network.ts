import { isIPv4, isIPv6 } from 'node:net';
import { groupsOf, unmapped } from '../../kernel/ip-network.js';

/** The /24 (IPv4) or /48 (IPv6) an address belongs to, as text; for anything else, the text itself. */
export function networkOf(address: string): string {
  const mapped = unmapped(address);
  if (isIPv4(mapped)) return `${mapped.split('.').slice(0, 3).join('.')}.0/24`;
  if (!isIPv6(address)) return address;
  return `${groupsOf(address).slice(0, 3).join(':')}::/48`;
}
