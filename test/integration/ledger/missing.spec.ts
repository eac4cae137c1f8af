import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually, LedgerFixture, reading } from './fixture.js';

/** Whoever may write to the database removes, changes or forges what is not in the tree yet. */
describe('what happens to staged entries', () => {
  const fixture = new LedgerFixture();
  const heartbeats = () => readdir(fixture.settings.ledger.heartbeatDirectory).catch(() => []);
  const heartbeat = () => eventually(async () => (await heartbeats()).find((name) => name.endsWith('.json')));
  /** As if they had been there long enough. */
  const age = () =>
    fixture.database.query(`UPDATE audit.staging SET staged_at = staged_at - interval '1 minute'`);
  const remove = (where: string) => fixture.database.query(`DELETE FROM audit.staging WHERE ${where}`);
  const quarantined = () =>
    fixture.database.query<{ objection: string; n: string }>(
      'SELECT objection, n::text FROM audit.quarantine ORDER BY n',
    );

  it('is a gap when one in the middle is removed', async () => {
    const process = await fixture.start();
    await process.append(5);
    await remove('n = 3');
    await age();
    await process.sequencer.start();
    expect(await fixture.recorded('ledger.writer_gap')).toMatchObject([
      { reason: 'missing', count: 1, outcome: 'failed' },
    ]);
    expect(
      (await process.reader.list({}, 100)).filter(({ action }) => action === 'application.disclosed'),
    ).toHaveLength(4);
  });

  it('is a gap when the last ones are removed, which no later entry names', async () => {
    const process = await fixture.start();
    await process.append(5);
    await heartbeat();
    await remove('n > 4');
    await process.sequencer.start();
    const [gap] = await fixture.recorded('ledger.writer_gap');
    expect(gap).toMatchObject({ reason: 'missing', count: 2 });
    // The stream goes on behind the gap, and nothing more is said about it.
    await process.append(3, 'sequenced');
    expect(await fixture.recorded('ledger.writer_gap')).toHaveLength(1);
    expect(await quarantined()).toEqual([]);
  });

  it('is a gap when a whole stream is removed with its introduction', async () => {
    const process = await fixture.start();
    await process.append(2);
    await heartbeat();
    await remove('true');
    await process.sequencer.start();
    expect(await fixture.recorded('ledger.writer_gap')).toMatchObject([{ count: 3 }]);
    expect((await heartbeats()).filter((name) => name.endsWith('.lost'))).toHaveLength(1);
    // The first that is not covered in time ends the stream that nobody knows; the next begins another.
    await expect(process.ledger.append(reading(), 'sequenced')).rejects.toMatchObject({
      code: 'ledger_unavailable',
    });
    await process.append(1, 'sequenced');
  });

  it('is no gap when a stream was ended, and its heartbeat goes with it', async () => {
    const process = await fixture.startSequencing();
    await process.append(3, 'sequenced');
    const leaving = await fixture.start();
    await leaving.append(3, 'sequenced');
    await fixture.stop(leaving);
    await fixture.recorded('ledger.writer_closed');
    await eventually(async () => ((await heartbeats()).length === 1 ? true : undefined));
    const listed = (await process.reader.list({}, 100)).map(({ action }) => action);
    expect(listed).not.toContain('ledger.writer_gap');
  });

  it('is not taken from a heartbeat that no writer of ours has signed', async () => {
    const process = await fixture.startSequencing();
    await process.append(1, 'sequenced');
    const own = await heartbeat();
    const folder = fixture.settings.ledger.heartbeatDirectory;
    const forged = {
      introduction: { writer: own.replace('.json', ''), stream: 'reads', key: 'A'.repeat(43), mark: 'x' },
      n: 99,
      last: 'A'.repeat(43),
      at: new Date().toISOString(),
      closed: false,
    };
    await writeFile(join(folder, 'forged.json'), `${JSON.stringify(forged)}\n${'A'.repeat(86)}==\n`);
    await writeFile(join(folder, 'garbage.json'), 'garbage');
    await process.append(1, 'sequenced');
    const removed = await fixture.start();
    await removed.append(1);
    await rm(folder, { recursive: true });
    await removed.append(1, 'sequenced');
    expect((await process.reader.list({}, 100)).map(({ action }) => action)).not.toContain(
      'ledger.writer_gap',
    );
  });

  it('is put aside when it is changed, unsigned or told again', async () => {
    const process = await fixture.start();
    await process.append(6);
    await fixture.database.query(
      `UPDATE audit.staging SET envelope = replace(convert_from(envelope, 'UTF8'), 'review', 'onboarding')::bytea WHERE n = 4`,
    );
    await fixture.database.query(`CREATE TABLE public.taken AS SELECT * FROM audit.staging WHERE n = 2`);
    await fixture.database.query(
      `INSERT INTO audit.staging SELECT gen_random_uuid(), gen_random_uuid(), 1, envelope, subjects, signature, staged_at FROM public.taken`,
    );
    await age();
    await process.sequencer.start();
    const forged = await eventually(async () => {
      const entries = await fixture.recorded('ledger.entry_forged');
      return entries.length >= 2 ? entries : undefined;
    });
    expect(forged.map((entry) => String(entry['reason'])).toSorted((a, b) => a.localeCompare(b))).toEqual([
      'unreadable',
      'wrong_signature',
    ]);
    expect(await fixture.recorded('ledger.writer_gap')).toMatchObject([{ count: 1 }]);
    await fixture.database.query('INSERT INTO audit.staging SELECT * FROM public.taken');
    await eventually(async () => {
      const entries = await fixture.recorded('ledger.entry_forged');
      return entries.some((entry) => entry['reason'] === 'replayed') ? true : undefined;
    });
    expect((await quarantined()).map(({ objection }) => objection).toSorted()).toEqual([
      'replayed',
      'unreadable',
      'wrong_signature',
    ]);
    await process.append(1, 'sequenced');
  });

  it('waits for what is staged and merely not looked at yet, however long the queue', async () => {
    const process = await fixture.start(fixture.patientSettings);
    for (let portion = 0; portion < 14; portion += 1) await process.append(300);
    await age();
    // One comes last of all, by the order in which they are looked at.
    await fixture.database.query(
      `UPDATE audit.staging SET entry_id = 'ffffffff-ffff-7fff-bfff-ffffffffffff'
       WHERE entry_id = (SELECT entry_id FROM audit.staging WHERE n = 2 ORDER BY entry_id LIMIT 1)`,
    );
    await process.sequencer.start();
    await fixture.recorded('ledger.entry_forged');
    await fixture.sequenced();
    const listed = await fixture.database.query<{ action: string; count: number }>(
      'SELECT action, count(*)::integer AS count FROM audit.entry GROUP BY action',
    );
    expect(Object.fromEntries(listed.map(({ action, count }) => [action, count]))).toMatchObject({
      'application.disclosed': 4_199,
      'ledger.writer_gap': 1,
      'ledger.entry_forged': 1,
    });
  });

  it('is taken, whatever somebody has written of months that cannot have been dropped', async () => {
    await fixture.database.query(
      `INSERT INTO audit.dropped_month (month, entries, first_id, end_id)
       VALUES ('2020-01-01', 0, '00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff')`,
    );
    const process = await fixture.startSequencing();
    await process.append(2, 'sequenced');
    expect(await quarantined()).toEqual([]);
  });
});
