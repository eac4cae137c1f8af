import { once } from 'node:events';
import { isIP } from 'node:net';
import { Settings } from '../../../src/platform/config/settings.js';
import { Destinations } from '../../../src/platform/outbound/destinations.js';
import { HttpsPosts } from '../../../src/platform/outbound/https-posts.js';
import { PublicInternet } from '../../../src/platform/outbound/outbound-network.js';
import { freePort } from '../../../tools/free-port.ts';
import { testSettings } from '../../support/settings.js';
import { type Reaction, WebhookReceiver } from '../../support/webhook-receiver.js';

const NO_DATABASE = { appUrl: '', auditorUrl: '', sequencerUrl: '' };
const NAME = 'recepteur.example';
const BODY = '{"type":"webhook.test","data":{}}';

/** The Internet with a name service of the test's own. */
class NamedInternet extends PublicInternet {
  override resolve(host: string): Promise<readonly string[]> {
    if (isIP(host) !== 0) return Promise.resolve([host]);
    const names: Readonly<Record<string, readonly string[]>> = {
      'public.example': ['203.0.114.7', '2a01:e0a::7'],
      'private.example': ['10.1.2.3'],
      'mixed.example': ['203.0.114.7', '127.0.0.1'],
      'mapped.example': ['::ffff:127.0.0.1'],
      'nat64.example': ['64:ff9b::a9fe:a9fe'],
      'odd.example': ['203.0.114.7', 'public.example'],
    };
    const found = names[host];
    return found === undefined ? Promise.reject(new Error('ENOTFOUND')) : Promise.resolve(found);
  }
}

const TAKEN = [
  'https://public.example/sceau?key=1',
  'https://public.example:443/',
  'https://public.example:8443/',
  'https://203.0.114.7/',
  'https://[2a01:e0a::7]/',
];
const REFUSED: readonly (readonly [url: string, refusal: string])[] = [
  ['http://public.example/', 'url_not_allowed'],
  ['ftp://public.example/', 'url_not_allowed'],
  ['file:///etc/passwd', 'url_not_allowed'],
  ['https://user@public.example/', 'url_not_allowed'],
  ['https://:secret@public.example/', 'url_not_allowed'],
  ['https://public.example/#fragment', 'url_not_allowed'],
  ['https://', 'url_not_allowed'],
  ['no url', 'url_not_allowed'],
  ['https://nowhere.example/', 'host_unknown'],
  ['https://localhost/', 'host_unknown'],
  ['https://public.example:22/', 'address_not_allowed'],
  ['https://public.example:5432/', 'address_not_allowed'],
  ['https://private.example/', 'address_not_allowed'],
  ['https://mixed.example/', 'address_not_allowed'],
  ['https://mapped.example/', 'address_not_allowed'],
  ['https://nat64.example/', 'address_not_allowed'],
  ['https://odd.example/', 'address_not_allowed'],
  ['https://169.254.169.254/latest/meta-data/', 'address_not_allowed'],
  ['https://127.0.0.1/', 'address_not_allowed'],
  ['https://127.1/', 'address_not_allowed'],
  ['https://0177.0.0.1/', 'address_not_allowed'],
  ['https://0x7f000001/', 'address_not_allowed'],
  ['https://2130706433/', 'address_not_allowed'],
  ['https://１２７.0.0.1/', 'address_not_allowed'],
  ['https://[::1]/', 'address_not_allowed'],
  ['https://[::ffff:127.0.0.1]/', 'address_not_allowed'],
  ['https://[::ffff:7f00:1]/', 'address_not_allowed'],
  ['https://[fe80::1]/', 'address_not_allowed'],
  ['https://[fd00:ec2::254]/', 'address_not_allowed'],
  ['https://[64:ff9b::7f00:1]/', 'address_not_allowed'],
  ['https://[2002:7f00:1::]/', 'address_not_allowed'],
];

