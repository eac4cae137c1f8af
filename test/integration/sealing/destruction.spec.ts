import type { INestApplicationContext } from '@nestjs/common';
import pg from 'pg';
import type { CandidateId } from '../../../src/kernel/ids.js';
import { Settings } from '../../../src/platform/config/settings.js';
import { KeyRewrapping, MasterRotation, SubjectKeys } from '../../../src/sealing/index.js';
import { CONSENT } from '../../../src/sealing/rotation/master-rotation.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { RotationFixture, silent } from './rotation-fixture.js';

describe("destruction of a subject's keys", () => {
  const fixture = new RotationFixture();
  let oldStore: TestDatabase | undefined;

  afterEach(async () => {
    await oldStore?.drop();
    oldStore = undefined;
  });

  /** A backup of the subjects' keys as they are now, in a database of its own. */
  async function backUpKeyStore(): Promise<TestDatabase> {
    const copy = await createTestDatabase();
    const rows = await fixture.database.query('SELECT to_jsonb(k) AS row FROM keys.subject_key k');
    await copy.query(
      `INSERT INTO keys.subject_key SELECT k.* FROM jsonb_array_elements($1::jsonb) AS e,
         jsonb_populate_record(NULL::keys.subject_key, e -> 'row') AS k`,
      [JSON.stringify(rows)],
    );
    oldStore = copy;
    return copy;
  }

  const withKeyStore = (store: TestDatabase): Settings =>
    new Settings({
      ...fixture.settings,
      database: { ...fixture.settings.database, keystoreUrl: store.appUrl },
    });

  it('leaves nothing to open even with an older key store, once the master key version is retired', async () => {
    const rooms = await fixture.open();
    const [erased, other] = [await fixture.newSubject(rooms), await fixture.newSubject(rooms)];
    const [theirs, others] = [
      await fixture.seal(rooms, erased, 'Brest'),
      await fixture.seal(rooms, other, 'Quimper'),
    ];
    const backup = await backUpKeyStore();
    const open = async (process: INestApplicationContext) => ({
      erased: await fixture.opened(process, erased, theirs),
      other: await fixture.opened(process, other, others),
    });

    await rooms.get(SubjectKeys, { strict: false }).destroy(erased, 'erasure');
    expect(await open(rooms)).toEqual({ erased: undefined, other: 'Quimper' });
    // Until the version is gone, a backup of the key store still opens it: this is what the backup period is about.
    const restored = await fixture.open(withKeyStore(backup));
    expect(await open(restored)).toEqual({ erased: 'Brest', other: 'Quimper' });

    const rotation = rooms.get(MasterRotation, { strict: false });
    await rotation.rotate(fixture.context);
    await rooms.get(KeyRewrapping, { strict: false }).run(fixture.context, silent);
    await rotation.retire(fixture.context, 1, CONSENT);
    expect(await open(await fixture.open())).toEqual({ erased: undefined, other: 'Quimper' });
    // A process needs index keys to start; those of the backup do not unwrap any more, so it makes its own.
    await backup.query('DELETE FROM keys.index_key');
    expect(await open(await fixture.open(withKeyStore(backup)))).toEqual({
      erased: undefined,
      other: undefined,
    });
  });

  it('reaches the caches of other processes at once', async () => {
    const [one, two] = [await fixture.open(), await fixture.open()];
    const subject = await fixture.newSubject(one);
    const sealed = await fixture.seal(one, subject, 'Brest');
    expect(await fixture.opened(two, subject, sealed)).toBe('Brest');
    await one.get(SubjectKeys, { strict: false }).destroy(subject, 'erasure');
    expect(await fixture.opened(one, subject, sealed)).toBeUndefined();
    // A second change of another subject has been heard only after the first one.
    await fixture.heardBy(two);
    expect(await fixture.opened(two, subject, sealed)).toBeUndefined();
  });

  /** Destroys in a transaction of its own. @returns how many rows of which tables that has changed */
  async function rowsTouched(subject: CandidateId): Promise<readonly unknown[]> {
    const client = new pg.Client({ connectionString: fixture.database.ownerUrl });
    await client.connect();
    try {
      await client.query('BEGIN');
      await client.query(`SELECT keys.destroy_subject($1, 'erasure', now())`, [subject]);
      const { rows } = await client.query(
        `SELECT schemaname || '.' || relname AS table, (n_tup_ins + n_tup_upd + n_tup_del)::integer AS rows
         FROM pg_stat_xact_user_tables WHERE n_tup_ins + n_tup_upd + n_tup_del > 0 ORDER BY 1`,
      );
      await client.query('COMMIT');
      return rows;
    } finally {
      await client.end();
    }
  }

  it('takes one transaction, whatever the subject owns, and leaves a tombstone', async () => {
    const rooms = await fixture.open();
    const [poor, rich] = [await fixture.newSubject(rooms), await fixture.newSubject(rooms)];
    const sealed = await fixture.seal(rooms, rich, 'Brest');
    await fixture.database.query(
      `INSERT INTO platform.outgoing_mail (id, account_id, message, created_at)
       SELECT gen_random_uuid(), $1, $2, now() FROM generate_series(1, 50)`,
      [rich, sealed],
    );
    const touched = await rowsTouched(rich);
    expect(touched).toEqual(await rowsTouched(poor));
    expect(touched).toEqual([
      { table: 'keys.subject_key', rows: 1 },
      { table: 'keys.tombstone', rows: 1 },
    ]);
    const subject = rich;
    await rooms.get(SubjectKeys, { strict: false }).destroy(subject, 'again');
    const [state] = await fixture.database.query(
      `SELECT t.reason, (SELECT count(*)::integer FROM keys.subject_key k WHERE k.subject_id = t.subject_id) AS keys
       FROM keys.tombstone t WHERE subject_id = $1`,
      [subject],
    );
    expect(state).toEqual({ reason: 'erasure', keys: 0 });
  });

  describe('races with a new key', () => {
    const clients: pg.Client[] = [];

    afterEach(async () => {
      await Promise.all(clients.splice(0).map((client) => client.end()));
    });

    async function begun(text: string, subject: CandidateId): Promise<pg.Client> {
      const client = new pg.Client({ connectionString: fixture.database.appUrl });
      clients.push(client);
      await client.connect();
      await client.query('BEGIN');
      await client.query(text, [subject]);
      return client;
    }

    const ADD = `INSERT INTO keys.subject_key (subject_id, version, wrapped, master_version, created_at)
                 SELECT $1, 2, wrapped, 1, now() FROM keys.subject_key LIMIT 1`;
    const DESTROY = `SELECT keys.destroy_subject($1, 'erasure', now())`;

    const keysOf = (subject: CandidateId) =>
      fixture.database.query('SELECT version FROM keys.subject_key WHERE subject_id = $1', [subject]);

    it('and takes along one that is being stored', async () => {
      const rooms = await fixture.open();
      const subject = await fixture.newSubject(rooms);
      const adding = await begun(ADD, subject);
      const destroying = rooms.get(SubjectKeys, { strict: false }).destroy(subject, 'erasure');
      await fixture.waitsForALock();
      await adding.query('COMMIT');
      await destroying;
      expect(await keysOf(subject)).toEqual([]);
    });

    it('and refuses one that comes while it is under way', async () => {
      const rooms = await fixture.open();
      const subject = await fixture.newSubject(rooms);
      const destroying = await begun(DESTROY, subject);
      const creating = rooms.get(SubjectKeys, { strict: false }).create(subject);
      const outcome = creating.then(
        () => 'created',
        (error: unknown) => error,
      );
      await fixture.waitsForALock();
      await destroying.query('COMMIT');
      expect(await outcome).toMatchObject({ code: 'keys_unavailable' });
      expect(await keysOf(subject)).toEqual([]);
    });
  });
});
