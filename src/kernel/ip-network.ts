import { isIPv4, isIPv6, SocketAddress } from 'node:net';

/** The eight groups of an IPv6 address, four digits each. */
export function groupsOf(address: string): readonly string[] {
  const [head = '', tail] = (address.split('%')[0] ?? '').toLowerCase().split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  const groups = [...left, ...Array.from({ length: zeros }, () => '0'), ...right];
  return groups.map((group) => group.padStart(4, '0'));
}

/** The IPv4 address that an IPv6 one stands for (RFC 4291 §2.5.5.2); any other text as it is. */
export function unmapped(address: string): string {
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address;
}

/** An address in the one form in which it is compared: IPv4 where it stands for one, else as RFC 5952 has it; no zone. */
export function canonicalAddress(address: string): string {
  const [plain = ''] = unmapped(address).split('%');
  if (!isIPv6(plain)) return unmapped(address);
  return unmapped(new SocketAddress({ address: plain, family: 'ipv6' }).address);
}

/**
 * What one subscriber has, as far as an address tells: an IPv4 address, or the /64 of an IPv6 one, whose holder may
 * take any of 2^64 addresses (RFC 6177). For anything else, the text itself.
 */
export function originOf(address: string): string {
  const plain = unmapped(address);
  if (isIPv4(plain) || !isIPv6(plain)) return plain;
  return `${groupsOf(plain).slice(0, 4).join(':')}::/64`;
}
