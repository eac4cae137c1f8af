import type pg from 'pg';
import type { ResourceType } from '../entry/action.js';
import { createPool } from '../../platform/database/pool.js';

export interface MonthRow {
  readonly month: string;
  readonly entries: number;
  /** How many entries those of the month say were dropped before. */
  readonly said: number;
  readonly dropped: boolean;
}

/** Only one process at a time drops: two would both say so. */
const RETENTION_LOCK = 7_346_422;
/** Long enough for the rows of a large month. */
const STATEMENT_MS = 30 * 60 * 1_000;

type Query = <Row extends object>(text: string, values?: readonly unknown[]) => Promise<readonly Row[]>;

const queryOn =
  (connection: pg.Pool | pg.PoolClient): Query =>
  async <Row extends object>(text: string, values: readonly unknown[] = []) =>
    (await connection.query<Row>(text, [...values])).rows;

/** The months of the ledger, as role `sceau_sequencer`. */
export class MonthStore {
  readonly #pool: pg.Pool;

  constructor(url: string) {
    this.#pool = createPool(url, {
      applicationName: 'sceau-retention',
      max: 1,
      statementTimeoutMs: STATEMENT_MS,
    });
  }

  /** @param work is done while no other process does any: this one waits for the other to end */
  async alone<T>(work: (months: Months) => Promise<T>): Promise<T> {
    const client = await this.#pool.connect();
    try {
      const query = queryOn(client);
      await query('SELECT pg_advisory_lock($1)', [RETENTION_LOCK]);
      return await work(new Months(query));
    } finally {
      // The lock ends with the session, whatever has become of it.
      client.release(true);
    }
  }

  async rows(): Promise<readonly MonthRow[]> {
    return new Months(queryOn(this.#pool)).rows();
  }

  end(): Promise<void> {
    return this.#pool.end();
  }
}

export class Months {
  readonly #query: Query;

  constructor(query: Query) {
    this.#query = query;
  }

  /** Oldest first. */
  async rows(): Promise<readonly MonthRow[]> {
    const rows = await this.#query<{ month: string; entries: string; said: string; dropped: boolean }>(
      'SELECT month, entries::text, said::text, dropped FROM audit.months ORDER BY month, dropped DESC',
    );
    return rows.map((row) => ({ ...row, entries: Number(row.entries), said: Number(row.said) }));
  }

  /** Whether the ledger says that a month goes: in the signed tree, or staged to come there. */
  async announcement(month: string): Promise<'none' | 'staged' | 'sequenced'> {
    const [row] = await this.#query<{ sequenced: boolean; staged: boolean }>(
      `SELECT EXISTS (SELECT FROM audit.entry WHERE action = 'ledger.month_dropped' AND resource_id = $1) AS sequenced,
         EXISTS (SELECT FROM audit.staging WHERE position($2::bytea IN envelope) > 0) AS staged`,
      [month, Buffer.from(JSON.stringify({ id: month, type: 'month' satisfies ResourceType }))],
    );
    if (row?.sequenced === true) return 'sequenced';
    return row?.staged === true ? 'staged' : 'none';
  }

  /** @returns how many entries there were */
  async drop(month: string): Promise<number> {
    const [row] = await this.#query<{ entries: string }>(
      'SELECT audit.drop_month($1::date)::text AS entries',
      [`${month}-01`],
    );
    return Number(row?.entries ?? 0);
  }
}
