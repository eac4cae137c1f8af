import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { VaultSettings } from '../../../../src/platform/config/key-provider-settings.js';
import type { KeyProvider } from '../../../../src/sealing/providers/key-provider.js';
import { MovableClock } from '../../../support/clock.js';
import { selfSigned } from '../../../support/key-services/certificate.js';
import { closeProvider, openProvider, vaultSettings } from '../../../support/key-services/installations.js';
import { type VaultOptions, VaultServer } from '../../../support/key-services/vault-server.js';

const CONTEXT = { purpose: 'subject-key', owner: 'a', version: 1 } as const;
const LOGIN = /auth\/approle\/login/;
const RENEWAL = /auth\/token\/renew-self/;

describe('Vault', () => {
  const clock = new MovableClock();
  let home: string;
  let server: VaultServer;
  let servers: VaultServer[];
  let opened: KeyProvider[];

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'sceau-vault-'));
    [servers, opened] = [[], []];
    server = await serve({ now: () => clock.now().getTime() });
  });

  afterEach(async () => {
    for (const provider of opened) await closeProvider(provider);
    for (const each of servers) await each.stop();
    await rm(home, { recursive: true, force: true });
  });

  async function serve(options: VaultOptions): Promise<VaultServer> {
    const started = new VaultServer(options);
    servers.push(started);
    await started.start();
    started.createKey('sceau', { derived: true });
    return started;
  }

  async function open(change: Partial<VaultSettings> = {}, at = server): Promise<KeyProvider> {
    const provider = await openProvider(vaultSettings(at, change), clock);
    opened.push(provider);
    return provider;
  }

  const wrap = (provider: KeyProvider) => provider.wrapMany([{ key: randomBytes(32), context: CONTEXT }]);
  const appRole = (ttl: number) => {
    const { roleId, secretId } = server.createRole(undefined, ttl);
    return {
      login: { method: 'approle', mount: 'approle', roleId, secretId: { from: 'variable', value: secretId } },
    } as const;
  };

  it('sends one request for a batch, with the context that binds each key', async () => {
    const provider = await open();
    await wrap(provider);
    server.requests.length = 0;
    await provider.wrapMany(Array.from({ length: 300 }, () => ({ key: randomBytes(32), context: CONTEXT })));
    expect(server.requests).toEqual(['POST /v1/transit/encrypt/sceau']);
  });

  it('rewraps inside Vault: no key comes out', async () => {
    const provider = await open();
    const items = (await wrap(provider)).map((item) => ({ ...item, context: CONTEXT }));
    await provider.rotate();
    server.requests.length = 0;
    await provider.rewrapMany(items);
    expect(server.requests).toEqual(['POST /v1/transit/rewrap/sceau']);
  });

  it.each([
    [
      'is not derived, so that nothing would bind a wrapped key',
      () => server.createKey('sceau', { derived: false }),
    ],
    ['does not exist', () => server.keys.clear()],
  ])('refuses a Transit key that %s', async (_, change) => {
    change();
    const provider = await open();
    for (const call of [wrap(provider), provider.versions()])
      await expect(call).rejects.toMatchObject({ code: 'keys_unavailable' });
    expect(server.count(/encrypt/)).toBe(0);
  });

  it('says that Vault is sealed, and works once it is not', async () => {
    const provider = await open({ timeoutMs: 200 });
    server.sealed = true;
    await expect(wrap(provider)).rejects.toMatchObject({
      code: 'keys_unavailable',
      privateDetail: expect.stringMatching(/503: sealed|no answer in time/),
    });
    server.sealed = false;
    const again = await open();
    expect(await wrap(again)).toHaveLength(1);
  });

  it.each([
    ['a wrong token', { login: { method: 'token', token: { from: 'variable', value: 'hvs.wrong' } } }],
    [
      'a wrong SecretID',
      {
        login: {
          method: 'approle',
          mount: 'approle',
          roleId: 'nobody',
          secretId: { from: 'variable', value: 'x' },
        },
      },
    ],
    ['a wrong mount', { mount: 'elsewhere' }],
    ['a wrong namespace', { namespace: 'elsewhere' }],
    [
      'a file that is not there',
      { login: { method: 'token', token: { from: 'file', path: '/nowhere/token' } } },
    ],
  ] as const)('refuses %s at once', async (_, change) => {
    const provider = await open(change);
    await expect(wrap(provider)).rejects.toMatchObject({ code: 'keys_unavailable' });
    // Repeating would not help, and might lock a role out.
    expect(server.requests.length).toBeLessThanOrEqual(2);
  });

  it('works in a namespace', async () => {
    const other = await serve({ namespace: 'etat/recrutement' });
    expect(await wrap(await open({ namespace: 'etat/recrutement' }, other))).toHaveLength(1);
  });

  it('trusts the authorities of VAULT_CACERT and no others', async () => {
    const [identity, stranger] = [selfSigned(), selfSigned()];
    const tls = await serve({ identity });
    const caFile = join(home, 'ca.pem');
    await writeFile(caFile, identity.certificate);
    expect(await wrap(await open({ caFile }, tls))).toHaveLength(1);
    await writeFile(caFile, stranger.certificate);
    await expect(wrap(await open({ caFile }, tls))).rejects.toMatchObject({ code: 'keys_unavailable' });
    await expect(open({ caFile: join(home, 'none.pem') }, tls)).rejects.toMatchObject({
      code: 'keys_unavailable',
      privateDetail: 'VAULT_CACERT cannot be read',
    });
  });

  it('logs in once for requests at the same moment', async () => {
    const provider = await open(appRole(3_600));
    await Promise.all(Array.from({ length: 8 }, () => wrap(provider)));
    expect(server.count(LOGIN)).toBe(1);
  });

  it('renews its token when two thirds of its time are over, and logs in again when it has ended', async () => {
    const provider = await open(appRole(3_600));
    await wrap(provider);
    clock.advance({ minutes: 39 });
    await wrap(provider);
    expect(server.count(RENEWAL)).toBe(0);
    clock.advance({ minutes: 2 });
    await wrap(provider);
    await server.seen(RENEWAL, 1);
    clock.advance({ minutes: 30 });
    await wrap(provider);
    expect(server.count(LOGIN)).toBe(1);
    clock.advance({ hours: 2 });
    await wrap(provider);
    expect(server.count(LOGIN)).toBe(2);
  });

  it('renews its token while nobody asks for keys', async () => {
    const provider = await open(appRole(2));
    await wrap(provider);
    await server.seen(RENEWAL, 1);
    expect(server.count(LOGIN)).toBe(1);
  });

  it('logs in again when its token was revoked', async () => {
    const provider = await open(appRole(3_600));
    await wrap(provider);
    server.revokeAll();
    expect(await wrap(provider)).toHaveLength(1);
    expect(server.count(LOGIN)).toBe(2);
  });

  it('takes the new token from the file of an agent', async () => {
    const path = join(home, 'token');
    const first = server.createToken();
    await writeFile(path, `${first}\n`);
    const provider = await open({ login: { method: 'token', token: { from: 'file', path } } });
    await wrap(provider);
    await writeFile(path, `${server.createToken()}\n`);
    server.revoke(first);
    expect(await wrap(provider)).toHaveLength(1);
  });

  it('retires from the oldest version on only, and destroys what it retires', async () => {
    const provider = await open();
    await provider.rotate();
    await provider.rotate();
    await expect(provider.retire(2)).rejects.toMatchObject({
      code: 'conflict',
      detail: { en: expect.stringContaining('retire version 1 first') },
    });
    expect(await provider.versions()).toEqual({ current: 3, usable: [1, 2, 3] });
    await provider.retire(1);
    await provider.retire(2);
    expect(server.keys.get('sceau')).toMatchObject({ leastAvailable: 3, leastDecrypting: 3 });
    expect(await provider.versions()).toEqual({ current: 3, usable: [3] });
  });

  it('destroys what somebody has only archived', async () => {
    const provider = await open();
    await provider.rotate();
    await provider.rotate();
    server.keys.get('sceau')?.configure(3, 3);
    expect(await provider.versions()).toEqual({ current: 3, usable: [3] });
    await provider.retire(1);
    expect(server.keys.get('sceau')).toMatchObject({ leastAvailable: 2, leastDecrypting: 3 });
  });
});
