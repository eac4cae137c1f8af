import pg from 'pg';

/** @returns when the ledger's entries of it were made since a moment, the first one first */
export async function alertsOfStuffing(ownerUrl: string, since: Date): Promise<readonly Date[]> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ at: string }>(
      `SELECT entry ->> 'at' AS at
       FROM (SELECT convert_from(envelope, 'UTF8')::jsonb AS entry
             FROM (SELECT envelope FROM audit.staging UNION SELECT envelope FROM audit.leaf) AS kept) AS entries
       WHERE entry ->> 'action' = 'sign_in.stuffing_suspected' AND (entry ->> 'at')::timestamptz >= $1
       ORDER BY (entry ->> 'at')::timestamptz`,
      [since],
    );
    return rows.map(({ at }) => new Date(at));
  } finally {
    await client.end();
  }
}
