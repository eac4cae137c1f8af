import { randomBytes, randomUUID } from 'node:crypto';
import pg from 'pg';

/** Writers that PostgreSQL itself sets the limit for, each on a connection of its own with prepared statements. */
export class Baselines {
  readonly #clients: readonly pg.Client[];
  readonly #row: Buffer;

  private constructor(clients: readonly pg.Client[], row: Buffer) {
    this.#clients = clients;
    this.#row = row;
  }

  /** @param rowBytes as long as a staged entry about one candidate */
  static async connect(url: string, clients: number, rowBytes: number): Promise<Baselines> {
    const owner = new pg.Client({ connectionString: url });
    await owner.connect();
    await owner.query(`
      CREATE SCHEMA bench;
      CREATE TABLE bench.row (id uuid PRIMARY KEY, bytes bytea NOT NULL);
      CREATE TABLE bench.link (n bigint PRIMARY KEY, bytes bytea NOT NULL, hash bytea NOT NULL);
      CREATE TABLE bench.head (n bigint NOT NULL, hash bytea NOT NULL);
      INSERT INTO bench.head VALUES (0, sha256(''));
      CREATE FUNCTION bench.chain(bytes bytea) RETURNS bigint LANGUAGE sql AS $$
        WITH moved AS (UPDATE bench.head h SET n = h.n + 1, hash = sha256(h.hash || chain.bytes) RETURNING h.n, h.hash)
        INSERT INTO bench.link SELECT n, chain.bytes, hash FROM moved RETURNING n
      $$`);
    await owner.end();
    const connected = Array.from({ length: clients }, async () => {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      return client;
    });
    return new Baselines(await Promise.all(connected), randomBytes(rowBytes));
  }

  /** One row, one commit. */
  async insert(lane: number): Promise<void> {
    await this.#at(lane).query({
      name: 'insert',
      text: 'INSERT INTO bench.row VALUES ($1, $2)',
      values: [randomUUID(), this.#row],
    });
  }

  /** One row that holds the hash of the one before, whose head is locked until the commit. */
  async chain(lane: number): Promise<void> {
    await this.#at(lane).query({ name: 'chain', text: 'SELECT bench.chain($1)', values: [this.#row] });
  }

  async close(): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.end()));
  }

  #at(lane: number): pg.Client {
    const client = this.#clients[lane];
    if (client === undefined) throw new Error('There is no such connection.');
    return client;
  }
}
