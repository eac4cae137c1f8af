import pg from 'pg';

export interface PoolOptions {
  readonly applicationName: string;
  readonly max: number;
  /** Milliseconds to wait for a connection before giving up. */
  readonly connectTimeoutMs?: number;
  /** Milliseconds after which the server cancels a statement, and shortly after which a silent server is given up; 0: never. */
  readonly statementTimeoutMs?: number;
}

/** How much longer than the server's own limit its answer is waited for. */
const GRACE_MS = 500;

/** A pool of its own for a room that must not wait behind business queries. An idle connection's loss is not an error. */
export function createPool(url: string, options: PoolOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: options.applicationName,
    max: options.max,
    connectionTimeoutMillis: options.connectTimeoutMs ?? 5_000,
    statement_timeout: options.statementTimeoutMs ?? 0,
    ...(options.statementTimeoutMs ? { query_timeout: options.statementTimeoutMs + GRACE_MS } : {}),
    idleTimeoutMillis: 30_000,
  });
  // The pool has already dropped the connection; the next query opens another or reports the fault itself.
  pool.on('error', () => undefined);
  return pool;
}
