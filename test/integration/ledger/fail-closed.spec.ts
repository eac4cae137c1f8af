import { type SpiedFunction, spyOn } from 'jest-mock';
import pg from 'pg';
import { Ledger } from '../../../src/ledger/index.js';
import { Database } from '../../../src/platform/database/database.js';
import { Settings } from '../../../src/platform/config/settings.js';
import { Opener } from '../../../src/sealing/opening.js';
import { type CandidateActor, record, signUpCandidate } from '../../support/actors.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { agency, Dossiers } from '../disclosure/dossiers.js';
import { eventually, inTime, reading } from './fixture.js';
import { type Disk, smallDisk } from './full-disk.js';
import { Relay } from './relay.js';

const TELEPHONE = '+33612345678';
const UNAVAILABLE = { code: 'ledger_unavailable' };
/** What the ledger's own connections are called. */
const LEDGER = 'sceau-ledger';

/** The whole product while its ledger cannot be written: nothing personal leaves, nobody hangs, and it comes back. */
describe('without a ledger', () => {
  let sceau: Sceau;
  let relay: Relay;
  let candidate: CandidateActor;
  let desk: Dossiers;
  let opening: SpiedFunction<Opener['openMany']>;
  let owner: pg.Client;
  let disk: Disk;

  beforeAll(async () => {
    sceau = await startSceau({
      adjust: async (settings) => {
        relay = await Relay.to(settings.database.appUrl);
        return new Settings({
          ...settings,
          database: { ...settings.database, appUrl: relay.url },
          ledger: { ...settings.ledger, timeoutMs: 1_000 },
        });
      },
    });
    owner = new pg.Client({ connectionString: sceau.database.ownerUrl });
    await owner.connect();
    candidate = await signUpCandidate(sceau);
    await candidate.client.request('/v1/me/profile', {
      method: 'PUT',
      body: { identity: { givenName: 'Camille' }, contact: { telephone: TELEPHONE } },
      headers: { 'if-match': '"r0"' },
    });
    await atRest();
    disk = await smallDisk(owner);
    desk = new Dossiers(sceau);
    opening = spyOn(sceau.app.get(Opener, { strict: false }), 'openMany');
  }, 60_000);

  afterAll(async () => {
    await disk.remove();
    await owner.end();
    await sceau.stop();
    await relay.close();
  });

  const atRest = () =>
    eventually(async () => {
      const { rows } = await owner.query('SELECT 1 FROM audit.staging LIMIT 1');
      return rows.length === 0 ? true : undefined;
    });
  const profile = () => inTime(candidate.client.request('/v1/me/profile'));
  const isShown = (body: unknown) => JSON.stringify(body).includes(TELEPHONE);
  const shown = () =>
    eventually(async () => {
      const { status, body } = await profile();
      return status === 200 && isShown(body) ? true : undefined;
    });
  const isReady = async (): Promise<boolean> => (await fetch(`${sceau.url}/health/ready`)).status === 200;

  const failures: readonly (readonly [string, () => Promise<unknown>, () => Promise<unknown>])[] = [
    [
      'its grant is revoked',
      () => owner.query('REVOKE EXECUTE ON FUNCTION audit.append FROM sceau_app'),
      () => owner.query('GRANT EXECUTE ON FUNCTION audit.append TO sceau_app'),
    ],
    ['the disk is full', () => disk.fill(), () => disk.free()],
    ['its server hangs', () => Promise.resolve(relay.freeze(LEDGER)), () => Promise.resolve(relay.thaw())],
    [
      'its table is locked by somebody who hangs',
      () => owner.query('BEGIN; LOCK TABLE audit.staging IN ACCESS EXCLUSIVE MODE'),
      () => owner.query('ROLLBACK'),
    ],
  ];

  it.each(failures)(
    'nothing personal leaves while %s, and it comes back by itself',
    async (_, fail, repair) => {
      const context = agency();
      const dossier = await desk.application(context);
      await shown();
      opening.mockClear();
      try {
        await fail();
        const answers = await Promise.all(Array.from({ length: 8 }, profile));
        for (const { status, body, headers } of answers) {
          expect(status).toBe(503);
          expect(record(body)).toMatchObject(UNAVAILABLE);
          expect(headers.get('retry-after')).toBe('1');
          expect(isShown(body)).toBe(false);
        }
        await expect(inTime(desk.review(context, dossier))).rejects.toMatchObject(UNAVAILABLE);
        expect(opening).not.toHaveBeenCalled();
        expect(await isReady()).toBe(false);
      } finally {
        await repair();
      }
      await shown();
      expect(opening).toHaveBeenCalled();
      await eventually(async () => ((await isReady()) ? true : undefined));
      expect(await desk.review(context, dossier)).toMatchObject([{ outcome: 'released' }]);
    },
    60_000,
  );

  it('nothing personal leaves when its connections are killed in the middle of an append', async () => {
    await shown();
    await owner.query('BEGIN; LOCK TABLE audit.staging IN ACCESS EXCLUSIVE MODE');
    opening.mockClear();
    const answers = Promise.all(Array.from({ length: 4 }, profile));
    await eventually(async () => {
      const { rows } = await owner.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND application_name = $1 AND wait_event_type = 'Lock'`,
        [LEDGER],
      );
      return rows.length > 0 ? true : undefined;
    });
    for (const { status, body } of await answers)
      expect([status, record(body)['code'], isShown(body)]).toEqual([503, 'ledger_unavailable', false]);
    expect(opening).not.toHaveBeenCalled();
    await owner.query('ROLLBACK');
    await shown();
  }, 60_000);

  it('has its own connections: business that holds all of its own can still be recorded', async () => {
    const ledger = sceau.app.get(Ledger, { strict: false });
    const database = sceau.app.get(Database, { strict: false });
    const { poolSize } = sceau.settings.database;
    let waiting = 0;
    let begin: () => void = () => undefined;
    const all = new Promise<void>((resolve) => (begin = resolve));
    const receipts = Array.from({ length: poolSize }, () =>
      database.run({ kind: 'system' }, async () => {
        waiting += 1;
        if (waiting === poolSize) begin();
        await all;
        return ledger.append(reading(), 'sequenced');
      }),
    );
    expect(await inTime(Promise.all(receipts))).toHaveLength(poolSize);
  });

  it('shows nobody several candidates when the tree falls behind, and nobody anything when it is lost', async () => {
    const context = agency();
    const [one, two] = [await desk.application(context), await desk.application(context)];
    const grown = (seconds: number) =>
      owner.query(`UPDATE audit.staging SET staged_at = clock_timestamp() - make_interval(secs => $1)`, [
        seconds,
      ]);
    // The sequencer fails at every batch: the backlog grows.
    await owner.query('REVOKE DELETE ON audit.staging FROM sceau_sequencer');
    await profile();
    await grown(40);
    const refused = eventually(async () => ((await isReady()) ? undefined : true));
    await refused;
    await expect(desk.review(context, one, two)).rejects.toMatchObject(UNAVAILABLE);
    const ledger = sceau.app.get(Ledger, { strict: false });
    const [subject] = reading().subjects ?? [];
    if (subject === undefined) throw new Error('Nobody is read.');
    const several = { ...reading(), subjects: [subject, subject] };
    await expect(ledger.append(several, 'staged')).rejects.toMatchObject(UNAVAILABLE);
    await ledger.append(reading(), 'staged');
    expect((await profile()).status).toBe(200);
    await grown(400);
    await eventually(async () => ((await profile()).status === 503 ? true : undefined));
    await owner.query('GRANT DELETE ON audit.staging TO sceau_sequencer');
    await shown();
    await eventually(async () => ((await isReady()) ? true : undefined));
    expect(await desk.review(context, one, two)).toMatchObject([
      { outcome: 'released' },
      { outcome: 'released' },
    ]);
  }, 60_000);
});
