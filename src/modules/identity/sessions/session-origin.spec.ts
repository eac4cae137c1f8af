import { newId } from '../../../kernel/ids.js';
import { originOf } from './session-origin.js';

const from = (userAgent: string | undefined, address = '192.0.2.77') =>
  originOf({
    requestId: newId<'request'>(0),
    actor: { kind: 'anonymous' },
    locale: 'fr',
    address,
    userAgent,
  });

describe('where a session comes from', () => {
  it.each([
    ['Firefox', 'Linux', 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'],
    [
      'Chrome',
      'Windows',
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
    ],
    [
      'Edge',
      'Windows',
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0',
    ],
    [
      'Safari',
      'macOS',
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15',
    ],
    [
      'Safari',
      'iOS',
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1',
    ],
    [
      'Chrome',
      'Android',
      'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36',
    ],
    ['curl', 'other', 'curl/8.5.0'],
    ['other', 'other', '<script>alert(1)</script>'],
    ['other', 'other', `${'x'.repeat(400)} Firefox/140.0`],
    ['other', 'other', ''],
    ['other', 'other', undefined],
  ])('says %s on %s', (browser, system, userAgent) => {
    expect(from(userAgent)).toEqual({ browser, system, network: '192.0.2.0/24' });
  });

  it('never names a whole address', () => {
    expect(from('', '2001:db8:1:2:3:4:5:6').network).toBe('2001:0db8:0001::/48');
  });
});
