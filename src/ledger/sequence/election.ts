import pg from 'pg';

/** Only one process of an installation sequences; this is what they compete for. */
const ELECTION_LOCK = 7_346_421;
/** A sequencer asks five times a second. One that is silent for this long is gone, whatever its connection looks like. */
const SILENCE_MS = 5_000;
/** A server that does not answer for this long is given up. */
const ANSWER_MS = 30_000;

/** A connection as role `sceau_sequencer`, not open yet. */
export function sequencerConnection(url: string): pg.Client {
  return new pg.Client({
    connectionString: url,
    application_name: 'sceau-sequencer',
    connectionTimeoutMillis: SILENCE_MS,
    query_timeout: ANSWER_MS,
    keepAlive: true,
  });
}

/**
 * Competes once; the office lasts as long as the connection.
 * Whoever is elected and then falls silent loses it with the session, by the server's own doing.
 */
export async function isElected(client: pg.Client): Promise<boolean> {
  await client.query(
    `SELECT set_config('idle_session_timeout', $1, false), set_config('idle_in_transaction_session_timeout', $1, false)`,
    [String(SILENCE_MS)],
  );
  const { rows } = await client.query<{ elected: boolean }>('SELECT pg_try_advisory_lock($1) AS elected', [
    ELECTION_LOCK,
  ]);
  return rows[0]?.elected === true;
}

/** Breaks the silence of a sequencer that has nothing to write. */
export async function stayElected(client: pg.Client): Promise<void> {
  await client.query('SELECT');
}
