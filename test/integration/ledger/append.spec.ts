import pg from 'pg';
import { newId } from '../../../src/kernel/ids.js';
import { type EntryDraft, Receipt, VOCABULARY } from '../../../src/ledger/index.js';
import { Database } from '../../../src/platform/database/database.js';
import { ReadinessChecks } from '../../../src/platform/health/readiness.js';
import { CONTEXT, inTime, LedgerFixture, reading } from './fixture.js';
import { Relay } from './relay.js';

const UNAVAILABLE = { code: 'ledger_unavailable' };

describe('appending', () => {
  const fixture = new LedgerFixture();
  const staged = (where = 'true') =>
    fixture.database.query<{ entry: Record<string, unknown>; subjects: Buffer; commit: string }>(
      `SELECT convert_from(envelope, 'UTF8')::jsonb AS entry, subjects, xmin::text AS commit
       FROM audit.staging WHERE ${where} ORDER BY writer, n`,
    );
  const stagedActions = async () => (await staged()).map(({ entry }) => entry['action']);

  it('has made an entry durable before it gives a receipt', async () => {
    const process = await fixture.start();
    const receipt = await process.ledger.append(reading(), 'staged');
    expect(receipt).toBeInstanceOf(Receipt);
    expect(await staged(`entry_id = '${receipt.entryId}'`)).toHaveLength(1);
  });

  it('does not compile with an action that is not in the vocabulary', () => {
    // @ts-expect-error no such action
    const draft: EntryDraft = { action: 'application.glanced_at', context: CONTEXT };
    expect(draft.action in VOCABULARY).toBe(false);
  });

  it('gives receipts to nobody else', () => {
    expect(() => Reflect.construct(Receipt, [Symbol('issue'), 'forged'])).toThrow('Only the ledger');
    const imitation: unknown = Object.create(Receipt.prototype);
    expect(() => imitation instanceof Receipt && imitation.entryId).toThrow(TypeError);
  });

  it('writes strings, numbers, arrays and objects, and neither candidate nor address', async () => {
    const process = await fixture.start();
    const candidate = newId<'candidate'>(Date.now());
    await process.ledger.append({ ...reading(candidate), reason: 'on_request' }, 'staged');
    const [entry] = await staged(`envelope LIKE '%application.disclosed%'::bytea`);
    const text = JSON.stringify(entry);
    expect(text).not.toContain(candidate);
    expect(text).not.toContain(CONTEXT.address);
    expect(text).not.toContain('null');
    expect(entry?.entry).toMatchObject({
      actor: { kind: 'agency', id: CONTEXT.actor.clientId },
      agency: CONTEXT.actor.agencyId,
      count: 1,
      n: 2,
      outcome: 'allowed',
      purpose: 'review',
      reason: 'on_request',
    });
    const again = await process.ledger.append(reading(candidate), 'staged');
    const [second] = await staged(`entry_id = '${again.entryId}'`);
    const subjectOf = (row: { subjects: Buffer } | undefined): unknown =>
      JSON.parse(row?.subjects.toString() ?? '')['subject'];
    expect(subjectOf(second)).toBe(subjectOf(entry));
  });

  it.each([
    ['reason', { reason: 'Camille said so' }],
    ['resource', { resource: 'camille martin' }],
    ['field', { subjects: [{ candidate: newId<'candidate'>(1), fields: ['12 rue de la Paix'] }] }],
    ['count', { count: 0.5 }],
  ])('refuses free text as a %s, and records nothing of it', async (_, part) => {
    const process = await fixture.start();
    await expect(process.ledger.append({ ...reading(), ...part }, 'staged')).rejects.toMatchObject({
      code: 'internal_error',
    });
    expect(await staged()).toEqual([]);
  });

  it('lets what is asked for at once share a commit', async () => {
    const process = await fixture.start();
    await process.append(100);
    const rows = await staged();
    const streams = Map.groupBy(rows, ({ entry }) => entry.writer);
    expect(rows).toHaveLength(100 + streams.size);
    expect(streams.size).toBeLessThanOrEqual(2);
    for (const stream of streams.values())
      expect(stream.map(({ entry }) => entry.n)).toEqual(stream.map((_, at) => at + 1));
    expect(new Set(rows.map(({ commit }) => commit)).size).toBeLessThan(10);
  });

  it('keeps a change if and only if its transaction commits', async () => {
    const process = await fixture.start();
    const change = (fail: boolean) =>
      process.context.get(Database).run({ kind: 'system' }, async (manager) => {
        await process.ledger.stage(manager, {
          action: 'vacancy.created',
          context: CONTEXT,
          resource: newId<'vacancy'>(Date.now()),
        });
        if (fail) throw new Error('The change fails.');
      });
    await expect(change(true)).rejects.toThrow('The change fails.');
    expect(await stagedActions()).not.toContain('vacancy.created');
    await change(false);
    expect((await stagedActions()).filter((action) => action === 'vacancy.created')).toHaveLength(1);
    await process.sequencer.start();
    await process.append(1, 'sequenced');
    const listed = (await process.reader.list({}, 100)).map((entry) => entry.action);
    expect(listed).toContain('vacancy.created');
    expect(listed).not.toContain('ledger.writer_gap');
    expect(listed).not.toContain('ledger.entry_forged');
  });

  it('says goodbye, so that a missing end can be told from an end', async () => {
    const process = await fixture.start();
    await process.append(1);
    await fixture.stop(process);
    expect(await stagedActions()).toEqual([
      'ledger.writer_registered',
      'application.disclosed',
      'ledger.writer_closed',
    ]);
  });

  describe('when the ledger cannot be written', () => {
    it.each([
      ['its grant is revoked', 'REVOKE EXECUTE ON FUNCTION audit.append FROM sceau_app'],
      ['its table is gone', 'ALTER TABLE audit.staging RENAME TO staging_elsewhere'],
      ['its table is locked by somebody who hangs', undefined],
    ])('answers ledger_unavailable when %s, in time, and is not ready', async (_, damage) => {
      const process = await fixture.start();
      await process.append(1);
      const readiness = () =>
        Promise.all(
          process.context
            .get(ReadinessChecks)
            .all()
            .map((check) => check()),
        );
      expect(await readiness()).toEqual([{ ledger: { status: 'up' } }]);
      const blocker = new pg.Client({ connectionString: fixture.database.ownerUrl });
      await blocker.connect();
      await (damage === undefined ? blocker.query('BEGIN; LOCK TABLE audit.staging') : blocker.query(damage));
      await expect(inTime(process.ledger.append(reading(), 'staged'))).rejects.toMatchObject(UNAVAILABLE);
      expect(await readiness()).toEqual([{ ledger: { status: 'down' } }]);
      const change = process.context
        .get(Database)
        .run({ kind: 'system' }, (manager) =>
          process.ledger.stage(manager, { action: 'vacancy.created', context: CONTEXT }),
        );
      await expect(inTime(change)).rejects.toMatchObject(UNAVAILABLE);
      await blocker.end();
    });

    it('answers ledger_unavailable when the server hangs, forgets what nobody waits for, and recovers', async () => {
      const relay = await Relay.to(fixture.database.appUrl);
      const process = await fixture.start(fixture.settingsWith({ appUrl: relay.url }));
      await process.append(1);
      relay.freeze();
      const hanging = Array.from({ length: 5 }, () => inTime(process.ledger.append(reading(), 'staged')));
      for (const append of hanging) await expect(append).rejects.toMatchObject(UNAVAILABLE);
      await expect(inTime(process.ledger.append(reading(), 'sequenced'))).rejects.toMatchObject(UNAVAILABLE);
      relay.thaw();
      const [id] = await eventually(() => process.append(1));
      expect(await staged(`entry_id = '${id}'`)).toHaveLength(1);
      await fixture.stop(process);
      await relay.close();
    });

    it('answers ledger_unavailable when the server is stopped', async () => {
      const relay = await Relay.to(fixture.database.appUrl);
      const process = await fixture.start(fixture.settingsWith({ appUrl: relay.url }));
      await process.append(1);
      await relay.close();
      await expect(inTime(process.ledger.append(reading(), 'staged'))).rejects.toMatchObject(UNAVAILABLE);
      await expect(inTime(process.ledger.append(reading(), 'sequenced'))).rejects.toMatchObject(UNAVAILABLE);
    });

    it('goes on by itself afterwards, on a stream of its own, and nothing is missing', async () => {
      const process = await fixture.startSequencing();
      await process.append(1, 'sequenced');
      await fixture.database.query('REVOKE EXECUTE ON FUNCTION audit.append FROM sceau_app');
      await expect(process.ledger.append(reading(), 'staged')).rejects.toMatchObject(UNAVAILABLE);
      await fixture.database.query('GRANT EXECUTE ON FUNCTION audit.append TO sceau_app');
      const [id] = await process.append(1, 'sequenced');
      const actions = (await process.reader.list({}, 100)).map((entry) => entry.action);
      expect(actions.filter((action) => action === 'ledger.writer_registered')).toHaveLength(2);
      expect(actions).not.toContain('ledger.writer_gap');
      expect((await process.reader.entry(id ?? '')).action).toBe('application.disclosed');
    });

    it('does not acknowledge as sequenced what nobody sequences', async () => {
      const process = await fixture.start();
      await expect(process.ledger.append(reading(), 'sequenced')).rejects.toMatchObject(UNAVAILABLE);
    });
  });
});

async function eventually<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt === 10) throw error;
    }
  }
}
