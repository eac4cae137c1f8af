import type { TestDatabase } from '../../support/database.js';

/** As many bytes as an entry about one candidate has. */
const ENVELOPE = `jsonb_build_object(
  'id', '019ab1c2-3d4e-7f50-8a6b-' || lpad(to_hex(i), 12, '0'), 'at', to_char(moment AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
  'action', 'application.disclosed', 'outcome', 'allowed', 'purpose', 'review',
  'actor', jsonb_build_object('kind', 'agency', 'id', '019ab1c2-3d4e-7f50-8a6b-0c1d2e3f4a5b'),
  'client', '019ab1c2-3d4e-7f50-8a6b-0c1d2e3f4a5b', 'agency', '019ab1c2-3d4e-7f50-8a6b-0c1d2e3f4a5c',
  'resource', jsonb_build_object('type', 'application', 'id', '019ab1c2-3d4e-7f50-8a6b-0c1d2e3f4a5d'),
  'requestId', '019ab1c2-3d4e-7f50-8a6b-0c1d2e3f4a5e', 'origin', jsonb_build_object('address', repeat('a', 43), 'network', repeat('b', 43)),
  'count', 1, 'subjectsRoot', repeat('c', 43), 'writer', '019ab1c2-3d4e-7f50-8a6b-0c1d2e3f4a5f', 'n', i + 1, 'previous', repeat('d', 43))`;

const RECORD = `jsonb_build_object('nonce', repeat('e', 22), 'subject', '4f1f7d0e-9c5a-4b7e-8d3a-2f6b1c0e9d87',
  'application', '019ab1c2-3d4e-7f50-8a6b-0c1d2e3f4a5d', 'fields', '["motivation", "education", "experience"]'::jsonb)`;

/**
 * Leaves with their records, put straight beside those of the tree, and a checkpoint that pretends to cover them: for
 * measuring what is read, not for proving it. No sequencer may be at work.
 */
export async function insertEntries(database: TestDatabase, times: number): Promise<void> {
  const [head] = await database.query<{ size: string }>('SELECT size::text FROM audit.signed_head');
  const first = Number(head?.size);
  await database.query('SELECT audit.open_month(clock_timestamp()::date)');
  const values = [first, first + times - 1];
  await database.query(
    `INSERT INTO audit.leaf (leaf_index, at, envelope, hash, writer, n, signature)
     SELECT i, moment, convert_to(${ENVELOPE}::text, 'UTF8'), decode(repeat('00', 32), 'hex'),
       '019ab1c2-3d4e-7f50-8a6b-0c1d2e3f4a5f', i + 1, decode(repeat('00', 64), 'hex')
     FROM (SELECT i, clock_timestamp() AS moment FROM generate_series($1::bigint, $2::bigint) AS g (i)) AS t`,
    values,
  );
  await database.query(
    `INSERT INTO audit.subject_record (leaf_index, at, position, subject, record, hash)
     SELECT leaf_index, at, 0, '4f1f7d0e-9c5a-4b7e-8d3a-2f6b1c0e9d87', convert_to(${RECORD}::text, 'UTF8'), hash
     FROM audit.leaf WHERE leaf_index BETWEEN $1 AND $2`,
    values,
  );
  await database.query(
    `INSERT INTO audit.hour AS h (hour, first_leaf, last_leaf)
     SELECT date_trunc('hour', at, 'UTC'), min(leaf_index), max(leaf_index) FROM audit.leaf GROUP BY 1
     ON CONFLICT (hour) DO UPDATE SET (first_leaf, last_leaf) = (excluded.first_leaf, excluded.last_leaf)`,
  );
  await database.query('UPDATE audit.signed_head SET size = $1', [first + times]);
}
