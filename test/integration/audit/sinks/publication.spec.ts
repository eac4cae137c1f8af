import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { PersonClient } from '../../../../tools/client/person.ts';
import { Settings } from '../../../../src/platform/config/settings.js';
import { readSinks } from '../../../../src/platform/config/sink-urls.js';
import { record } from '../../../support/actors.js';
import { signInStaff } from '../../../support/staff.js';
import { type Sceau, startSceau } from '../../../support/sceau.js';
import { Collector } from '../../../support/witness/collector.ts';
import { ObjectStore } from '../../../support/witness/object-store.ts';
import { WitnessServer } from '../../../support/witness/witness-server.ts';
import { everyPage, exported, items } from '../fixture.js';

const PATIENCE_MS = 120_000;

async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error('It does not come about.');
    await pause(50);
  }
}

const withSinks = (settings: Settings, urls: readonly string[], store?: ObjectStore): Settings => {
  const targets = readSinks(urls.join(' '), true);
  if (targets === undefined) throw new Error('These are not sinks.');
  const sinks = { ...settings.ledger.sinks, targets, objectStoreKey: store?.key };
  return new Settings({ ...settings, ledger: { ...settings.ledger, sinks } });
};

interface Recorded {
  readonly action: string;
  readonly resource: string;
  readonly reason: string | null;
}

const recorded = (sceau: Sceau, action: string): Promise<Recorded[]> =>
  sceau.database.query<Recorded>(
    `SELECT action, resource_id AS resource, reason FROM audit.entry WHERE action = $1 ORDER BY leaf_index`,
    [action],
  );

describe('the publication of checkpoints', () => {
  const store = new ObjectStore('checkpoints');
  const collector = new Collector();
  const witness = new WitnessServer();
  let sceau: Sceau;
  let folder: string;

  beforeAll(async () => {
    await Promise.all([store.start(), collector.start(), witness.start()]);
    sceau = await startSceau({
      adjust: (settings) => {
        folder = join(settings.home, 'kept');
        return withSinks(
          settings,
          [
            `file://${folder}`,
            `s3://checkpoints/ledger?endpoint=${store.url}`,
            `syslog://127.0.0.1:${collector.port}`,
            `${witness.url}#${witness.verifier}`,
          ],
          store,
        );
      },
    });
  }, 60_000);

  afterAll(async () => {
    await sceau.stop();
    await Promise.all([store.stop(), collector.stop(), witness.stop()]);
  });

  const notesOfFolder = async (): Promise<readonly string[]> => {
    const names = await readdir(folder).catch(() => []);
    return Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  };

  it('gives every sink the checkpoints that are kept', async () => {
    const notes = (): Promise<{ note: string }[]> =>
      sceau.database.query('SELECT note FROM audit.checkpoint');
    await until(
      async () =>
        (await notesOfFolder()).length > 0 && store.objects.size > 0 && collector.messages.length > 0,
    );
    const kept = new Set((await notes()).map(({ note }) => note));
    const given = [
      ...(await notesOfFolder()),
      ...[...store.objects.values()].map(({ body }) => body),
      ...collector.messages.map((message) => {
        const { note }: { note: string } = JSON.parse(message.slice(message.indexOf('{')));
        return note;
      }),
    ];
    expect(given.filter((note) => !kept.has(note))).toEqual([]);
    expect([store.refusals, collector.garbage]).toEqual([[], []]);
  }, 90_000);

  it('says that a witness objects, once, and that it does not any more', async () => {
    await until(async () => (await recorded(sceau, 'ledger.sink_objected')).length > 0);
    await until(() => witness.answers.length >= 2);
    const objections = await recorded(sceau, 'ledger.sink_objected');
    expect(objections).toEqual([
      { action: 'ledger.sink_objected', resource: witness.url, reason: 'unknown_log' },
    ]);
    const key = await readFile(join(sceau.settings.ledger.stateDirectory, 'checkpoint-key.vkey'), 'utf8');
    witness.trust(key.trim());
    await until(async () => (await recorded(sceau, 'ledger.sink_recovered')).length > 0);
    const recoveries = await recorded(sceau, 'ledger.sink_recovered');
    expect(recoveries.map(({ resource }) => resource)).toEqual([witness.url]);
  }, 90_000);

  it('keeps the cosignatures beside the checkpoints', async () => {
    const auditor = await signInStaff(sceau, 'auditor');
    const cosigned = async (): Promise<readonly string[]> => {
      const checkpoints = await everyPage(auditor, '/v1/audit/checkpoints?limit=100');
      return checkpoints
        .map(({ note }) => String(note))
        .filter((note) => note.includes('witness.example/w1'));
    };
    await until(async () => (await cosigned()).length >= 2);
    for (const note of await cosigned()) {
      const [text = '', signatures = ''] = note.split('\n\n');
      const line = signatures.split('\n').find((candidate) => candidate.includes('witness.example/w1')) ?? '';
      expect(witness.hasSigned(line, `${text}\n`)).toBe(true);
    }
  }, 90_000);

  it('says that a sink is said to have more than there is, so that it would get nothing any more', async () => {
    const name = `file://${folder}`;
    await sceau.database.query('UPDATE audit.sink SET size = size + 1000000 WHERE name = $1', [name]);
    const objections = async (): Promise<readonly Recorded[]> =>
      (await recorded(sceau, 'ledger.sink_objected')).filter(({ resource }) => resource === name);
    await until(async () => (await objections()).length > 0);
    expect(await objections()).toEqual([{ action: 'ledger.sink_objected', resource: name, reason: 'fork' }]);
    await sceau.database.query('UPDATE audit.sink SET size = size - 1000000 WHERE name = $1', [name]);
  }, 90_000);

  it('says that a sink is behind, once, and that it has caught up', async () => {
    const name = `syslog://127.0.0.1:${collector.port}`;
    // The others, whose next checkpoint is on its way when the clock jumps, may seem behind for a moment.
    const ofSink = async (action: string): Promise<number> =>
      (await recorded(sceau, action)).filter(({ resource }) => resource === name).length;
    await collector.stop();
    const auditor = await signInStaff(sceau, 'auditor');
    sceau.clock.advance({ seconds: 90 });
    await until(async () => (await ofSink('ledger.sink_behind')) > 0);
    const alerts = items((await auditor.request('/v1/audit/alerts')).body);
    const alert = alerts.find(({ resource }) => record(resource)['id'] === name);
    expect(alert).toMatchObject({ action: 'ledger.sink_behind', level: 'warning', outcome: 'failed' });
    const answered = witness.answers.length;
    await auditor.request('/v1/audit/alerts');
    await until(() => witness.answers.length > answered);
    expect(await ofSink('ledger.sink_behind')).toBe(1);
    const before = collector.messages.length;
    await collector.start();
    await until(() => collector.messages.length > before);
    await until(async () => (await ofSink('ledger.sink_recovered')) > 0);
  }, 90_000);
});

