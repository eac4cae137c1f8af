import pg from 'pg';

export interface PoolOptions {
  readonly applicationName: string;
  readonly max: number;
  /** Milliseconds to wait for a connection before giving up. */
  readonly connectTimeoutMs?: number;
  /** Milliseconds after which the server cancels a statement; 0: never. */
  readonly statementTimeoutMs?: number;
}

/** A pool of its own for a room that must not wait behind business queries. An idle connection's loss is not an error. */
export function createPool(url: string, options: PoolOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: options.applicationName,
    max: options.max,
    connectionTimeoutMillis: options.connectTimeoutMs ?? 5_000,
    statement_timeout: options.statementTimeoutMs ?? 0,
    idleTimeoutMillis: 30_000,
  });
  // The pool has already dropped the connection; the next query opens another or reports the fault itself.
  pool.on('error', () => undefined);
  return pool;
}