describe('where something may be sent', () => {
  const destinations = new Destinations(new NamedInternet());

  it.each(TAKEN)('is %s, with all of its addresses', async (url) => {
    expect(await destinations.check(url)).toMatchObject({ url: new URL(url) });
  });

  it.each(REFUSED)('is not %s', async (url, refusal) => {
    expect(await destinations.check(url)).toBe(refusal);
  });
});

describe('a post to a receiver', () => {
  let receiver: WebhookReceiver;
  let posts: HttpsPosts;

  beforeAll(async () => {
    receiver = await WebhookReceiver.start([NAME]);
    posts = trusting(receiver.authorities);
  });

  afterAll(() => receiver.stop());

  const trusting = (authorities?: string): HttpsPosts =>
    new HttpsPosts(new Settings({ ...testSettings(NO_DATABASE, '/nowhere', 0), webhooks: { authorities } }));
  const post = (url: string, addresses = ['127.0.0.1'], by = posts) =>
    by.post({ url: new URL(url), addresses }, { 'content-type': 'application/json' }, BODY);
  const answering = (reaction: Reaction) => {
    receiver.reaction = reaction;
    return post(receiver.url('/'));
  };

  it('goes to the address that was looked at, whatever the name service says by now', async () => {
    receiver.reaction = () => 204;
    expect(await post(receiver.url('/pinned', NAME))).toEqual({ kind: 'answered', status: 204 });
    const [event] = await receiver.events('/pinned', 1);
    expect(event?.headers['host']).toContain(NAME);
    // Nobody knows this name: there is nothing else that it could have gone by.
    expect(await post(receiver.url('/pinned', NAME), [])).toMatchObject({ kind: 'failed' });
  });

  it('follows no redirect', async () => {
    const answer = await answering((_, response) => {
      response.writeHead(302, { location: receiver.url('/elsewhere') }).end();
      return undefined;
    });
    expect(answer).toEqual({ kind: 'answered', status: 302 });
    expect(receiver.received.map(({ path }) => path)).not.toContain('/elsewhere');
  });

  it('reads nothing of a body, however long it is', async () => {
    let closed: Promise<unknown> = Promise.resolve();
    const answer = await answering((_, response) => {
      closed = once(response, 'close');
      response.writeHead(200);
      const more = (): void => {
        while (response.write(Buffer.alloc(65_536))) if (response.destroyed) return;
        response.once('drain', more);
      };
      more();
      return undefined;
    });
    expect(answer).toEqual({ kind: 'answered', status: 200 });
    await closed;
  });

  it('takes no endless headers', async () => {
    const answer = await answering((_, response) => {
      response.writeHead(200, { 'x-long': 'a'.repeat(20_000) }).end();
      return undefined;
    });
    expect(answer).toEqual({ kind: 'failed', reason: 'answer_refused' });
  });

  it('waits ten seconds at most: for an answer, and for one that comes byte by byte', async () => {
    receiver.reaction = ({ path }, response) => {
      if (path !== '/dripping') return undefined;
      let sent = 0;
      const drip = setInterval(() => {
        response.socket?.write('HTTP/1.1 200 Tout va bien, tout va bien'.charAt(sent));
        sent += 1;
      }, 500);
      response.on('close', () => clearInterval(drip));
      return undefined;
    };
    const outcomes = await Promise.all([post(receiver.url('/silent')), post(receiver.url('/dripping'))]);
    const late = { kind: 'failed', reason: 'timed_out' };
    expect(outcomes).toEqual([late, late]);
  }, 60_000);

  it('trusts a certificate for the name, from an authority that is known, and no other', async () => {
    receiver.reaction = () => 204;
    const refused = { kind: 'failed', reason: 'certificate_refused' };
    expect(await post(receiver.url('/', 'autre.example'))).toEqual(refused);
    expect(await post(receiver.url('/'), ['127.0.0.1'], trusting())).toEqual(refused);
  });

  it('fails where nobody listens', async () => {
    expect(await post(`https://127.0.0.1:${await freePort()}/`)).toEqual({
      kind: 'failed',
      reason: 'unreachable',
    });
  });
});
