import pg from 'pg';
import type { Row } from '../../../integration/sealing/record-rows.js';
import { asSuperuser } from '../../../integration/ledger/tampering.js';
import type { TestDatabase } from '../../../support/database.js';

/** On whose behalf the application's role says that it acts: it may say whatever it likes. */
export type Pretence = Readonly<Record<string, string>>;

/** SQLSTATE of what the role has no privilege for, and of what row-level security refuses. */
const NO_PRIVILEGE = '42501';

interface Place {
  readonly key?: readonly string[];
  readonly instead?: readonly string[] | undefined;
}

interface Planted {
  readonly table: string;
  readonly key: readonly string[];
  readonly row: Row;
  readonly before: Row | undefined;
}

const listed = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ');

/** What the row shares with the one that is there stays: the role need not have the privilege to change it. */
const overwriting = (unique: readonly string[], names: readonly string[]): string =>
  `ON CONFLICT (${listed(unique)}) DO UPDATE SET ${names
    .filter((name) => !unique.includes(name))
    .map((name) => `"${name}" = excluded."${name}"`)
    .join(', ')}`;

/** A connection as the application's own database role, whose changes are taken back once they have been tried. */
export class Writer {
  readonly #client: pg.Client;
  readonly #database: TestDatabase;
  readonly #planted: Planted[] = [];

  private constructor(client: pg.Client, database: TestDatabase) {
    this.#client = client;
    this.#database = database;
  }

  static async connect(database: TestDatabase): Promise<Writer> {
    const client = new pg.Client({ connectionString: database.appUrl });
    await client.connect();
    return new Writer(client, database);
  }

  /** @returns how many rows were written, or the SQLSTATE with which it was refused */
  async write(statement: string, values: readonly unknown[], as: Pretence): Promise<number | string> {
    try {
      return await this.#transaction(
        as,
        async () => (await this.#client.query(statement, [...values])).rowCount ?? 0,
      );
    } catch (error) {
      if (error instanceof pg.DatabaseError) return error.code ?? error.message;
      throw error;
    }
  }

  /**
   * Inserts a row, on behalf of the first that is let in.
   * @param key by which the row is found and taken away again
   * @param instead columns with the values of a row that is there, which it takes the place of
   * @returns as `write`; of several refusals the first that is for another reason than a missing privilege
   */
  async plant(
    table: string,
    row: Row,
    ways: readonly Pretence[],
    { key = ['id'], instead }: Place = {},
  ): Promise<number | string> {
    const names = listed(Object.keys(row));
    const over = instead === undefined ? '' : overwriting(instead, Object.keys(row));
    const statement = `INSERT INTO ${table} (${names}) SELECT ${names} FROM jsonb_populate_record(NULL::${table}, $1) ${over}`;
    const [before] = instead === undefined ? [] : await this.#rowsLike(table, instead, row);
    const refusals: string[] = [];
    for (const as of ways) {
      const outcome = await this.write(statement, [row], as);
      if (typeof outcome === 'number') {
        this.#planted.push({ table, key, row, before });
        return outcome;
      }
      refusals.push(outcome);
    }
    return refusals.find((code) => code !== NO_PRIVILEGE) ?? NO_PRIVILEGE;
  }

  /** Takes away what was planted, and puts back what it has taken the place of. */
  async clear(): Promise<void> {
    await asSuperuser(this.#database, async (query) => {
      for (const { table, key, row, before } of this.#planted.splice(0).toReversed()) {
        await query(
          `DELETE FROM ${table} WHERE (${listed(key)}) = (SELECT ${listed(key)} FROM jsonb_populate_record(NULL::${table}, $1))`,
          [row],
        );
        if (before === undefined) continue;
        const names = listed(Object.keys(before));
        await query(
          `INSERT INTO ${table} (${names}) SELECT ${names} FROM jsonb_populate_record(NULL::${table}, $1)`,
          [before],
        );
      }
    });
  }

  /** Every row of a table that is shown, as text; none where nothing is. */
  async rows(table: string, as: Pretence): Promise<readonly string[]> {
    try {
      const found = await this.#transaction(as, () =>
        this.#client.query<{ row: string }>(`SELECT t::text AS row FROM ${table} t`),
      );
      return found.rows.map(({ row }) => row);
    } catch (error) {
      if (error instanceof pg.DatabaseError) return [];
      throw error;
    }
  }

  /** Has something tried while these rows are changed, and puts them back as they were. */
  async whileChanged<T>(
    rows: readonly (readonly [table: string, key: string, id: string])[],
    work: () => Promise<T>,
  ): Promise<T> {
    const kept: [table: string, key: string, row: Row][] = [];
    for (const [table, key, id] of rows) {
      const found = await this.#database.query<{ row: Row }>(
        `SELECT to_jsonb(t) AS row FROM ${table} t WHERE ${key} = $1`,
        [id],
      );
      kept.push(...found.map(({ row }): [string, string, Row] => [table, key, row]));
    }
    try {
      return await work();
    } finally {
      await asSuperuser(this.#database, async (query) => {
        for (const [table, key, row] of kept) {
          const columns = listed(Object.keys(row));
          await query(
            `UPDATE ${table} SET (${columns}) = (SELECT ${columns} FROM jsonb_populate_record(NULL::${table}, $1))
             WHERE ${key} = $2`,
            [row, row[key]],
          );
        }
      });
    }
  }

  async end(): Promise<void> {
    await this.#client.end();
  }

  async #rowsLike(table: string, columns: readonly string[], row: Row): Promise<readonly Row[]> {
    const found = await this.#database.query<{ row: Row }>(
      `SELECT to_jsonb(t) AS row FROM ${table} t
       WHERE (${listed(columns)}) = (SELECT ${listed(columns)} FROM jsonb_populate_record(NULL::${table}, $1))`,
      [row],
    );
    return found.map((each) => each.row);
  }

  async #transaction<T>(as: Pretence, work: () => Promise<T>): Promise<T> {
    await this.#client.query('BEGIN');
    try {
      for (const [name, value] of Object.entries(as))
        await this.#client.query('SELECT set_config($1, $2, true)', [`sceau.${name}`, value]);
      const result = await work();
      await this.#client.query('COMMIT');
      return result;
    } catch (error) {
      await this.#client.query('ROLLBACK');
      throw error;
    }
  }
}

export const asCandidate = (id: string): Pretence => ({ scope: 'candidate', candidate_id: id });
export const asAgency = (id: string): Pretence => ({ scope: 'agency', agency_id: id });
export const AS_SYSTEM: Pretence = { scope: 'system' };
export const AS_IDENTITY: Pretence = { scope: 'identity' };
