import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createAgency, signUpCandidate } from '../../support/actors.js';
import { type Outcome, runCommand, type Variables } from '../../support/command-line.js';
import { signInStaff } from '../../support/staff.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { items } from '../audit/fixture.js';
import { eventually } from './fixture.js';
import { verifyAlone } from './oracles.js';
import { asSuperuser } from './tampering.js';

/** The operator's command line beside the running product. */
describe('sceau ledger', () => {
  let sceau: Sceau;
  const sceauLedger = (args: readonly string[], more: Variables = {}): Promise<Outcome> =>
    runCommand(sceau, args, more);
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
      output: expect.stringMatching(/^Verified: \d+ entries, test\.localhost\/audit\/1\.$/m),
    });
    const file = join(sceau.home, 'export.ndjson');
    expect(await sceauLedger(['ledger', 'export', file])).toMatchObject({
      code: 0,
      output: expect.stringMatching(/^(?:Exporting: \d+ of \d+\n)+$/),
    });
    expect(await sceauLedger(['ledger', 'export', file])).toMatchObject({
      code: 1,
      output: expect.stringContaining('file already exists'),
    });
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

  it.each(['ledger check', 'ledger status now', 'ledger export one two', 'ledger retain 2020-01'])(
    'does nothing when it is asked for what it does not know: sceau %s',
    async (words) => {
      const { code, output } = await sceauLedger(words.split(' '));
      expect([code, output]).toEqual([1, expect.stringContaining('too many arguments')]);
    },
  );

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
    expect(await sceauLedger(['ledger', 'verify', '--key', 'log+00000000+AAAA'])).toMatchObject({
      code: 2,
      output: expect.stringContaining('no verifier key'),
    });
    await atRest();
    await asSuperuser(sceau.database, async (query) => {
      await query(`UPDATE audit.entry SET outcome = 'refused' WHERE leaf_index = 2`);
    });
    const { code, output } = await sceauLedger(['ledger', 'verify']);
    expect(code).toBe(1);
    expect(output).toContain('BAD  entry 2: it is listed with another outcome than it has\n');
    expect(output).toMatch(/TAMPERED: the first bad entry is 2\.$/m);
    const auditor = await signInStaff(sceau, 'auditor');
    const alerts = await eventually(async () => {
      const found = items((await auditor.request('/v1/audit/alerts')).body);
      return found.length === 0 ? undefined : found;
    });
    expect(alerts).toMatchObject([
      {
        action: 'ledger.verification_failed',
        level: 'critical',
        actor: { kind: 'system', id: 'ledger.verify' },
        resource: { type: 'place', id: '2' },
        count: 1,
      },
    ]);
  }, 60_000);
});
