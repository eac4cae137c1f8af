import pg from 'pg';

/** What a statement came to: how many rows it touched, or the SQLSTATE with which it was refused. */
export type Outcome = number | string;

/** The SQLSTATE of whatever a role or a policy forbids. */
export const FORBIDDEN = '42501';

/** One connection as some role, on which everything that is tried is taken back. */
export class TryingRole {
  readonly #client: pg.Client;

  private constructor(client: pg.Client) {
    this.#client = client;
  }

  static async connect(url: string): Promise<TryingRole> {
    const client = new pg.Client({ connectionString: url, application_name: 'sceau-test' });
    await client.connect();
    return new TryingRole(client);
  }

  /** Tries one statement in a transaction with these settings, and rolls it back. */
  async attempt(statement: string, settings: Readonly<Record<string, string>> = {}): Promise<Outcome> {
    try {
      const [row] = await this.#undone(statement, settings, (result) => [result.rowCount ?? 0]);
      return row ?? 0;
    } catch (error) {
      if (error instanceof pg.DatabaseError) return error.code ?? error.message;
      throw error;
    }
  }

  /** The rows that a query shows under these settings. */
  select<Row extends pg.QueryResultRow>(
    query: string,
    settings: Readonly<Record<string, string>> = {},
  ): Promise<Row[]> {
    return this.#undone<Row, Row>(query, settings, (result) => result.rows);
  }

  async end(): Promise<void> {
    await this.#client.end();
  }

  async #undone<Row extends pg.QueryResultRow, T>(
    statement: string,
    settings: Readonly<Record<string, string>>,
    read: (result: pg.QueryResult<Row>) => T[],
  ): Promise<T[]> {
    await this.#client.query('BEGIN');
    try {
      for (const [name, value] of Object.entries(settings)) {
        await this.#client.query('SELECT set_config($1, $2, true)', [name, value]);
      }
      return read(await this.#client.query<Row>(statement));
    } finally {
      await this.#client.query('ROLLBACK');
    }
  }
}
