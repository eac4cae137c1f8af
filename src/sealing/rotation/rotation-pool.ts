import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type pg from 'pg';
import { Failure } from '../../kernel/errors.js';
import { Settings } from '../../platform/config/settings.js';
import { commit } from '../../platform/database/commit.js';
import { createPool } from '../../platform/database/pool.js';

/** Held by whoever rotates; given up by PostgreSQL when that process dies, however it dies. */
const LOCK = 7_346_432;

/**
 * Connections to the key store for rotation alone. Made when first used, as most processes never rotate anything,
 * and without a time limit: counting millions of keys takes its time.
 */
@Injectable()
export class RotationPool implements OnApplicationShutdown {
  readonly #pool: pg.Pool;

  constructor(settings: Settings) {
    this.#pool = createPool(settings.database.keystoreUrl, {
      applicationName: 'sceau-rotation',
      max: 3,
      statementTimeoutMs: 0,
    });
  }

  async query<Row extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.#pool.query<Row>(text, values)).rows;
  }

  /** Runs `work` in one transaction. */
  async transaction<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    return this.#withClient(async (client) => {
      await client.query('BEGIN');
      const result = await work(client);
      await commit(client);
      return result;
    });
  }

  /**
   * Runs `work` while no other process rotates anything in this key store.
   * @throws Failure `conflict` when one does
   */
  async exclusively<T>(work: () => Promise<T>): Promise<T> {
    return this.#withClient(async (client) => {
      const { rows } = await client.query<{ held: boolean }>('SELECT pg_try_advisory_lock($1) AS held', [
        LOCK,
      ]);
      if (rows[0]?.held !== true) throw new Failure('conflict', { detail: 'Another rotation is at work.' });
      try {
        return await work();
      } finally {
        await client.query('SELECT pg_advisory_unlock($1)', [LOCK]);
      }
    });
  }

  /** One connection for `work`; after a failure it is closed, and a transaction or lock with it. */
  async #withClient<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const client = await this.#pool.connect();
    // A lost connection fails the next statement on it; unheard, the event would end the process.
    const lost = (): void => undefined;
    client.on('error', lost);
    let failed = true;
    try {
      const result = await work(client);
      failed = false;
      return result;
    } finally {
      client.off('error', lost);
      client.release(failed);
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#pool.end();
  }
}
