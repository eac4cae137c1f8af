import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createAgency, signUpCandidate } from '../../support/actors.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { eventually } from './fixture.js';
import { type Verdict, verifyAlone } from './oracles.js';
import { asSuperuser } from './tampering.js';

const CLI = join(import.meta.dirname, '../../../dist/cli/main.js');

/** The operator's command line, as a process of its own beside the running product. */
describe('sceau ledger', () => {
  let sceau: Sceau;
  const sceauLedger = (args: readonly string[], more: Record<string, string> = {}): Promise<Verdict> => {
    const { settings, home } = sceau;
    const env = {
      SCEAU_HOME: home,
      DATABASE_APP_URL: settings.database.appUrl,
      DATABASE_AUDITOR_URL: settings.database.auditorUrl,
      DATABASE_SEQUENCER_URL: settings.database.sequencerUrl,
      LEDGER_ORIGIN: settings.ledger.origin,
      ...more,
    };
    return new Promise((resolve) => {
      execFile(process.execPath, [CLI, ...args], { env, timeout: 60_000 }, (error, stdout, stderr) => {
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, output: stdout + stderr });
      });
    });
  };
  const atRest = () =>
    eventually(async () => {
      const rows = await sceau.database.query('SELECT 1 FROM audit.staging LIMIT 1');
      return rows.length === 0 ? true : undefined;
    });

  beforeAll(async () => {
    sceau = await startSceau();
    const { client } = await signUpCandidate(sceau);
    await createAgency(sceau);
    await client.request('/v1/me/profile');
    await atRest();
  }, 60_000);
  afterAll(() => sceau.stop());

  it('records what operators do', async () => {
    const args = ['staff', 'invite', '--email', 'auditrice@example.fr', '--role', 'auditor'];
    expect(await sceauLedger(args)).toMatchObject({
      code: 0,
      output: expect.stringContaining('Invited'),
    });
    const actors = await eventually(async () => {
      const rows = await sceau.database.query<{ actor: string }>(
        `SELECT actor_id AS actor FROM audit.entry WHERE action LIKE 'staff.%'`,
      );
      return rows.length === 0 ? undefined : rows;
    });
    expect(actors).toEqual([{ actor: 'staff.invite' }]);
  });

  it('says how the ledger is', async () => {
    const { code, output } = await sceauLedger(['ledger', 'status']);
    expect(code).toBe(0);
    expect(output).toMatch(/^Checkpoint {3}\d+ entries, signed .+\nState file {3}\d+ entries, epoch 1\n/);
    expect(output).toMatch(/Signing {6}yes\n$/);
  });

  it('verifies a ledger that is in use, and so does whoever has the export', async () => {
    expect(await sceauLedger(['ledger', 'verify'])).toMatchObject({
      code: 0,
      output: expect.stringMatching(/^Verified: \d+ entries, test\.localhost\/audit\/1\.\n$/),
    });
    const file = join(sceau.home, 'export.ndjson');
    expect(await sceauLedger(['ledger', 'export', file])).toEqual({ code: 0, output: '' });
    const key = join(sceau.settings.ledger.stateDirectory, 'checkpoint-key.vkey');
    expect(await verifyAlone(file, '--key', key)).toMatchObject({ code: 0 });
    const text = await readFile(file, 'utf8');
    expect(await sceauLedger(['ledger', 'export'])).toMatchObject({
      code: 0,
      output: expect.stringContaining('"count":'),
    });
    // Without its last line it is not known to be whole.
    await writeFile(file, text.slice(0, text.lastIndexOf('{"count"')));
    expect(await verifyAlone(file, '--key', key)).toMatchObject({ code: 2 });
  }, 60_000);

  it('reads the log over HTTP as well, by its hashes', async () => {
    const key = (
      await readFile(join(sceau.settings.ledger.stateDirectory, 'checkpoint-key.vkey'), 'utf8')
    ).trim();
    const kept = join(sceau.home, 'kept');
    await mkdir(kept);
    const checkpoint = await fetch(`${sceau.url}/v1/ledger/checkpoint`);
    await writeFile(join(kept, 'mine.txt'), await checkpoint.text());
    expect(await verifyAlone(`${sceau.url}/v1/ledger`, '--key', key, '--kept', kept)).toMatchObject({
      code: 0,
      output: expect.stringContaining('only their hashes are checked'),
    });
  });

  it('has no use for a new epoch while all is well', async () => {
    const { code, output } = await sceauLedger(['ledger', 'epoch', '--reason', 'restored_backup']);
    expect([code, output]).toEqual([1, expect.stringContaining('A sequencer is at work')]);
    const wrong = await sceauLedger(['ledger', 'epoch', '--reason', 'Because I say so']);
    expect([wrong.code, wrong.output]).toEqual([1, expect.stringContaining('snake_case')]);
  }, 60_000);

  it('tells tampering from not being able to tell', async () => {
    const nowhere = 'postgres://sceau_auditor:x@127.0.0.1:1/none';
    expect(await sceauLedger(['ledger', 'verify'], { DATABASE_AUDITOR_URL: nowhere })).toMatchObject({
      code: 2,
    });
    expect(await sceauLedger(['ledger', 'verify'], { LEDGER_STATE: join(sceau.home, 'none') })).toMatchObject(
      {
        code: 2,
        output: expect.stringContaining('no verifier key'),
      },
    );
    await atRest();
    await asSuperuser(sceau.database, async (query) => {
      await query(`UPDATE audit.entry SET outcome = 'refused' WHERE leaf_index = 2`);
    });
    const { code, output } = await sceauLedger(['ledger', 'verify']);
    expect(code).toBe(1);
    expect(output).toContain('BAD  entry 2: it is listed with another outcome than it has\n');
    expect(output).toMatch(/TAMPERED: the first bad entry is 2\.\n$/);
  }, 60_000);
});
