import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readLocalSettings, readPreparation, writeRuntime } from './preparation.js';

const DATA = 'postgres://owner:o@db.example/sceau';
const KEYS = 'postgres://keeper:k@keys.example/keystore';

describe('readPreparation', () => {
  let home: string;

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'sceau-preparation-'));
  });

  afterEach(() => rm(home, { recursive: true, force: true }));

  const prepare = (environment: Record<string, string>) =>
    readPreparation({ SCEAU_HOME: home, DATABASE_URL: DATA, ...environment });

  it.each([
    ['nothing is said of it', {}],
    ['it is the data’s own database', { KEYSTORE_URL: 'postgres://sceau_app:x@db.example/sceau' }],
  ])('keeps the key store with the data when %s', async (_, environment) => {
    const preparation = await prepare(environment);
    expect(preparation.keystore).toBeUndefined();
    expect(preparation.runtime).not.toHaveProperty('KEYSTORE_URL');
  });

  it('gives the app’s role a password of its own on a key store’s own server, and keeps it', async () => {
    const first = await prepare({ KEYSTORE_OWNER_URL: KEYS });
    expect(first.keystore?.url).toMatch(/^postgres:\/\/sceau_app:[\w-]{32}@keys\.example\/keystore$/);
    expect(first.keystore?.passwords.sceau_app).not.toBe(first.passwords.sceau_app);
    await writeRuntime(first);
    const second = await prepare({ KEYSTORE_OWNER_URL: KEYS });
    expect(second.keystore).toEqual(first.keystore);
    expect(await readFile(join(home, 'runtime.json'), 'utf8')).not.toContain('keeper');
    const settings = await readLocalSettings({ SCEAU_HOME: home });
    expect(settings.database.keystoreUrl).toBe(first.keystore?.url);
  });

  it('takes the address that is given', async () => {
    const url = 'postgres://sceau_app:given@keys.example/keystore';
    const { keystore } = await prepare({ KEYSTORE_OWNER_URL: KEYS, KEYSTORE_URL: url });
    expect(keystore).toMatchObject({ url, passwords: { sceau_app: 'given' } });
  });

  it('uses one password where both databases are on one server, which knows a role once', async () => {
    const preparation = await prepare({ KEYSTORE_OWNER_URL: 'postgres://owner:o@db.example/keys' });
    expect(preparation.keystore?.passwords.sceau_app).toBe(preparation.passwords.sceau_app);
    await expect(
      prepare({
        KEYSTORE_OWNER_URL: 'postgres://owner:o@db.example/keys',
        KEYSTORE_URL: 'postgres://sceau_app:another@db.example/keys',
      }),
    ).rejects.toThrow('the same password');
  });

  it.each([
    ['no owner of it', { KEYSTORE_URL: 'postgres://sceau_app:x@keys.example/keystore' }],
    ['an owner that is no address', { KEYSTORE_OWNER_URL: 'keys.example' }],
    ['the data’s database as its own', { KEYSTORE_OWNER_URL: DATA }],
  ])('refuses a key store with %s', async (_, environment) => {
    await expect(prepare(environment)).rejects.toThrow('KEYSTORE_OWNER_URL');
  });
});
