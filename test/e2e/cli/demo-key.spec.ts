import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPublicKey } from 'node:crypto';
import { exportJWK } from 'jose';
import { AgencyClient } from '../../../tools/client/agency.ts';
import { createAgency, record } from '../../support/actors.js';
import { type Outcome, runCommand } from '../../support/command-line.js';
import { type Sceau, startSceau } from '../../support/sceau.js';

describe('agency demo-key', () => {
  let sceau: Sceau;
  let folder: string;

  beforeAll(async () => {
    sceau = await startSceau();
    folder = await mkdtemp(join(tmpdir(), 'sceau-demo-key-'));
  }, 60_000);

  afterAll(async () => {
    await sceau.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const demoKey = (...args: readonly string[]): Promise<Outcome> =>
    runCommand(sceau, ['agency', 'demo-key', ...args]);
  const clients = async (): Promise<number> =>
    (await sceau.database.query('SELECT 1 FROM agencies.client')).length;

  it('makes a client that works, in files that only their owner reads, and says what to do next', async () => {
    const { code, out, complaint } = await demoKey();
    expect([code, complaint]).toEqual([0, '']);
    expect(out).toContain('docs/agency-quickstart.md');
    const path = join(sceau.home, 'agency.json');
    const access = JSON.parse(await readFile(path, 'utf8'));
    expect(access).toMatchObject({
      api: sceau.url,
      tokenEndpoint: `${sceau.url}/oauth/token`,
      resource: `${sceau.url}/v1`,
    });
    expect(out).toContain(access.clientId);
    expect(out).not.toContain(access.privateKey.d);
    const client = await AgencyClient.connect(sceau.url, access);
    await client.authorise(['applications:read', 'applications:decide']);
    const { items } = record((await client.request('/v1/agency/applications')).body);
    expect(items).toEqual(Array.from({ length: 5 }, () => expect.objectContaining({ sandbox: true })));

    const pem = join(sceau.home, 'agency.pem');
    const { d: _, ...publicKey } = access.privateKey;
    expect(publicKey).toMatchObject(await exportJWK(createPublicKey(await readFile(pem))));
    for (const file of [path, pem]) expect((await stat(file)).mode & 0o777).toBe(0o600);
  }, 60_000);

  it('writes to standard output when told so, for an agency that is there already', async () => {
    const { agencyId } = await createAgency(sceau);
    const { code, out } = await demoKey('--agency', agencyId, '--out', '-');
    expect(code).toBe(0);
    const access = JSON.parse(out);
    expect(access).toMatchObject({ agencyId });
    await (await AgencyClient.connect(sceau.url, access)).authorise(['usage:read']);
  }, 60_000);

  it('writes over no file, and leaves nothing behind when it fails', async () => {
    const before = await clients();
    const taken = join(folder, 'key.pem');
    await writeFile(taken, 'mine');
    const out = join(folder, 'key.json');
    expect(await demoKey('--out', out)).toMatchObject({
      code: 1,
      complaint: expect.stringMatching(
        /key\.pem is there already: name another file with --out\. \(conflict\)/,
      ),
    });
    expect(await readFile(taken, 'utf8')).toBe('mine');
    const unknown = '019ab1c2-3d4e-7f50-8a6b-0c1d2e3f4a5b';
    const other = join(folder, 'other.json');
    expect(await demoKey('--agency', unknown, '--out', other)).toMatchObject({
      code: 1,
      complaint: 'sceau: There is nothing here. (not_found)\n',
    });
    for (const file of [out, other, join(folder, 'other.pem')])
      await expect(stat(file)).rejects.toMatchObject({ code: 'ENOENT' });
    expect(await clients()).toBe(before);
  }, 60_000);

  it('is refused in production', async () => {
    const before = await clients();
    const { code, complaint } = await runCommand(sceau, ['agency', 'demo-key', '--out', '-'], {
      NODE_ENV: 'production',
      PUBLIC_URL: 'https://candidatures.example.fr',
      TRUSTED_PROXIES: '10.0.0.1',
      LOCAL_KEYRING_IN_PRODUCTION: 'yes',
      LEDGER_ORIGIN: 'candidatures.example.fr/audit',
      MAIL_MODE: 'smtp',
      SMTP_URL: 'smtps://mail.example.fr',
    });
    expect([code, complaint]).toEqual([
      1,
      expect.stringContaining('agency demo-key is refused in production'),
    ]);
    expect(await clients()).toBe(before);
  }, 60_000);
});
