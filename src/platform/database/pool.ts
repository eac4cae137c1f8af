import pg from 'pg';
import type { Scope } from './scope.js';

export interface PoolOptions {
  readonly applicationName: string;
  readonly max: number;
  /** Milliseconds to wait for a connection before giving up. */
  readonly connectTimeoutMs?: number;
  /** Milliseconds after which the server cancels a statement, and shortly after which a silent server is given up; 0: never. */
  readonly statementTimeoutMs: number;
  /** On whose behalf every statement is, where all of them are on the same. */
  readonly scope?: Extract<Scope['kind'], 'identity'>;
}

/** How much longer than the server's own limit its answer is waited for. */
const GRACE_MS = 500;

/** A pool of its own for a room that must not wait behind business queries. An idle connection's loss is not an error. */
export function createPool(url: string, options: PoolOptions): pg.Pool {
  const { scope, statementTimeoutMs } = options;
  const pool = new pg.Pool({
    connectionString: url,
    application_name: options.applicationName,
    max: options.max,
    connectionTimeoutMillis: options.connectTimeoutMs ?? 5_000,
    statement_timeout: statementTimeoutMs,
    ...(statementTimeoutMs === 0 ? {} : { query_timeout: statementTimeoutMs + GRACE_MS }),
    idleTimeoutMillis: 30_000,
    // oxlint-disable-next-line typescript/no-misused-promises -- the pool awaits it, so nobody gets a connection that has not said so; its types do not tell
    ...(scope === undefined ? {} : { onConnect: (client) => enter(client, scope) }),
  });
  // The pool has already dropped the connection; the next query opens another or reports the fault itself.
  pool.on('error', () => undefined);
  return pool;
}

async function enter(client: pg.ClientBase, scope: string): Promise<void> {
  await client.query("SELECT set_config('sceau.scope', $1, false)", [scope]);
}
