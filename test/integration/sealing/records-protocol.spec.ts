import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type INestApplicationContext, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { DataSource, type EntityManager } from 'typeorm';
import { newId } from '../../../src/kernel/ids.js';
import { ConfigModule } from '../../../src/platform/config/config.module.js';
import { Settings } from '../../../src/platform/config/settings.js';
import { LoggingModule } from '../../../src/platform/logging/logging.module.js';
import { MetricsModule } from '../../../src/platform/metrics/metrics.module.js';
import { createLocalKeyring, SealingModule, SecurityRecords } from '../../../src/sealing/index.js';
import type { StoredRecord } from '../../../src/sealing/records/security-records.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { testSettings } from '../../support/settings.js';

/** What becomes of a change when the process dies between the two stores, which are two databases here. */
describe('the revision of a security record', () => {
  let home: string;
  let data: TestDatabase;
  let keystore: TestDatabase;
  let source: DataSource;
  let process: INestApplicationContext;
  let records: SecurityRecords;

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'sceau-records-'));
    [data, keystore] = await Promise.all([createTestDatabase(), createTestDatabase()]);
    const settings = testSettings(data, home, 0);
    const apart = new Settings({
      ...settings,
      database: { ...settings.database, keystoreUrl: keystore.appUrl },
    });
    await createLocalKeyring(join(home, 'keyring.json'));
    @Module({ imports: [ConfigModule.with(apart), LoggingModule, MetricsModule, SealingModule] })
    class Process {}
    process = await NestFactory.createApplicationContext(Process, { logger: false, abortOnError: false });
    records = process.get(SecurityRecords);
    source = await new DataSource({
      type: 'postgres',
      url: data.ownerUrl,
      installExtensions: false,
    }).initialize();
    await source.query(
      'CREATE TABLE public.record (id uuid PRIMARY KEY, text text, revision integer, mac bytea)',
    );
  });

  afterAll(async () => {
    await source.destroy();
    await process.close();
    await data.drop();
    await keystore.drop();
    await rm(home, { recursive: true, force: true });
  });

  const contentOf = (id: string, text: string) =>
    ({ kind: 'agencies_client', id, columns: [['text', text]] }) as const;

  /** Writes the next revision in a transaction and leaves the key store as the process's death would. */
  async function write(manager: EntityManager, id: string, text: string): Promise<() => Promise<void>> {
    const { revision, mac, settle } = await records.stamp(manager, contentOf(id, text));
    await manager.query(
      `INSERT INTO public.record VALUES ($1, $2, $3, $4)
       ON CONFLICT (id) DO UPDATE SET text = excluded.text, revision = excluded.revision, mac = excluded.mac`,
      [id, text, revision, mac],
    );
    return settle;
  }

  const committed = (id: string, text: string): Promise<() => Promise<void>> =>
    source.transaction((manager) => write(manager, id, text));

  async function stored(id: string): Promise<StoredRecord> {
    const rows: { text: string; revision: number; mac: Buffer }[] = await source.query(
      'SELECT text, revision, mac FROM public.record WHERE id = $1',
      [id],
    );
    const [row] = rows;
    if (row === undefined) throw new Error('There is no such record.');
    return { ...contentOf(id, row.text), revision: row.revision, mac: row.mac };
  }

  const refusal = (record: StoredRecord) => source.transaction((manager) => records.refusal(manager, record));
  const known = async (id: string) =>
    (
      await keystore.query(
        'SELECT settled, begun, transaction IS NULL AS quiet FROM keys.record_revision WHERE record_id = $1',
        [id],
      )
    )[0];

  async function settledRecord(): Promise<string> {
    const id: string = newId<'client'>(Date.now());
    await (
      await committed(id, 'first')
    )();
    return id;
  }

  it('is known to the key store alone, where the data’s database cannot set it back', async () => {
    const id = await settledRecord();
    expect(await known(id)).toEqual({ settled: 1, begun: 1, quiet: true });
    expect(await data.query('SELECT 1 FROM keys.record_revision')).toEqual([]);
    expect(await refusal(await stored(id))).toBeUndefined();
  });

  it('stays when the process dies before the commit, and the next change takes another number', async () => {
    const id = await settledRecord();
    const rolledBack = source.transaction(async (manager) => {
      await write(manager, id, 'never');
      throw new Error('died');
    });
    await expect(rolledBack).rejects.toThrow('died');
    expect(await known(id)).toEqual({ settled: 1, begun: 2, quiet: false });
    expect(await refusal(await stored(id))).toBeUndefined();
    expect(await known(id)).toEqual({ settled: 1, begun: 2, quiet: true });
    await (
      await committed(id, 'second')
    )();
    expect((await stored(id)).revision).toBe(3);
    expect(await refusal(await stored(id))).toBeUndefined();
  });

  it('moves on when the process dies after the commit: the new row stands, the old one does not', async () => {
    const id = await settledRecord();
    const old = await stored(id);
    await committed(id, 'second');
    expect(await known(id)).toEqual({ settled: 1, begun: 2, quiet: false });
    // The old row is looked at first: nobody has yet seen the new one.
    expect(await refusal(old)).toBe('superseded');
    expect(await refusal(await stored(id))).toBeUndefined();
    expect(await known(id)).toEqual({ settled: 2, begun: 2, quiet: true });
    expect(await refusal(old)).toBe('superseded');
  });

  it('stays while a change is under way, and of a late settling nothing is lost', async () => {
    const id = await settledRecord();
    const before = await stored(id);
    let settle: (() => Promise<void>) | undefined;
    await source.transaction(async (manager) => {
      settle = await write(manager, id, 'second');
      expect(await refusal(before)).toBeUndefined();
    });
    const settleThird = await committed(id, 'third');
    await settle?.();
    expect(await refusal(await stored(id))).toBeUndefined();
    await settleThird();
    await settle?.();
    expect(await known(id)).toEqual({ settled: 3, begun: 3, quiet: true });
    expect(await refusal(before)).toBe('superseded');
  });

  it('may move twice in one transaction', async () => {
    const id = await settledRecord();
    const settle = await source.transaction(async (manager) => {
      await write(manager, id, 'second');
      return write(manager, id, 'third');
    });
    expect(await refusal(await stored(id))).toBeUndefined();
    await settle();
    expect(await refusal(await stored(id))).toBeUndefined();
  });

  it('lets nothing stand when the data’s database does not know the transaction, as after a restore', async () => {
    const id = await settledRecord();
    const [row] = await data.query<{ ahead: string }>(
      `SELECT (pg_current_xact_id()::text::bigint + 1000000)::text AS ahead`,
    );
    await keystore.query(
      'UPDATE keys.record_revision SET begun = 2, transaction = $2::xid8 WHERE record_id = $1',
      [id, row?.ahead],
    );
    expect(await refusal(await stored(id))).toBe('undecided');
  });

  it('is nobody’s where the key store cannot be asked', async () => {
    const id = await settledRecord();
    const record = await stored(id);
    await keystore.query('ALTER TABLE keys.record_revision RENAME TO away');
    try {
      await expect(refusal(record)).rejects.toMatchObject({ code: 'keys_unavailable' });
      await expect(committed(id, 'second')).rejects.toMatchObject({ code: 'keys_unavailable' });
    } finally {
      await keystore.query('ALTER TABLE keys.away RENAME TO record_revision');
    }
    expect(await refusal(await stored(id))).toBeUndefined();
  });
});
