import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { INestApplicationContext } from '@nestjs/common';
import pg from 'pg';
import type { AgencyActor, RequestContext } from '../../../src/kernel/context.js';
import { type CandidateId, newId } from '../../../src/kernel/ids.js';
import { type EntryDraft, Ledger, LedgerReader, Receipt, Sequencer } from '../../../src/ledger/index.js';
import {
  leafHash,
  openNote,
  parseCheckpoint,
  verifyConsistency,
  verifyInclusion,
} from '../../../src/ledger/merkle/index.js';
import type { Settings } from '../../../src/platform/config/settings.js';
import { Database } from '../../../src/platform/database/database.js';
import { MovableClock } from '../../support/clock.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { startLedger } from '../../support/ledger-process.js';
import { testSettings } from '../../support/settings.js';

const context: RequestContext<AgencyActor> = {
  requestId: newId<'request'>(Date.now()),
  actor: {
    kind: 'agency',
    agencyId: newId<'agency'>(Date.now()),
    clientId: newId<'client'>(Date.now()),
    scopes: ['applications:read'],
  },
  locale: 'fr',
  address: '192.0.2.77',
};

const read = (candidate = newId<'candidate'>(Date.now())): EntryDraft => ({
  action: 'application.disclosed',
  context,
  purpose: 'review',
  resource: newId<'application'>(Date.now()),
  subjects: [{ candidate, fields: ['motivation', 'education'] }],
});

