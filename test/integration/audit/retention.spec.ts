import { spyOn } from 'jest-mock';
import pg from 'pg';
import { newId } from '../../../src/kernel/ids.js';
import { type AccessProof, LedgerExport, Retention, SubjectHistory } from '../../../src/ledger/index.js';
import { leafHash, rootOf, verifyConsistency, verifyInclusion } from '../../../src/ledger/merkle/index.js';
import { Database } from '../../../src/platform/database/database.js';
import { Rounds } from '../../../src/platform/jobs/rounds.js';
import { MovableClock } from '../../support/clock.js';
import { startSceau } from '../../support/sceau.js';
import { LedgerFixture, type LedgerProcess, reading } from '../ledger/fixture.js';

const HOURS_A_MONTH = 30.5 * 24;

describe('retention', () => {
  const fixture = new LedgerFixture();
  const { clock } = fixture;

  const monthNow = (): string => clock.now().toISOString().slice(0, 7);
  const passMonths = (months: number): void => clock.advance({ hours: Math.round(months * HOURS_A_MONTH) });
  /** So many months with three entries in each, and the clock at the end of them. */
  async function fillMonths(process: LedgerProcess, months: number): Promise<readonly string[]> {
    const ids: string[] = [];
    for (let month = 0; month < months; month += 1) {
      ids.push(...(await process.append(3, 'sequenced')));
      passMonths(1);
    }
    return ids;
  }
  const count = async (table: string): Promise<number> => {
    const [row] = await fixture.database.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`);
    return row?.n ?? 0;
  };
  const said = () =>
    fixture.database.query<{ month: string; count: number }>(
      `SELECT resource_id AS month, count FROM audit.entry WHERE action = 'ledger.month_dropped' ORDER BY leaf_index`,
    );

  beforeEach(() => passMonths((Date.now() - clock.now().getTime()) / 3_600_000 / HOURS_A_MONTH));

  it('drops the contents of the months whose time is over, and only those', async () => {
    passMonths(-16);
    const process = await fixture.startSequencing();
    const ids = await fillMonths(process, 16);
    const retention = process.context.get(Retention);
    const limit = new Date(Date.UTC(clock.now().getUTCFullYear() - 1, clock.now().getUTCMonth(), 1));
    const before = await retention.months();
    expect(before.map(({ month }) => month)).toEqual(
      before.map(({ month }) => month).toSorted((a, b) => (a < b ? -1 : 1)),
    );
    const due = before.filter(({ state }) => state === 'due').map(({ month }) => month);
    expect(due.length).toBeGreaterThanOrEqual(3);
    expect(due.every((month) => month < limit.toISOString().slice(0, 7))).toBe(true);
    const tiles = await count('audit.tile');

    const dropped = await retention.drop();
    expect(dropped.map(({ month, state }) => [month, state])).toEqual(due.map((month) => [month, 'dropped']));
    for (const table of ['leaf', 'entry', 'subject_record'])
      expect(await count(`audit.${table} WHERE at < '${limit.toISOString()}'`)).toBe(0);
    const partitions = await fixture.database.query<{ name: string }>(
      `SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent::regclass::text ~ '^audit'`,
    );
    expect(
      partitions.filter(({ name }) => due.some((month) => name.endsWith(month.replace('-', '_')))),
    ).toEqual([]);
    expect(await count('audit.tile')).toBeGreaterThanOrEqual(tiles);
    expect((await said()).map(({ month }) => month)).toEqual(due);
    const missing = dropped.reduce((sum, { entries }) => sum + entries, 0);
    expect((await said()).reduce((sum, row) => sum + row.count, 0)).toBe(missing);
    expect(missing + (await count('audit.leaf'))).toBe((await process.tree.newestCheckpoint())?.size);
    const after = await retention.months();
    expect(after.filter(({ state }) => state === 'dropped').map(({ month }) => month)).toEqual(due);
    expect(await retention.drop()).toEqual([]);
    expect((await process.reader.entry(ids.at(-1) ?? '')).action).toBe('application.disclosed');
    await expect(process.reader.entry(ids[0] ?? '')).rejects.toThrow('not_found');
  }, 60_000);

  it('leaves every proof as good as it was, and the tree to be continued', async () => {
    passMonths(-16);
    const process = await fixture.startSequencing();
    const candidate = newId<'candidate'>(clock.now().getTime());
    await process.ledger.append(reading(candidate), 'sequenced');
    const [id = ''] = await process.append(1, 'sequenced');
    const old = await process.tree.proof(id);
    const [access] = await process.context.get(SubjectHistory).of(candidate, 1);
    const own: AccessProof | undefined = access?.proof;
    const keptIds = await fillMonths(process, 16);
    await process.context.get(Retention).drop();

    const checkpoint = await fixture.checkpoint(old.checkpoint.note);
    expect(
      verifyInclusion(old.hashes, leafHash(old.envelope), old.index, checkpoint.size, checkpoint.root),
    ).toBe(true);
    const [record] = own?.records ?? [];
    const root = Buffer.from(JSON.parse(own?.envelope.toString() ?? '{}').subjectsRoot, 'base64url');
    expect(
      record && verifyInclusion(record.hashes, leafHash(record.record), record.position, record.size, root),
    ).toBe(true);

    const [later = ''] = await process.append(1, 'sequenced');
    for (const kept of [keptIds.at(-1) ?? '', later]) {
      const proof = await process.tree.proof(kept);
      const newest = await fixture.checkpoint(proof.checkpoint.note);
      expect(
        verifyInclusion(proof.hashes, leafHash(proof.envelope), proof.index, newest.size, newest.root),
      ).toBe(true);
      const growth = await process.tree.consistency(checkpoint.size, newest.size);
      expect(verifyConsistency(growth, checkpoint, newest)).toBe(true);
      // What was held before can be held against the newest checkpoint too: its hashes are still there.
      const [path = []] = await process.tree.inclusion([old.index], newest.size);
      expect(verifyInclusion(path, leafHash(old.envelope), old.index, newest.size, newest.root)).toBe(true);
    }
    await fixture.stop(process);
    const restarted = await fixture.startSequencing();
    expect(await restarted.append(1, 'sequenced')).toHaveLength(1);
  }, 60_000);

  it('exports the hashes of what is gone, so that the root can still be recomputed', async () => {
    passMonths(-15);
    const process = await fixture.startSequencing();
    await fillMonths(process, 15);
    const [mixed] = await process.context.get(Retention).drop();
    expect(mixed?.entries).toBeGreaterThan(0);
    const { size = 0, note = '' } = (await process.tree.newestCheckpoint()) ?? {};
    const hashes: Buffer[] = [];
    let gone = 0;
    for await (const batch of process.context.get(LedgerExport).places({}, size)) {
      for (const place of batch) {
        expect(place.index).toBe(hashes.length);
        const { stored, hash = Buffer.alloc(0) } = place;
        if (stored === undefined) gone += 1;
        hashes.push(stored === undefined ? hash : leafHash(stored.envelope));
      }
    }
    expect(gone).toBeGreaterThan(0);
    expect(rootOf(hashes)).toEqual((await fixture.checkpoint(note)).root);
  }, 60_000);

  it('goes on saying how much is gone when what said so is dropped in its turn', async () => {
    passMonths(-29);
    const process = await fixture.startSequencing();
    const retention = process.context.get(Retention);
    await fillMonths(process, 15);
    const first = await retention.drop();
    expect(first.length).toBeGreaterThan(0);
    passMonths(14);
    await process.append(3, 'sequenced');
    const second = await retention.drop();
    expect(second.length).toBeGreaterThan(first.length);
    const size = (await process.tree.newestCheckpoint())?.size ?? 0;
    const missing = size - (await count('audit.leaf'));
    expect((await said()).reduce((sum, row) => sum + row.count, 0)).toBe(missing);
    expect((await said()).map(({ month }) => month)).not.toContain(first[0]?.month);
  }, 90_000);

  it('says it once when it was interrupted before it was done', async () => {
    passMonths(-14);
    const process = await fixture.startSequencing();
    const month = monthNow();
    await process.append(2, 'sequenced');
    passMonths(14);
    const context = {
      requestId: newId<'request'>(Date.now()),
      actor: { kind: 'system', name: 'retention' },
      locale: 'en',
      address: 'local',
    } as const;
    await process.ledger.append(
      { action: 'ledger.month_dropped', context, resource: month, count: 3 },
      'sequenced',
    );
    const [dropped] = await process.context.get(Retention).drop();
    expect(dropped).toEqual({ month, entries: 3, state: 'dropped' });
    expect(await said()).toEqual([{ month, count: 3 }]);
  }, 60_000);

  it('says it once when it is not sequenced at first', async () => {
    passMonths(-14);
    const first = await fixture.startSequencing();
    const month = monthNow();
    await first.append(2, 'sequenced');
    await fixture.stop(first);
    passMonths(14);
    for (let time = 0; time < 2; time += 1) {
      const waiting = await fixture.start();
      await expect(waiting.context.get(Retention).drop()).rejects.toThrow('ledger_unavailable');
      // What a slow database stages after its time is there before the next one looks.
      await fixture.stop(waiting);
    }
    const last = await fixture.startSequencing();
    await fixture.sequenced();
    expect((await last.context.get(Retention).drop()).map((row) => row.month)).toEqual([month]);
    expect((await said()).map((row) => row.month)).toEqual([month]);
  }, 60_000);

  it('says it once when two are at it at the same time', async () => {
    passMonths(-15);
    const first = await fixture.startSequencing();
    await fillMonths(first, 15);
    const second = await fixture.start();
    const due = await first.context.get(Retention).due();
    expect(due.length).toBeGreaterThan(1);
    const dropped = await Promise.all(
      [first, second].map((process) => process.context.get(Retention).drop()),
    );
    expect(dropped.flat().map(({ month }) => month)).toEqual(due.map(({ month }) => month));
    expect((await said()).map(({ month }) => month)).toEqual(due.map(({ month }) => month));
  }, 60_000);

  it.each(['2026-13', 'now', '', '9999-01'])('does not drop what is before “%s”', async (before) => {
    const process = await fixture.start();
    await expect(process.context.get(Retention).drop({ before })).rejects.toThrow('invalid_request');
  });

  it('does not drop what is still to be kept, whoever asks the database', async () => {
    passMonths(-14);
    const process = await fixture.startSequencing();
    const old = `${monthNow()}-01`;
    await process.append(1, 'sequenced');
    passMonths(14);
    const young = `${monthNow()}-01`;
    await process.append(1, 'sequenced');
    const attempt = async (url: string, month: string): Promise<string> => {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      try {
        await client.query('SELECT audit.drop_month($1::date)', [month]);
        return 'dropped';
      } catch (error) {
        return error instanceof Error ? error.message : 'lost';
      } finally {
        await client.end();
      }
    };
    const { sequencerUrl, appUrl, auditorUrl } = fixture.database;
    expect(await attempt(sequencerUrl, young)).toBe('the ledger keeps twelve months');
    expect(await attempt(sequencerUrl, old)).toBe('the ledger does not say so yet');
    expect(await attempt(appUrl, old)).toMatch(/permission denied/);
    expect(await attempt(auditorUrl, old)).toMatch(/permission denied/);
    expect(await count('audit.leaf')).toBe(3);
  }, 60_000);

  it('takes nothing back into the tree that was of a dropped month', async () => {
    passMonths(-14);
    const process = await fixture.startSequencing();
    const database = process.context.get(Database);
    await database.run({ kind: 'system' }, (manager) => process.ledger.stage(manager, reading()));
    await process.append(1, 'sequenced');
    const [kept] = await fixture.database.query<Record<string, unknown>>(
      `SELECT l.envelope, l.writer, l.n, l.signature, e.entry_id,
         (SELECT r.record || '\\x0a'::bytea FROM audit.subject_record r WHERE r.leaf_index = l.leaf_index) AS subjects
       FROM audit.leaf l JOIN audit.entry e USING (leaf_index)
       JOIN audit.writer w ON w.writer = l.writer WHERE w.stream = 'changes'`,
    );
    passMonths(14);
    await process.context.get(Retention).drop();
    const size = (await process.tree.newestCheckpoint())?.size;
    await fixture.database.query(
      `INSERT INTO audit.staging (entry_id, writer, n, envelope, subjects, signature) VALUES ($1, $2, $3, $4, $5, $6)`,
      [
        kept?.['entry_id'],
        kept?.['writer'],
        kept?.['n'],
        kept?.['envelope'],
        kept?.['subjects'],
        kept?.['signature'],
      ],
    );
    await process.append(1, 'sequenced');
    const refused = await fixture.database.query('SELECT objection FROM audit.quarantine');
    expect(refused).toEqual([{ objection: 'replayed' }]);
    expect(size).toBeDefined();
  }, 60_000);
});

describe('the worker', () => {
  it('drops what is due when it is time, though nobody has queued it', async () => {
    const drop = spyOn(Retention.prototype, 'drop').mockResolvedValue([]);
    const clock = new MovableClock();
    const now = clock.now();
    const night = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 2, 2, 59);
    clock.advance({ seconds: (night - now.getTime()) / 1_000 });
    const sceau = await startSceau({ clock });
    try {
      const rounds = sceau.worker.get(Rounds, { strict: false });
      // Not by a job: somebody keeps the queue full.
      await sceau.database.query(
        `INSERT INTO jobs.job (name, singleton_key, policy, start_after)
         SELECT name, name, policy, now() + interval '9 years' FROM jobs.queue WHERE name = 'retention'`,
      );
      await rounds.turn();
      expect(drop).not.toHaveBeenCalled();
      clock.advance({ minutes: 6 });
      await rounds.turn();
      expect(drop).toHaveBeenCalledTimes(1);
    } finally {
      await sceau.stop();
      drop.mockRestore();
    }
  }, 60_000);
});
