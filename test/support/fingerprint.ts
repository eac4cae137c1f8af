import { setTimeout as pause } from 'node:timers/promises';
import type { TestDatabase } from './database.js';

/** What may change without anything having been done: the record of refusals, counters, when a session was last seen. */
const RESTLESS = new Set(['audit', 'jobs', 'pg_catalog', 'information_schema']);
const RESTLESS_TABLES = new Set([
  'platform.rate_limit',
  'identity.session',
  'oauth.dpop_proof',
  'oauth.replay',
]);

const PATIENCE_MS = 15_000;

/** Waits until the worker has sent what was to be sent: what changes afterwards was changed by somebody. */
export async function atRest(database: TestDatabase): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while ((await database.query('SELECT 1 FROM platform.outgoing_mail')).length > 0) {
    if (Date.now() > deadline) throw new Error('The worker leaves mail in the outbox.');
    await pause(20);
  }
}

/** Rows and digest of every business table. */
export async function fingerprint(database: TestDatabase): Promise<Record<string, string>> {
  const tables = await database.query<{ schema: string; name: string }>(
    `SELECT schemaname AS schema, tablename AS name FROM pg_tables ORDER BY 1, 2`,
  );
  const digests: Record<string, string> = {};
  for (const { schema, name } of tables) {
    const table = `${schema}.${name}`;
    if (RESTLESS.has(schema) || RESTLESS_TABLES.has(table)) continue;
    const [row] = await database.query<{ digest: string }>(
      `SELECT count(*) || ':' || coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') AS digest FROM ${table} t`,
    );
    digests[table] = row?.digest ?? '';
  }
  return digests;
}
