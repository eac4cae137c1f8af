import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { INestApplicationContext } from '@nestjs/common';
import { createApplication } from '../../../src/application.js';
import type { Settings } from '../../../src/platform/config/settings.js';
import { createLocalKeyring } from '../../../src/sealing/index.js';
import { createWorker } from '../../../src/worker.module.js';
import { PersonClient } from '../../../tools/client/person.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { testSettings } from '../../support/settings.js';
import { freePort } from '../../../tools/free-port.ts';

/** What a process connects for, and as whom. The ledger is read as its auditor, also for a candidate's own history. */
const OF_HTTP = {
  sceau: 'sceau_app',
  'sceau-auditor': 'sceau_auditor',
  'sceau-jobs': 'sceau_app',
  'sceau-keys': 'sceau_app',
  'sceau-keys-listen': 'sceau_app',
  'sceau-ledger': 'sceau_app',
  'sceau-ledger-listen': 'sceau_app',
  'sceau-limits': 'sceau_app',
};

describe('connections to the database', () => {
  let home: string;
  let database: TestDatabase;
  let settings: Settings;
  let running: INestApplicationContext | undefined;

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'sceau-connections-'));
    database = await createTestDatabase();
    settings = testSettings(database, home, await freePort());
    await createLocalKeyring(join(home, 'keyring.json'));
  });

  afterEach(async () => {
    await running?.close();
    await database.drop();
    await rm(home, { recursive: true, force: true });
  });

  /** Whoever is connected, but for this test, is whom its name says; and these, at least, are. */
  async function expectRoles(expected: Readonly<Record<string, string>>, present: string[]): Promise<void> {
    const rows = await database.query<{ name: string; role: string }>(
      `SELECT DISTINCT application_name AS name, usename::text AS role FROM pg_stat_activity
       WHERE datname = current_database() AND application_name <> 'sceau-test'`,
    );
    for (const { name, role } of rows) expect([name, role]).toEqual([name, expected[name]]);
    expect(rows.map(({ name }) => name)).toEqual(expect.arrayContaining(present));
  }

  it('of the HTTP process are those of the app, and of the auditor where the ledger is read', async () => {
    const app = await createApplication(settings);
    running = app;
    await app.listen({ host: settings.http.host, port: settings.http.port });
    const anyone = new PersonClient(settings.publicUrl);
    const body = { email: 'someone@example.fr', password: 'quatre chevaux bleus sur la digue', locale: 'fr' };
    const answers = [
      await anyone.request('/v1/registrations', { body }),
      await anyone.request('/v1/vacancies'),
      await anyone.request('/v1/ledger/checkpoint'),
      await anyone.request('/health/ready'),
    ];
    // Nobody signs a checkpoint while no worker runs.
    expect(answers.map(({ status }) => status)).toEqual([202, 200, 404, 200]);
    await expectRoles(OF_HTTP, [
      'sceau',
      'sceau-auditor',
      'sceau-jobs',
      'sceau-keys',
      'sceau-ledger',
      'sceau-limits',
    ]);
  });

  it('of the worker are the same and those of the sequencer', async () => {
    running = await createWorker(settings);
    await expectRoles({ ...OF_HTTP, 'sceau-sequencer': 'sceau_sequencer' }, [
      'sceau-jobs',
      'sceau-sequencer',
    ]);
  });
});
