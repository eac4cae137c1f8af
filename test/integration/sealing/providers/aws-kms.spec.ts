import { randomBytes } from 'node:crypto';
import type { KmsSettings } from '../../../../src/platform/config/key-provider-settings.js';
import type { KeyProvider } from '../../../../src/sealing/providers/key-provider.js';
import { MovableClock } from '../../../support/clock.js';
import { closeProvider, kmsSettings, openProvider } from '../../../support/key-services/installations.js';
import { KmsServer } from '../../../support/key-services/kms-server.js';

const CONTEXT = { purpose: 'subject-key', owner: 'a', version: 1 } as const;

describe('AWS KMS', () => {
  const clock = new MovableClock();
  let server: KmsServer;
  let opened: KeyProvider[];

  beforeEach(async () => {
    server = new KmsServer();
    await server.start();
    server.createKey('alias/sceau-v1', '{"Version":"2012-10-17","Id":"of version 1"}');
    opened = [];
  });

  afterEach(async () => {
    for (const provider of opened) await closeProvider(provider);
    await server.stop();
  });

  async function open(change: Partial<KmsSettings> = {}): Promise<KeyProvider> {
    const provider = await openProvider(kmsSettings(server, change), clock);
    opened.push(provider);
    return provider;
  }

  const wrap = (provider: KeyProvider, count = 1) =>
    provider.wrapMany(Array.from({ length: count }, () => ({ key: randomBytes(32), context: CONTEXT })));

  it.each([
    [
      'the secret of somebody else',
      ({ accessKeyId }: { accessKeyId: string }) => ({ accessKeyId, secretAccessKey: 'x' }),
    ],
    [
      'an access key that is not known',
      ({ secretAccessKey }: { secretAccessKey: string }) => ({ accessKeyId: 'AKIANOBODY', secretAccessKey }),
    ],
  ])('is refused with %s, at once', async (_, change) => {
    const credentials = { ...change(server.createPrincipal()), sessionToken: undefined };
    const provider = await open({ credentials });
    await expect(wrap(provider)).rejects.toMatchObject({ code: 'keys_unavailable' });
    expect(server.requests).toEqual(['ListAliases']);
  });

  it('is refused in another region', async () => {
    const provider = await open({ region: 'eu-west-1' });
    await expect(wrap(provider)).rejects.toMatchObject({ code: 'keys_unavailable' });
  });

  it('signs a session token too', async () => {
    const credentials = { ...server.createPrincipal(), sessionToken: 'a+session/token=' };
    expect(await wrap(await open({ credentials }))).toHaveLength(1);
  });

  it('has no more requests under way at once than it may', async () => {
    const [provider, other] = [await open({ parallelism: 4 }), await open()];
    await wrap(provider);
    server.fail({ kind: 'held' });
    const wrapping = wrap(provider, 40);
    await server.seen(/^Encrypt$/, 1 + 4);
    // What is sent after those four arrives after whatever would have been sent with them.
    const later = other.versions();
    await server.seen(/^ListAliases$/, 2);
    expect(server.count(/^Encrypt$/)).toBe(1 + 4);
    server.recover();
    await later;
    expect(await wrapping).toHaveLength(40);
    expect(server.count(/^Encrypt$/)).toBe(1 + 40);
  });

  it.each(['Disabled', 'Unavailable'] as const)(
    'does not take a key that is %s for a destroyed one: keys are unavailable, and come back',
    async (state) => {
      const provider = await open();
      const items = (await wrap(provider)).map((item) => ({ ...item, context: CONTEXT }));
      const key = server.keyBehind('alias/sceau-v1');
      key.state = state;
      for (const call of [provider.unwrapMany(items), provider.rewrapMany(items), wrap(provider)])
        await expect(call).rejects.toMatchObject({ code: 'keys_unavailable' });
      expect(await provider.versions()).toEqual({ current: 1, usable: [] });
      key.state = 'Enabled';
      expect(await provider.unwrapMany(items)).toMatchObject([{ ok: true }]);
    },
  );

  it('retires a version whose key somebody has disabled', async () => {
    const provider = await open();
    await provider.rotate();
    server.keyBehind('alias/sceau-v1').state = 'Disabled';
    await provider.retire(1);
    expect(server.keyBehind('alias/sceau-v1').state).toBe('PendingDeletion');
  });

  it('says that there is no key when there is no alias', async () => {
    const provider = await open({ aliasPrefix: 'alias/other' });
    for (const call of [wrap(provider), provider.versions(), provider.rotate()])
      await expect(call).rejects.toMatchObject({
        code: 'keys_unavailable',
        privateDetail: expect.stringContaining('AWS_KMS_ALIAS'),
      });
  });

  it('finds its aliases among those of others, however many pages', async () => {
    server.pageSize = 3;
    for (const name of ['alias/aws/s3', 'alias/sceau', 'alias/sceau-v0', 'alias/sceau-v02', 'alias/sceau-vx'])
      server.createKey(name);
    for (let version = 2; version <= 12; version += 1) server.createKey(`alias/sceau-v${version}`);
    server.createKey('alias/sceau-volvic-v99');
    const { current, usable } = await (await open()).versions();
    expect(current).toBe(12);
    expect(usable).toEqual(Array.from({ length: 12 }, (_, index) => index + 1));
  });

  it('makes a new key under the policy of the current one', async () => {
    const provider = await open();
    expect(await provider.rotate()).toBe(2);
    expect(server.keyBehind('alias/sceau-v2').policy).toBe('{"Version":"2012-10-17","Id":"of version 1"}');
  });

  it('rotates once when two rotate at the same moment, and leaves no key behind', async () => {
    const [one, two] = [await open(), await open()];
    const outcomes = await Promise.allSettled([one.rotate(), two.rotate()]);
    const refused = outcomes.flatMap((outcome) =>
      outcome.status === 'rejected' ? [outcome.reason as unknown] : [],
    );
    expect([...server.aliases.keys()]).toHaveLength(3 - refused.length);
    for (const reason of refused) expect(reason).toMatchObject({ code: 'conflict' });
    const named = new Set(server.aliases.values());
    const unnamed = [...server.keys.values()].filter(({ id }) => !named.has(id));
    expect(unnamed.map(({ state }) => state)).toEqual(unnamed.map(() => 'PendingDeletion'));
  });

  it('wraps under a version that another process has made, after a minute at the latest', async () => {
    const [one, two] = [await open(), await open()];
    await wrap(two);
    await one.rotate();
    clock.advance({ seconds: 61 });
    expect(await wrap(two)).toMatchObject([{ masterVersion: 2 }]);
  });

  it('wraps under the version before while KMS does not know the newest everywhere', async () => {
    const provider = await open();
    await provider.rotate();
    const behind = server.aliases.get('alias/sceau-v2') ?? '';
    await wrap(provider);
    server.aliases.set('alias/sceau-v2', 'not-there-yet');
    expect(await wrap(provider)).toMatchObject([{ masterVersion: 1 }]);
    server.aliases.set('alias/sceau-v2', behind);
    expect(await wrap(provider)).toMatchObject([{ masterVersion: 2 }]);
  });

  it.each([7, 30])('retires with a deletion in %i days, during which nothing opens', async (deletionDays) => {
    const provider = await open({ deletionDays });
    const items = (await wrap(provider)).map((item) => ({ ...item, context: CONTEXT }));
    await provider.rotate();
    await provider.retire(1);
    await provider.retire(1);
    expect(server.keyBehind('alias/sceau-v1')).toMatchObject({ state: 'PendingDeletion', deletionDays });
    expect(server.count(/^ScheduleKeyDeletion$/)).toBe(1);
    expect(await provider.unwrapMany(items)).toMatchObject([{ ok: false }]);
    server.destroy('alias/sceau-v1');
    expect(await provider.unwrapMany(items)).toMatchObject([{ ok: false }]);
    await provider.retire(1);
    expect(await provider.versions()).toEqual({ current: 2, usable: [2] });
    expect(await provider.rotate()).toBe(3);
  });
});
