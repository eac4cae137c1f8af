import { createDemo } from '../../../src/cli/demo/load-demo.js';
import { type Id, newId, type SubjectId } from '../../../src/kernel/ids.js';
import { INSTALLATION, SubjectKeys, SubjectRotation } from '../../../src/sealing/index.js';
import { SubjectResealing } from '../../../src/sealing/rotation/resealing.js';
import { SEALED_TABLES } from '../../../src/sealing/rotation/sealed-rows.js';
import { SubjectRotationStore } from '../../../src/sealing/rotation/subject-rotation-store.js';
import { KeyProvider } from '../../../src/sealing/providers/key-provider.js';
import { takeTour } from '../../../tools/tour/tour.ts';
import { systemContext } from '../../support/actors.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { eventually, holding, kill, startCommand, waitsForALock } from './rotation-fixture.js';
import { type SealedValue, sealedValues, valuesOf } from './sealed-values.js';

describe("rotation of one subject's key", () => {
  let sceau: Sceau;
  let candidate: SubjectId;
  let agency: SubjectId;
  const context = systemContext();

  /** The whole main job has happened: every place that it uses holds something. */
  beforeAll(async () => {
    sceau = await startSceau();
    const credentials = await createDemo(sceau.app, () => undefined);
    if (credentials === undefined) throw new Error('The demo goes into an empty database.');
    await takeTour({
      base: sceau.url,
      credentials,
      isKept: true,
      readMail: async (address) => (await sceau.mailTo(address)).text,
      write: () => undefined,
      watch: () => undefined,
    });
    // Mail comes and goes by itself until the last one is sent.
    await eventually(
      async () => (await sceau.database.query('SELECT FROM platform.outgoing_mail')).length === 0,
    );
    candidate = await subjectFrom('SELECT candidate_id::text AS id FROM candidates.profile');
    agency = await subjectFrom(
      'SELECT agency_id::text AS id FROM oauth.record r JOIN agencies.client c ON c.id = r.client_id',
    );
  }, 120_000);

  afterAll(() => sceau.stop());

  async function subjectFrom(text: string): Promise<SubjectId> {
    const [row] = await sceau.database.query<{ id: Id<'subject'> }>(text);
    if (row === undefined) throw new Error('The tour leaves one behind.');
    return row.id;
  }

  const service = <T>(type: abstract new (...given: never[]) => T): T =>
    sceau.app.get<T>(type, { strict: false });
  const rotate = (subject: SubjectId) => service(SubjectRotation).rotate(context, subject);
  const command = (...words: string[]) => startCommand(sceau, ...words);
  const all = () => sealedValues(sceau.database, sceau.app);
  const own = (subject: SubjectId) => valuesOf(sceau.database, sceau.app, subject);
  const said = (values: readonly SealedValue[]) =>
    values.map(({ place, row, text }) => `${place} ${row} ${text}`).toSorted();
  const versionsOf = (values: readonly SealedValue[]) => [...new Set(values.map(({ version }) => version))];
  const keysOf = async (subject: SubjectId): Promise<number[]> => {
    const rows = await sceau.database.query<{ version: number }>(
      'SELECT version FROM keys.subject_key WHERE subject_id = $1 ORDER BY 1',
      [subject],
    );
    return rows.map(({ version }) => version);
  };

  it('knows every sealed column of the catalogue, and every one is fenced', async () => {
    const sealed = await sceau.database.query<{ name: string; fenced: boolean }>(
      `SELECT a.attrelid::regclass || '.' || a.attname AS name, EXISTS (
         SELECT FROM pg_trigger t WHERE t.tgrelid = a.attrelid AND t.tgname = 'fence_sealed' AND a.attnum = ANY(t.tgattr)
       ) AS fenced
       FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY(c.conkey)
       WHERE c.contype = 'c' AND a.atttypid = 'bytea'::regtype
         AND (pg_get_constraintdef(c.oid) LIKE '%is_sealed(%' OR pg_get_constraintdef(c.oid) LIKE '%get_byte(%')
       ORDER BY 1`,
    );
    const known = SEALED_TABLES.flatMap(({ table, columns }) =>
      columns.map(({ column }) => `${table}.${column}`),
    );
    expect(sealed.map(({ name }) => name)).toEqual(known.toSorted());
    // Whoever adds a sealed column calls platform.fence_sealed for its table.
    expect(sealed.filter(({ fenced }) => !fenced)).toEqual([]);
  });

  it.each([
    ['a candidate', () => candidate, 12],
    ['an agency', () => agency, 1],
    ['the installation', () => INSTALLATION, 2],
  ])('puts all that belongs to %s under the new version and nothing else', async (_, of, least) => {
    const subject = of();
    const before = await all();
    const old = before.find((value) => value.subject === subject)?.version ?? 0;
    expect(before.filter(({ text }) => text === undefined)).toEqual([]);
    const { values, version, isComplete } = await rotate(subject);
    expect([version, isComplete]).toEqual([old + 1, true]);
    expect(values).toBeGreaterThanOrEqual(least);
    const after = await all();
    expect(said(after)).toEqual(said(before));
    expect(versionsOf(await own(subject))).toEqual([version]);
    const others = (list: readonly SealedValue[]) => list.filter((value) => value.subject !== subject);
    expect(others(after)).toEqual(others(before));
    expect(await keysOf(subject)).toEqual([version]);
  });

  it('goes on where kill -9 has stopped it before anything was resealed', async () => {
    const before = await own(candidate);
    const [old = 0] = versionsOf(before);
    const release = await holding(
      sceau.database,
      'SELECT FROM candidates.profile WHERE candidate_id = $1 FOR UPDATE',
      [candidate],
    );
    const first = command('keys', 'rotate', '--subject', candidate);
    await waitsForALock(sceau.database);
    await kill(sceau.database, first);
    await release();
    expect(await keysOf(candidate)).toEqual([old, old + 1]);
    expect((await command('keys', 'status').ended).output).toContain(`Subject ${candidate}: being renewed`);
    expect(await own(candidate)).toEqual(before);
    expect(await command('keys', 'rotate', '--subject', candidate).ended).toMatchObject({ code: 0 });
    expect(said(await own(candidate))).toEqual(said(before));
    expect(versionsOf(await own(candidate))).toEqual([old + 1]);
    expect(await keysOf(candidate)).toEqual([old + 1]);
  });

  it('goes on where kill -9 has stopped it before the old key was deleted, and records it once', async () => {
    const recorded = () =>
      sceau.database.query(
        `SELECT (SELECT count(*) FROM audit.entry WHERE action = 'key.subject_rotated')
              + (SELECT count(*) FROM audit.staging WHERE convert_from(envelope, 'UTF8') LIKE '%key.subject_rotated%') AS entries`,
      );
    const before = await own(candidate);
    const [old = 0] = versionsOf(before);
    const release = await holding(
      sceau.database,
      'SELECT FROM keys.subject_key WHERE subject_id = $1 FOR UPDATE',
      [candidate],
    );
    const first = command('keys', 'rotate', '--subject', candidate);
    await waitsForALock(sceau.database);
    await kill(sceau.database, first);
    await release();
    expect(versionsOf(await own(candidate))).toEqual([old + 1]);
    expect(await keysOf(candidate)).toEqual([old, old + 1]);
    const entries = await recorded();
    expect(await command('keys', 'rotate', '--subject', candidate).ended).toMatchObject({
      code: 0,
      output: expect.stringContaining('0 value(s) resealed'),
    });
    expect(await keysOf(candidate)).toEqual([old + 1]);
    expect(said(await own(candidate))).toEqual(said(before));
    expect(await recorded()).toEqual(entries);
  });

  it('keeps the old key as long as a value does not open', async () => {
    const [old = 0] = versionsOf(await own(candidate));
    const damage = `UPDATE candidates.profile SET address = set_byte(address, 30, get_byte(address, 30) # 1)`;
    await sceau.database.query(`ALTER TABLE candidates.profile DISABLE TRIGGER fence_sealed`);
    await sceau.database.query(damage);
    expect(await command('keys', 'rotate', '--subject', candidate).ended).toMatchObject({
      code: 1,
      output: expect.stringContaining('1 value(s) do not open'),
    });
    expect(await keysOf(candidate)).toEqual([old, old + 1]);
    await sceau.database.query(damage);
    await sceau.database.query(`ALTER TABLE candidates.profile ENABLE TRIGGER fence_sealed`);
    expect(await rotate(candidate)).toMatchObject({ values: 1, unreadable: 0, isComplete: true });
    expect(await keysOf(candidate)).toEqual([old + 1]);
  });

  it('refuses a subject that has no key', async () => {
    await expect(rotate(newId<'subject'>(Date.now()))).rejects.toMatchObject({ code: 'not_found' });
  });

  describe('while somebody writes', () => {
    const profile = async (): Promise<Record<'address' | 'contact', Buffer>> => {
      const [row] = await sceau.database.query<Record<'address' | 'contact', Buffer>>(
        'SELECT address, contact FROM candidates.profile WHERE candidate_id = $1',
        [candidate],
      );
      if (row === undefined) throw new Error('The candidate has a profile.');
      return row;
    };
    const store = (address: Buffer, contact: Buffer) =>
      sceau.database.query(
        'UPDATE candidates.profile SET address = $2, contact = $3 WHERE candidate_id = $1',
        [candidate, address, contact],
      );

    /** As far as the end of resealing, as `SubjectRotation` goes. */
    async function reseal(): Promise<void> {
      const version = (await service(SubjectRotationStore).newestVersion(candidate)) + 1;
      const key = {
        key: Buffer.alloc(32, version),
        context: { purpose: 'subject-key', owner: candidate, version },
      } as const;
      const [wrapped] = await service(KeyProvider).wrapMany([key]);
      if (wrapped === undefined) throw new Error('Nothing was wrapped.');
      await service(SubjectRotationStore).begin(candidate, version, wrapped, new Date());
      const [older, target] = await service(SubjectKeys).find([
        { subject: candidate, version: version - 1 },
        { subject: candidate, version },
      ]);
      if (older === undefined || target === undefined) throw new Error('Both keys are there.');
      const keys = { all: new Map([older, target].map((one) => [one.version, one])), target };
      await service(SubjectResealing).run(context, candidate, keys);
    }

    it('leaves what a late writer carries along as it was resealed, and refuses what was sealed too late', async () => {
      const before = await own(candidate);
      const old = await profile();
      await reseal();
      const resealed = await profile();
      expect(resealed.address.equals(old.address)).toBe(false);
      await store(old.address, old.contact);
      expect(await profile()).toEqual(resealed);
      const late = Buffer.from(old.address);
      late.writeUInt8(late.readUInt8(40) ^ 1, 40);
      await expect(store(late, resealed.contact)).rejects.toMatchObject({ code: '40001' });
      expect(await rotate(candidate)).toMatchObject({ isComplete: true });
      expect(said(await own(candidate))).toEqual(said(before));
      // Nobody can carry it along any more.
      await expect(store(old.address, old.contact)).rejects.toMatchObject({ code: '40001' });
    });

    it('waits for a writer that has stored and not committed', async () => {
      const before = await own(candidate);
      const old = await profile();
      const release = await holding(
        sceau.database,
        'UPDATE candidates.profile SET address = $2, revision = revision + 1 WHERE candidate_id = $1',
        [candidate, Buffer.from(old.address)],
      );
      const resealing = reseal();
      await waitsForALock(sceau.database);
      await release();
      await resealing;
      await rotate(candidate);
      expect(versionsOf(await own(candidate))).toHaveLength(1);
      expect(said(await own(candidate))).toEqual(said(before));
    });
  });
});
