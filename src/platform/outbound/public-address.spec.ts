import fc from 'fast-check';
import { isPublicAddress } from './public-address.js';

/** Of each network that nobody may be sent to, its first and last address or one known for what it does. */
const REFUSED: readonly (readonly [what: string, ...addresses: readonly string[]])[] = [
  ['this network', '0.0.0.0', '0.255.255.255', '::'],
  ['loopback', '127.0.0.1', '127.255.255.255', '::1'],
  ['private', '10.0.0.0', '10.255.255.255', '172.16.0.0', '172.31.255.255', '192.168.0.0', '192.168.255.255'],
  ['shared address space', '100.64.0.0', '100.127.255.255', '100.100.100.200'],
  ['link-local and metadata', '169.254.0.0', '169.254.169.254', '169.254.255.255', 'fe80::1', 'febf::1'],
  ['metadata at a public address', '168.63.129.16'],
  ['metadata by IPv6', 'fd00:ec2::254', 'fd20:ce::254'],
  ['protocol assignments', '192.0.0.0', '192.0.0.192', '192.0.0.255', '2001::1', '2001:1ff:ffff::1'],
  ['documentation', '192.0.2.1', '198.51.100.1', '203.0.113.255', '2001:db8::1', '3fff::1', '3fff:fff::1'],
  ['6to4', '192.88.99.1', '2002:7f00:1::', '2002:c0a8:101::1', '2002:808:808::'],
  ['Teredo', '2001:0:4136:e378:8000:63bf:3fff:fdd2'],
  ['AMT and AS112', '192.31.196.1', '192.52.193.1', '192.175.48.1', '2620:4f:8000::1'],
  ['benchmarks', '198.18.0.0', '198.19.255.255'],
  ['multicast and reserved', '224.0.0.1', '239.255.255.255', '240.0.0.1', '255.255.255.255', 'ff02::1'],
  ['IPv4-mapped', '::ffff:127.0.0.1', '::ffff:7f00:1', '::ffff:8.8.8.8', '::FFFF:169.254.169.254'],
  ['IPv4-compatible', '::127.0.0.1', '::8.8.8.8'],
  ['NAT64', '64:ff9b::7f00:1', '64:ff9b::8.8.8.8', '64:ff9b:1::a00:1'],
  ['discard and other space', '100::1', '5f00::1', '4000::1', '1fff::1'],
  ['unique and site local', 'fc00::1', 'fdff::1', 'fec0::1'],
  ['with a zone', 'fe80::1%eth0', '2a01:e00::1%1'],
  [
    'no address',
    '',
    'localhost',
    'example.org',
    '127.1',
    '0x7f000001',
    '2130706433',
    '010.0.0.1',
    '1.2.3',
    '[::1]',
  ],
];

const PUBLIC = [
  '1.1.1.1',
  '9.255.255.255',
  '11.0.0.0',
  '100.63.255.255',
  '100.128.0.0',
  '126.255.255.255',
  '128.0.0.0',
  '168.63.129.15',
  '169.253.255.255',
  '172.15.255.255',
  '172.32.0.0',
  '192.0.1.0',
  '192.167.255.255',
  '198.17.255.255',
  '198.20.0.0',
  '223.255.255.255',
  '2001:200::1',
  '2001:4860:4860::8888',
  '2003::1',
  '2a01:e0a::1',
  '3ffe::1',
];

describe('public addresses', () => {
  it.each(REFUSED)('are not: %s', (_, ...addresses) => {
    expect(addresses.filter(isPublicAddress)).toEqual([]);
  });

  it('are all others, up to the edges of those', () => {
    expect(PUBLIC.filter((address) => !isPublicAddress(address))).toEqual([]);
  });

  it('are the same whatever way an IPv6 address is written', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 8, maxLength: 8 }), (groups) => {
        const short = groups.map((group) => group.toString(16)).join(':');
        const long = groups.map((group) => group.toString(16).padStart(4, '0').toUpperCase()).join(':');
        return isPublicAddress(short) === isPublicAddress(long);
      }),
    );
  });

  it('are no IPv4 address wrapped into IPv6 by a prefix that all routers know', () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) =>
        ['::ffff:', '::', '64:ff9b::', '64:ff9b:1::'].every(
          (prefix) => !isPublicAddress(`${prefix}${address}`),
        ),
      ),
    );
  });
});
