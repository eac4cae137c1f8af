import pg from 'pg';
import type { Row } from '../../../integration/sealing/record-rows.js';
import { asSuperuser } from '../../../integration/ledger/tampering.js';
import type { TestDatabase } from '../../../support/database.js';

/** On whose behalf the application's role says that it acts: it may say whatever it likes. */
export type Pretence = Readonly<Record<string, string>>;

/** A connection as the application's own database role, whose changes are taken back once they have been tried. */
export class Writer {
  readonly #client: pg.Client;
  readonly #database: TestDatabase;
  /** The transaction that was committed last, if it has written anything. */
  #last = '';
  readonly #planted: { readonly table: string; readonly transaction: string }[] = [];

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

  /** Inserts a row, on behalf of the first that is let in. @returns as `write`, of the last that was tried */
  async plant(
    table: string,
    row: Readonly<Record<string, unknown>>,
    ways: readonly Pretence[],
  ): Promise<number | string> {
    const names = Object.keys(row)
      .map((name) => `"${name}"`)
      .join(', ');
    const statement = `INSERT INTO ${table} (${names}) SELECT ${names} FROM jsonb_populate_record(NULL::${table}, $1)`;
    let outcome: number | string = 0;
    for (const as of ways) {
      outcome = await this.write(statement, [row], as);
      if (typeof outcome === 'number') break;
    }
    if (typeof outcome === 'number') this.#planted.push({ table, transaction: this.#last });
    return outcome;
  }

  /** Takes away what was planted and not changed by anybody since. */
  async clear(): Promise<void> {
    await asSuperuser(this.#database, async (query) => {
      for (const { table, transaction } of this.#planted.splice(0))
        await query(`DELETE FROM ${table} WHERE xmin::text = $1`, [transaction]);
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
          const columns = Object.keys(row)
            .map((name) => `"${name}"`)
            .join(', ');
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

  async #transaction<T>(as: Pretence, work: () => Promise<T>): Promise<T> {
    await this.#client.query('BEGIN');
    try {
      for (const [name, value] of Object.entries(as))
        await this.#client.query('SELECT set_config($1, $2, true)', [`sceau.${name}`, value]);
      const result = await work();
      const { rows } = await this.#client.query<{ id: string | null }>(
        'SELECT pg_current_xact_id_if_assigned()::xid::text AS id',
      );
      this.#last = rows[0]?.id ?? '';
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
