import type { TestDatabase } from '../../support/database.js';
import { verifyAlone } from './oracles.js';
import { PreparedLedger } from './prepared-ledger.js';
import { asSuperuser } from './tampering.js';

type Query = Parameters<Parameters<typeof asSuperuser>[1]>[0];

const PLACES = ['audit.leaf', 'audit.entry', 'audit.subject_record'] as const;

async function remove(query: Query, index: number): Promise<void> {
  for (const table of PLACES) await query(`DELETE FROM ${table} WHERE leaf_index = $1`, [index]);
}

describe('a ledger whose oldest months the retention has dropped', () => {
  let ledger: PreparedLedger;
  /** How many entries have no content any more: those with the smallest indexes. */
  let dropped: number;
  /** An entry in the middle of what is kept, and the one that speaks of dropping first. */
  let victim: number;
  let announcement: number;

  beforeAll(async () => {
    ledger = await PreparedLedger.makeDropped(15);
    const [row] = await ledger.now.query<Record<'dropped' | 'victim' | 'announcement', number>>(
      `SELECT min(leaf_index)::integer AS dropped, (min(leaf_index) + max(leaf_index))::integer / 2 AS victim,
         min(leaf_index) FILTER (WHERE action = 'ledger.month_dropped')::integer AS announcement FROM audit.entry`,
    );
    ({ dropped = 0, victim = 0, announcement = 0 } = row ?? {});
    await ledger.now.rest();
    await ledger.old.rest();
  }, 60_000);

  afterAll(() => ledger.remove());

  const opinions = async (database: TestDatabase) => [
    await ledger.verify(database, ledger.kept),
    await ledger.verifyAlone(database, ledger.kept),
  ];

  /** What both verifiers say when somebody has been at work. */
  async function afterwards(of: TestDatabase, work: (query: Query) => Promise<unknown>) {
    const copy = await ledger.copy(of);
    await asSuperuser(copy, async (query) => void (await work(query)));
    return opinions(copy);
  }

  /** Puts an entry that was dropped back, with all that belongs to it, from the copy of before. */
  async function putBack(query: Query, index: number): Promise<void> {
    for (const table of PLACES) {
      const rows = await ledger.old.query<{ row: object }>(
        `SELECT to_jsonb(t) AS row FROM ${table} t WHERE leaf_index = ${index}`,
      );
      for (const { row } of rows) {
        await query(`SELECT audit.open_month((($1::jsonb ->> 'at')::timestamptz AT TIME ZONE 'UTC')::date)`, [
          row,
        ]);
        await query(`INSERT INTO ${table} SELECT (jsonb_populate_record(NULL::${table}, $1::jsonb)).*`, [
          row,
        ]);
      }
    }
    await query(
      `INSERT INTO audit.hour SELECT date_trunc('hour', at, 'UTC'), leaf_index, leaf_index FROM audit.entry WHERE leaf_index = $1`,
      [index],
    );
    await ledger.old.rest();
  }

  it('is in order, with as many entries gone as it says', async () => {
    expect(dropped).toBeGreaterThan(20);
    for (const { code, output } of await opinions(ledger.now)) {
      expect(code).toBe(0);
      expect(output).toContain(
        `${dropped} entries have no content, ${dropped} were dropped by the retention`,
      );
    }
  });

  it('is in order as the API hands it out', async () => {
    const file = await ledger.exportForAuditors(ledger.now);
    expect(await verifyAlone(file, '--key', ledger.verifierFile, '--kept', ledger.kept)).toMatchObject({
      code: 0,
      output: expect.stringContaining(`${dropped} entries have no content`),
    });
  });

  it('is in order when a month was announced and nothing is dropped yet', async () => {
    for (const { code, output } of await opinions(ledger.old)) {
      expect(code).toBe(0);
      expect(output).not.toContain('no content');
    }
  });

  it('is not when something else goes while a month is announced', async () => {
    for (const opinion of await afterwards(ledger.old, (query) => remove(query, victim)))
      expect(opinion).toMatchObject({ code: 1, first: victim, last: victim });
  });

  it('is not when one entry more has gone', async () => {
    for (const opinion of await afterwards(ledger.now, (query) => remove(query, victim)))
      expect(opinion).toMatchObject({
        code: 1,
        first: victim,
        last: victim,
        output: expect.stringContaining(`${dropped + 1} entries have no content, ${dropped} were dropped`),
      });
  });

  it('is not when the month after it has gone as well', async () => {
    const found = await afterwards(ledger.now, async (query) => {
      const { rows } = await query(
        `SELECT to_char(min(at) AT TIME ZONE 'UTC', 'YYYY_MM') AS month FROM audit.leaf`,
      );
      for (const parent of ['leaf', 'subject_record'])
        await query(`DROP TABLE audit.${parent}_${rows[0]?.month}`);
      await query('DELETE FROM audit.entry WHERE leaf_index < (SELECT min(leaf_index) FROM audit.leaf)');
    });
    for (const opinion of found) expect(opinion).toMatchObject({ code: 1, first: dropped, last: dropped });
  });

  it('is not when what says so has gone too', async () => {
    for (const { code } of await afterwards(ledger.now, (query) => remove(query, announcement)))
      expect(code).toBe(1);
  });

  it('is not when another has gone instead of one that is there again', async () => {
    const found = await afterwards(ledger.now, async (query) => {
      await putBack(query, 3);
      await remove(query, victim);
    });
    for (const opinion of found) expect(opinion).toMatchObject({ code: 1, first: victim, last: victim });
  });

  it('is not when searches still find something that is gone', async () => {
    const found = await afterwards(ledger.now, async (query) => {
      await putBack(query, 3);
      await query('DELETE FROM audit.leaf WHERE leaf_index = 3');
    });
    for (const opinion of found)
      expect(opinion).toMatchObject({
        code: 1,
        first: 3,
        last: 3,
        output: expect.stringContaining('no content and searches find it'),
      });
  });

  it('is not when a hash that is left is another', async () => {
    const found = await afterwards(ledger.now, (query) =>
      query(
        `UPDATE audit.tile SET hashes = set_byte(hashes, 100, (get_byte(hashes, 100) + 1) % 256) WHERE level = 0 AND index = 0`,
      ),
    );
    for (const { code, output } of found)
      expect([code, output]).toEqual([1, expect.stringContaining('fork')]);
  });
});
