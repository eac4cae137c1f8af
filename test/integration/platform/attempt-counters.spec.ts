import pg from 'pg';
import { createPool } from '../../../src/platform/database/pool.js';
import { AttemptCounters } from '../../../src/platform/http/attempt-counters.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';

describe('counted attempts', () => {
  let database: TestDatabase;
  let pools: readonly pg.Pool[];
  /** Those of two processes. */
  let counters: readonly [AttemptCounters, AttemptCounters];

  beforeEach(async () => {
    database = await createTestDatabase();
    const [one, other] = [1, 2].map(() =>
      createPool(database.appUrl, { applicationName: 'sceau-test', max: 2, statementTimeoutMs: 500 }),
    );
    if (one === undefined || other === undefined) throw new Error('There are two.');
    pools = [one, other];
    counters = [new AttemptCounters(one), new AttemptCounters(other)];
  });

  afterEach(async () => {
    await Promise.all(pools.map((pool) => pool.end()));
    await database.drop();
  });

  const places = async (key: string, times: number): Promise<number[]> => {
    const counted = await Promise.all(
      Array.from({ length: times }, (_, at) => counters[at % 2 === 0 ? 0 : 1].count({ key, seconds: 60 })),
    );
    return counted.map(({ count }) => count);
  };

  it('have a place each, however many come at once to however many processes', async () => {
    const all = Array.from({ length: 40 }, (_, at) => at + 1);
    const [one, other] = await Promise.all([places('one', 40), places('other', 40)]);
    expect(one.toSorted((a, b) => a - b)).toEqual(all);
    expect(other.toSorted((a, b) => a - b)).toEqual(all);
    expect(await places('one', 1)).toEqual([41]);
  });

  it('begin again once their window is over, which no attempt prolongs', async () => {
    const attempt = { key: 'one', seconds: 60 };
    const [first, second] = [await counters[0].count(attempt), await counters[0].count(attempt)];
    expect([first.count, second.count]).toEqual([1, 2]);
    expect(first.leftMs).toBe(60_000);
    expect(second.leftMs).toBeLessThanOrEqual(60_000);
    await database.query('UPDATE platform.rate_limit SET expire = expire - 30000');
    expect((await counters[1].count(attempt)).leftMs).toBeLessThanOrEqual(30_000);
    await database.query('UPDATE platform.rate_limit SET expire = expire - 30000');
    expect(await counters[1].count(attempt)).toEqual({ count: 1, leftMs: 60_000 });
  });

  it('are refused in time while one of them cannot be counted, and counted again once it can', async () => {
    await places('held', 1);
    const holder = new pg.Client({ connectionString: database.ownerUrl });
    await holder.connect();
    await holder.query(`BEGIN; SELECT FROM platform.rate_limit WHERE key = 'held' FOR UPDATE`);
    const attempts = ['held', 'free'].map((key) => counters[0].count({ key, seconds: 60 }));
    for (const one of await Promise.allSettled(attempts))
      expect(one).toMatchObject({ status: 'rejected', reason: { code: '57014' } });
    expect(await counters[0].count({ key: 'free', seconds: 60 })).toMatchObject({ count: 1 });
    await holder.end();
    expect(await places('held', 1)).toEqual([2]);
  });

  it('are forgotten in passing when their window is over', async () => {
    await places('lasting', 1);
    await database.query(
      `INSERT INTO platform.rate_limit (key, points, expire) SELECT 'old' || n, 1, 0 FROM generate_series(1, 100) AS n`,
    );
    await places('lasting', 120);
    const left = await database.query<{ key: string }>('SELECT key FROM platform.rate_limit');
    expect(left).toEqual([{ key: 'lasting' }]);
  });
});