describe('the ledger', () => {
  let home: string;
  let database: TestDatabase;
  let settings: Settings;
  const clock = new MovableClock();
  const processes: INestApplicationContext[] = [];

  const start = async (): Promise<INestApplicationContext> => {
    const process = await startLedger(settings, clock);
    processes.push(process);
    return process;
  };
  const stop = async (process: INestApplicationContext): Promise<void> => {
    processes.splice(processes.indexOf(process), 1);
    await process.close();
  };

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'sceau-ledger-'));
    database = await createTestDatabase();
    settings = testSettings(database, home, 0);
  });

  afterEach(async () => {
    await Promise.all(processes.splice(0).map((process) => process.close()));
    await database.drop();
    await rm(home, { recursive: true, force: true });
  });

  it('has made an entry durable before it gives a receipt', async () => {
    const process = await start();
    const receipt = await process.get(Ledger).append(read(), 'staged');
    expect(receipt).toBeInstanceOf(Receipt);
    const rows = await database.query('SELECT entry_id FROM audit.staging WHERE entry_id = $1', [
      receipt.entryId,
    ]);
    expect(rows).toHaveLength(1);
  });

  it('gives receipts to nobody else', () => {
    expect(() => Reflect.construct(Receipt, [Symbol('issue'), 'forged'])).toThrow();
  });

  it('sequences, signs and proves what it was given', async () => {
    const process = await start();
    await process.get(Sequencer).start();
    const candidate: CandidateId = newId<'candidate'>(Date.now());
    const receipts = await Promise.all(
      Array.from({ length: 40 }, () => process.get(Ledger).append(read(candidate), 'sequenced')),
    );
    const reader = process.get(LedgerReader);
    const verifier = (
      await readFile(join(settings.ledger.stateDirectory, 'checkpoint-key.vkey'), 'utf8')
    ).trim();
    for (const receipt of receipts) {
      const proof = await reader.proof(receipt.entryId);
      const checkpoint = parseCheckpoint(openNote(proof.checkpoint.note, verifier) ?? '');
      if (checkpoint === undefined) throw new Error('The checkpoint is not signed.');
      expect(
        verifyInclusion(
          proof.hashes,
          leafHash(proof.envelope),
          proof.index,
          checkpoint.size,
          checkpoint.root,
        ),
      ).toBe(true);
      expect(checkpoint.origin).toBe('test.localhost/audit/1');
    }
    const history = await reader.historyOf(candidate, 100);
    expect(history).toHaveLength(40);
    expect(history[0]).toMatchObject({
      action: 'application.disclosed',
      fields: ['motivation', 'education'],
      clientId: context.actor.clientId,
    });
    expect(await reader.historyOf(newId<'candidate'>(Date.now()), 100)).toEqual([]);
    const [older, newer] = [
      (await reader.checkpoints(100)).findLast(({ size }) => size > 0),
      await reader.latestCheckpoint(),
    ];
    const [from, to] = [older, newer].map((one) =>
      parseCheckpoint(openNote(one?.note ?? '', verifier) ?? ''),
    );
    if (from === undefined || to === undefined) throw new Error('The checkpoints are not signed.');
    expect(verifyConsistency(await reader.consistency(from.size, to.size), from, to)).toBe(true);
  });

  it('holds no candidate id and no address', async () => {
    const process = await start();
    await process.get(Sequencer).start();
    const candidate = newId<'candidate'>(Date.now());
    const receipt = await process.get(Ledger).append(read(candidate), 'sequenced');
    const { envelope } = await process.get(LedgerReader).proof(receipt.entryId);
    expect(envelope.toString()).not.toContain(candidate);
    expect(envelope.toString()).not.toContain(context.address);
    expect(JSON.parse(envelope.toString())).toMatchObject({
      action: 'application.disclosed',
      count: 1,
      actor: { kind: 'agency' },
    });
  });

  it('keeps a change if and only if its transaction commits', async () => {
    const process = await start();
    const change = (fail: boolean) =>
      process.get(Database).run({ kind: 'system' }, async (manager) => {
        await process
          .get(Ledger)
          .stage(manager, { action: 'vacancy.created', context, resource: newId<'vacancy'>(Date.now()) });
        if (fail) throw new Error('The change fails.');
      });
    const count = async () =>
      Number(
        (
          await database.query<{ count: string }>(
            `SELECT count(*) FROM audit.staging WHERE convert_from(envelope, 'UTF8') LIKE '%vacancy.created%'`,
          )
        )[0]?.count,
      );
    await expect(change(true)).rejects.toThrow('The change fails.');
    expect(await count()).toBe(0);
    await change(false);
    expect(await count()).toBe(1);
    await process.get(Sequencer).start();
    await process.get(Ledger).append(read(), 'sequenced');
    const listed = await process.get(LedgerReader).list({}, 100);
    expect(listed.map((entry) => entry.action)).toContain('vacancy.created');
    expect(listed.map((entry) => entry.action)).not.toContain('ledger.writer_gap');
  });

  it.each([
    ['its grant is revoked', 'REVOKE EXECUTE ON FUNCTION audit.append FROM sceau_app'],
    ['its table is gone', 'ALTER TABLE audit.staging RENAME TO staging_elsewhere'],
    ['its table is locked by somebody who hangs', undefined],
  ])('answers ledger_unavailable, and soon, when %s', async (_, damage) => {
    const process = await start();
    await process.get(Ledger).append(read(), 'staged');
    const blocker = new pg.Client({ connectionString: database.ownerUrl });
    blocker.on('error', () => undefined);
    await blocker.connect();
    await (damage === undefined ? blocker.query('BEGIN; LOCK TABLE audit.staging') : blocker.query(damage));
    const before = Date.now();
    await expect(process.get(Ledger).append(read(), 'staged')).rejects.toMatchObject({
      code: 'ledger_unavailable',
    });
    expect(Date.now() - before).toBeLessThan(3_000);
    await blocker.end();
  });

  it('recovers by itself, on a stream of its own', async () => {
    const process = await start();
    await process.get(Sequencer).start();
    await process.get(Ledger).append(read(), 'sequenced');
    await database.query('REVOKE EXECUTE ON FUNCTION audit.append FROM sceau_app');
    await expect(process.get(Ledger).append(read(), 'staged')).rejects.toMatchObject({
      code: 'ledger_unavailable',
    });
    await database.query('GRANT EXECUTE ON FUNCTION audit.append TO sceau_app');
    const receipt = await process.get(Ledger).append(read(), 'sequenced');
    const actions = (await process.get(LedgerReader).list({}, 100)).map((entry) => entry.action);
    expect(actions.filter((action) => action === 'ledger.writer_registered')).toHaveLength(2);
    expect(actions).not.toContain('ledger.writer_gap');
    expect((await process.get(LedgerReader).entry(receipt.entryId)).action).toBe('application.disclosed');
  });

  it('has every entry of several processes in the tree exactly once, whoever sequences', async () => {
    const [a, b, c] = await Promise.all([start(), start(), start()]);
    if (a === undefined || b === undefined || c === undefined)
      throw new Error('Three processes were started.');
    await a.get(Sequencer).start();
    await b.get(Sequencer).start();
    const append = (process: INestApplicationContext, times: number) =>
      Promise.all(Array.from({ length: times }, () => process.get(Ledger).append(read(), 'staged')));
    const first = await Promise.all([a, b, c].map((process) => append(process, 60)));
    await stop(a);
    const second = await Promise.all([b, c].map((process) => append(process, 60)));
    await c
      .get(Ledger)
      .append(read(), 'sequenced')
      .catch(() => undefined);
    const last = await c.get(Ledger).append(read(), 'sequenced');
    const ids = [...first, ...second].flat().map((receipt) => receipt.entryId);
    const rows = await database.query<{ entry_id: string }>(
      'SELECT entry_id::text FROM audit.entry WHERE entry_id = ANY ($1::uuid[])',
      [[...ids, last.entryId]],
    );
    expect(new Set(rows.map((row) => row.entry_id))).toEqual(new Set([...ids, last.entryId]));
    const [shape] = await database.query(
      'SELECT count(*)::int AS count, max(leaf_index)::int AS last FROM audit.leaf',
    );
    expect(shape).toEqual({ count: Number(shape?.['last']) + 1, last: shape?.['last'] });
  });

  it('refuses to sign over a database that was rolled back', async () => {
    const process = await start();
    await process.get(Sequencer).start();
    await process.get(Ledger).append(read(), 'sequenced');
    await stop(process);
    const path = join(settings.ledger.stateDirectory, 'tree-state.json');
    const state = JSON.parse(await readFile(path, 'utf8'));
    // As if the database had been restored from a time with fewer entries.
    await writeFile(
      path,
      JSON.stringify({
        ...state,
        size: state.size + 2,
        frontier: [...state.frontier, state.root].slice(
          0,
          (state.size + 2).toString(2).replaceAll('0', '').length,
        ),
      }),
    );
    const later = await start();
    await later.get(Sequencer).start();
    await expect(later.get(Ledger).append(read(), 'sequenced')).rejects.toMatchObject({
      code: 'ledger_unavailable',
    });
  });

  it('adopts what was committed before a crash but not yet signed', async () => {
    const process = await start();
    await process.get(Sequencer).start();
    await process.get(Ledger).append(read(), 'sequenced');
    const path = join(settings.ledger.stateDirectory, 'tree-state.json');
    const state = await readFile(path, 'utf8');
    await process.get(Ledger).append(read(), 'sequenced');
    await stop(process);
    await writeFile(path, state);
    const later = await start();
    await later.get(Sequencer).start();
    const receipt = await later.get(Ledger).append(read(), 'sequenced');
    expect((await later.get(LedgerReader).proof(receipt.entryId)).index).toBeGreaterThan(1);
  });

  it('puts entries that no writer has signed into quarantine, and says so', async () => {
    const process = await start();
    await process.get(Sequencer).start();
    await process.get(Ledger).append(read(), 'sequenced');
    await database.query(
      `INSERT INTO audit.staging (entry_id, writer, n, envelope, subjects, signature)
       SELECT gen_random_uuid(), writer, 999, '{}'::bytea, '[]'::bytea, decode(repeat('00', 64), 'hex') FROM audit.writer LIMIT 1`,
    );
    await database.query(`NOTIFY sceau_staged`);
    for (;;) {
      await process.get(Ledger).append(read(), 'sequenced');
      const found = await process.get(LedgerReader).list({ action: 'ledger.entry_forged' }, 1);
      if (found.length > 0) break;
    }
    expect(await database.query('SELECT n::int FROM audit.quarantine')).toEqual([{ n: 999 }]);
  });

  describe('the roles', () => {
    const attempts: [string, 'app' | 'auditor' | 'sequencer', string][] = [
      ['the app reads entries', 'app', 'SELECT * FROM audit.entry'],
      ['the app reads staging', 'app', 'SELECT * FROM audit.staging'],
      [
        'the app writes staging by itself',
        'app',
        `INSERT INTO audit.staging (entry_id) VALUES (gen_random_uuid())`,
      ],
      ['the app deletes', 'app', 'DELETE FROM audit.leaf'],
      ['the app updates', 'app', 'UPDATE audit.entry SET outcome = $$refused$$'],
      ['the app truncates', 'app', 'TRUNCATE audit.leaf'],
      ['the app creates a table', 'app', 'CREATE TABLE audit.mine (id int)'],
      ['the app alters the schema', 'app', 'ALTER TABLE audit.leaf ADD COLUMN note text'],
      ['the app creates in public', 'app', 'CREATE TABLE public.mine (id int)'],
      ['the auditor reads staging', 'auditor', 'SELECT * FROM audit.staging'],
      ['the auditor ties subjects to candidates', 'auditor', 'SELECT * FROM audit.subject_reference'],
      ['the auditor reads keys', 'auditor', 'SELECT * FROM keys.subject_key'],
      ['the auditor appends', 'auditor', `SELECT audit.append('{}', '{}', '{}', '{}', '{}', '{}')`],
      ['the auditor deletes', 'auditor', 'DELETE FROM audit.entry'],
      ['the sequencer changes a leaf', 'sequencer', 'UPDATE audit.leaf SET envelope = $$x$$::bytea'],
      ['the sequencer deletes a leaf', 'sequencer', 'DELETE FROM audit.leaf'],
      ['the sequencer reads keys', 'sequencer', 'SELECT * FROM keys.subject_key'],
    ];

    it.each(attempts)('%s: refused', async (_, role, statement) => {
      const urls = { app: database.appUrl, auditor: database.auditorUrl, sequencer: database.sequencerUrl };
      const client = new pg.Client({ connectionString: urls[role] });
      await client.connect();
      await expect(client.query(statement)).rejects.toMatchObject({ code: '42501' });
      await client.end();
    });

    it('the owner is stopped by triggers', async () => {
      const process = await start();
      await process.get(Sequencer).start();
      await process.get(Ledger).append(read(), 'sequenced');
      for (const statement of [
        `UPDATE audit.leaf SET envelope = '{}'::bytea`,
        'DELETE FROM audit.leaf',
        'TRUNCATE audit.leaf',
        'DELETE FROM audit.checkpoint',
        `UPDATE audit.tile SET hashes = decode(repeat('00', 32), 'hex')`,
      ]) {
        await expect(database.query(statement)).rejects.toMatchObject({ code: '42501' });
      }
    });
  });
});