describe('a ledger that nobody outside has seen for hours', () => {
  const collector = new Collector();
  let sceau: Sceau;

  beforeAll(async () => {
    await collector.start();
    sceau = await startSceau({
      adjust: (settings) =>
        withSinks(settings, [`syslog://127.0.0.1:${collector.port}`, 'syslog://127.0.0.1:9']),
    });
    await until(() => collector.messages.length > 0);
  }, 90_000);

  afterAll(async () => {
    await sceau.stop();
    await collector.stop();
  });

  const askForExport = async (auditor: PersonClient): Promise<readonly unknown[]> => {
    const { status, body } = await auditor.request('/v1/audit/export', { headers: { accept: '*/*' } });
    return [status, status === 200 ? undefined : record(body)['code']];
  };
  const signIn = (): Promise<PersonClient> => signInStaff(sceau, 'auditor');

  it('is exported as long as one sink of several is reached', async () => {
    sceau.clock.advance({ hours: 5 });
    const before = collector.messages.length;
    const auditor = await signIn();
    await until(() => collector.messages.length > before);
    expect(await askForExport(auditor)).toEqual([200, undefined]);
  }, 90_000);

  it('is not exported after four hours without any, which is recorded, and is again afterwards', async () => {
    await collector.stop();
    expect(await askForExport(await signIn())).toEqual([200, undefined]);
    sceau.clock.advance({ hours: 3, minutes: 50 });
    const auditor = await signIn();
    expect(await askForExport(auditor)).toEqual([200, undefined]);
    sceau.clock.advance({ minutes: 20 });
    expect(await askForExport(auditor)).toEqual([503, 'witnesses_unreachable']);
    const [refusal] = await sceau.database.query<{ outcome: string }>(
      `SELECT outcome FROM audit.entry WHERE action = 'audit.exported' ORDER BY leaf_index DESC LIMIT 1`,
    );
    expect(refusal?.outcome).toBe('refused');
    await collector.start();
    await until(async () => (await askForExport(auditor))[0] === 200);
    expect(await exported(auditor)).toContain('ledger.sink_behind');
  }, 300_000);
});
