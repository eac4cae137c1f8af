import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, generateKeyPair } from 'jose';
import { AgencyClient } from '../../../tools/client/agency.ts';
import { type Outcome, runCommand, spawnCommand, type Variables } from '../../support/command-line.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { acceptInvitation, comeInAsStaff } from '../../support/staff.js';

/** The operator's command line beside a running server. */
describe('the command line', () => {
  let sceau: Sceau;
  let folder: string;

  beforeAll(async () => {
    sceau = await startSceau();
    folder = await mkdtemp(join(tmpdir(), 'sceau-cli-'));
  }, 60_000);

  afterAll(async () => {
    await sceau.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const run = (...args: readonly string[]): Promise<Outcome> => runCommand(sceau, args);
  const runWith = (more: Variables, ...args: readonly string[]): Promise<Outcome> =>
    runCommand(sceau, args, more);

  it('creates an agency and its client, suspends and resumes it', async () => {
    const created = await spawnCommand(sceau, ['agency', 'create', 'Ville de Rennes']);
    expect(created).toMatchObject({ code: 0, complaint: '' });
    const agency = /^Agency created: (\S+)$/m.exec(created.out)?.[1] ?? '';

    const named = { alg: 'ES256', kid: 'one', use: 'sig' };
    const pair = await generateKeyPair('ES256', { extractable: true });
    const jwks = join(folder, 'jwks.json');
    await writeFile(jwks, JSON.stringify({ keys: [{ ...(await exportJWK(pair.publicKey)), ...named }] }));
    const options = ['--agency', agency, '--name', 'RH', '--jwks', jwks, '--scopes', 'vacancies:read'];
    const registered = await run('agency', 'client', ...options);
    expect(registered).toMatchObject({ code: 0, complaint: '' });
    const clientId = /^Client registered: (\S+)$/m.exec(registered.out)?.[1] ?? '';

    const privateKey = { ...(await exportJWK(pair.privateKey)), ...named };
    const client = await AgencyClient.connect(sceau.url, { clientId, privateKey });
    await client.authorise(['vacancies:read']);
    expect((await client.request('/v1/agency/vacancies')).status).toBe(200);

    expect(await run('agency', 'suspend', clientId)).toMatchObject({ code: 0, out: 'Client suspended.\n' });
    expect((await client.request('/v1/agency/vacancies')).status).toBe(401);
    expect(await run('agency', 'resume', clientId)).toMatchObject({ code: 0, out: 'Client resumed.\n' });
    await client.authorise(['vacancies:read']);
    expect((await client.request('/v1/agency/vacancies')).status).toBe(200);
  }, 60_000);

  it('invites an operator by a printed link, who comes in by it, and by mail an auditor', async () => {
    const email = 'premiere@example.fr';
    const printed = await run('staff', 'invite', '--email', email, '--role', 'operator', '--print');
    expect(printed).toMatchObject({ code: 0, complaint: '' });
    const shown = (label: string): string =>
      new RegExp(`${label} +(\\S+)$`, 'm').exec(printed.out)?.[1] ?? '';
    expect(shown('link')).toBe(`${sceau.url}/welcome#invitation=${shown('token')}`);
    const { client } = await acceptInvitation(sceau, shown('token'));
    expect((await client.request('/v1/operator/staff')).status).toBe(200);

    const mailed = ['staff', 'invite', '--email', 'marie.audit@example.fr', '--role', 'auditor'] as const;
    const invited = await run(...mailed, '--locale', 'en');
    expect(invited).toMatchObject({ code: 0, complaint: '' });
    expect(invited.out).not.toMatch(/[\w-]{43}/);
    const { text } = await sceau.mailTo('marie.audit@example.fr', /^Invitation to join/);
    await acceptInvitation(sceau, /^[\w-]{43}$/m.exec(text)?.[0] ?? '');
    const again = await run(...mailed);
    expect(again).toMatchObject({
      code: 1,
      complaint: 'sceau: This address has an account already. (conflict)\n',
    });
  }, 60_000);

  it('lists, suspends, resumes and removes members of staff by id or address', async () => {
    const { id, email, client } = await comeInAsStaff(sceau, 'auditor');
    const reads = async () => (await client.request('/v1/audit/events?limit=1')).status;
    expect((await run('staff', 'list')).out).toContain(`${id}  auditor   active     invited `);
    expect(await run('staff', 'suspend', email)).toMatchObject({ code: 0, out: 'Suspended.\n' });
    expect(await reads()).toBe(401);
    expect(await run('staff', 'resume', id)).toMatchObject({ code: 0, out: 'Suspension lifted.\n' });
    expect(await run('staff', 'remove', id)).toMatchObject({ code: 0, out: 'Removed.\n' });
    expect((await run('staff', 'list')).out).not.toContain(id);
    expect(await run('staff', 'remove', email)).toMatchObject({
      code: 1,
      complaint: 'sceau: There is nothing here. (not_found)\n',
    });
  }, 60_000);

  it.each([
    [['agency', 'suspend', '42'], 'An id is a UUIDv7. (invalid_request)'],
    [['agency', 'suspend', '019ab1c2-3d4e-7f50-8a6b-0c1d2e3f4a5b'], 'There is nothing here. (not_found)'],
    [
      ['staff', 'invite', '--email', 'a@example.fr', '--role', 'boss'],
      'Known roles: auditor, operator. (invalid_request)',
    ],
    [['staff', 'suspend', 'nobody'], 'Name a person by their id or e-mail address. (invalid_request)'],
    [
      ['staff', 'invite', '--email', 'nobody', '--role', 'auditor'],
      'This is no e-mail address. (invalid_request)',
    ],
    [['keys', 'rotate', '--index', 'telephone'], 'Known indexes: email. (invalid_request)'],
  ])('refuses %j in one sentence', async (args, sentence) => {
    expect(await run(...args)).toMatchObject({ code: 1, out: '', complaint: `sceau: ${sentence}\n` });
  });

  it.each([
    [['keys', 'rotate', '019ab1c2-3d4e-7f50-8a6b-0c1d2e3f4a5b']],
    [['keys', 'rewrap', '3']],
    [['keys', 'renew']],
  ])('does nothing when a word is left over: %j', async (args) => {
    const { code, complaint } = await run(...args);
    expect([code, complaint]).toEqual([1, expect.stringContaining('too many arguments')]);
    expect((await run('keys', 'status')).out).toMatch(/Master key version 1: current/);
  });

  it('says why keys cannot be had', async () => {
    const keyring = join(sceau.home, 'keyring.json');
    await chmod(keyring, 0o644);
    const { code, complaint } = await spawnCommand(sceau, ['keys', 'status']);
    await chmod(keyring, 0o600);
    expect([code, complaint]).toEqual([1, expect.stringMatching(/chmod 600.*\(keys_unavailable\)/)]);
  });

  it('loads no demo in production', async () => {
    const production = {
      NODE_ENV: 'production',
      DATABASE_URL: sceau.database.ownerUrl,
      PUBLIC_URL: 'https://candidatures.example.fr',
      TRUSTED_PROXIES: '10.0.0.1',
      LOCAL_KEYRING_IN_PRODUCTION: 'yes',
      LEDGER_ORIGIN: 'candidatures.example.fr/audit',
      MAIL_MODE: 'smtp',
      SMTP_URL: 'smtps://mail.example.fr',
    };
    const flag = await runWith(production, 'prepare', '--demo');
    expect([flag.code, flag.complaint]).toEqual([1, expect.stringContaining('prepare --demo is refused')]);
    const variable = await runWith({ ...production, SCEAU_DEMO: 'yes' }, 'prepare');
    expect([variable.code, variable.complaint]).toEqual([
      1,
      expect.stringContaining('SCEAU_DEMO must be no'),
    ]);
    expect(await sceau.database.query('SELECT 1 FROM vacancies.vacancy')).toEqual([]);
  }, 60_000);

  it('is called sceau, and has a version', async () => {
    expect((await spawnCommand(sceau, ['agency', '--help'])).out).toContain('Usage: sceau agency ');
    expect((await spawnCommand(sceau, ['--version'])).out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
