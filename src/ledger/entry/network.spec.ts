import { networkOf } from './network.js';

describe('networkOf', () => {
  it.each([
    ['192.0.2.77', '192.0.2.0/24'],
    ['::ffff:192.0.2.77', '192.0.2.0/24'],
    ['2001:db8:1:2:3:4:5:6', '2001:0db8:0001::/48'],
    ['2001:db8::1', '2001:0db8:0000::/48'],
    ['::1', '0000:0000:0000::/48'],
    ['fe80::1%eth0', 'fe80:0000:0000::/48'],
    ['local', 'local'],
  ])('puts %s into %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});
