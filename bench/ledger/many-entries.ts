import type pg from 'pg';

/*
 * Rows of the index that queries read, without the leaves behind them: one each six seconds, of 50 agencies; in each
 * 1,000 entries 50 candidates, each 20 times. Nothing of it can be verified, only searched.
 */
const AGENCIES = 50;
const BEGIN = Date.parse('2025-01-01T00:00:00Z');
const APART_MS = 6_000;
/** One entry of so many was made with a key that was stolen. */
const STOLEN = 5_000;
export const STOLEN_KEY = 'd'.repeat(43);
export const originOf = (index: number): string => String(index % AGENCIES).padStart(43, 'a');
export const ACTIONS = { common: 'application.disclosed', rare: 'ledger.exported' } as const;

const hex = (number: number): string => number.toString(16).padStart(12, '0');
export const momentOf = (index: number): Date => new Date(BEGIN + index * APART_MS);
export const agencyOf = (index: number): string => `019ab1c2-3d4e-7f50-8a6b-${hex(index % AGENCIES)}`;
export const clientOf = (index: number): string => `019ab1c2-3d4e-7f50-8a6c-${hex(index % AGENCIES)}`;
/** The reference of the candidate whom this entry touches. */
export const subjectOf = (index: number): string =>
  `4f1f7d0e-9c5a-4b7e-8d3a-${hex(Math.floor(index / 1_000) * 50 + (index % 50))}`;

const id = (group: string, number: string): string =>
  `('019ab1c2-3d4e-7f50-${group}-' || lpad(to_hex(${number}), 12, '0'))::uuid`;

const ENTRIES = `
  INSERT INTO audit.entry (leaf_index, entry_id, at, action, outcome, reason, actor_kind, actor_id, client_id, agency_id,
    session_id, resource_type, resource_id, purpose, request_id, origin_address, origin_network, count, key)
  SELECT i, ${id('8a60', 'i')}, timestamptz '2025-01-01T00:00:00Z' + i * interval '${APART_MS} ms',
    CASE WHEN i % 200 = 0 THEN '${ACTIONS.rare}' WHEN i % 4 = 1 THEN 'session.started' ELSE '${ACTIONS.common}' END,
    CASE WHEN i % 100 = 7 THEN 'refused' ELSE 'allowed' END, NULL, 'agency', ${id('8a6c', `i % ${AGENCIES}`)}::text,
    ${id('8a6c', `i % ${AGENCIES}`)}, ${id('8a6b', `i % ${AGENCIES}`)}, NULL, 'application', NULL, 'review',
    ${id('8a6d', 'i')}, lpad((i % ${AGENCIES})::text, 43, 'a'), lpad((i % ${AGENCIES})::text, 43, 'b'), 1,
    CASE WHEN i % ${STOLEN} = 2 THEN '${STOLEN_KEY}' ELSE lpad((i % ${AGENCIES})::text, 43, 'c') END
  FROM generate_series($1::bigint, $2::bigint) AS g (i)`;

const RECORDS = `
  INSERT INTO audit.subject_record (leaf_index, at, position, subject, record, hash)
  SELECT i, timestamptz '2025-01-01T00:00:00Z' + i * interval '${APART_MS} ms', 0, subject, convert_to('{"application":"019ab1c2-3d4e-7f50-8a6b-0c1d2e3f4a5d","fields":["motivation","education"],'
      || '"nonce":"AAAAAAAAAAAAAAAAAAAAAA","subject":"' || subject::text || '"}', 'UTF8'), decode(repeat('00', 32), 'hex')
  FROM (SELECT i, ('4f1f7d0e-9c5a-4b7e-8d3a-' || lpad(to_hex(i / 1000 * 50 + i % 50), 12, '0'))::uuid AS subject
        FROM generate_series($1::bigint, $2::bigint) AS g (i)) AS t`;

const MONTHS = `
  SELECT audit.open_month(month::date)
  FROM generate_series(date_trunc('month', timestamp '2025-01-01' + $1::bigint * interval '${APART_MS} ms'),
                       timestamp '2025-01-01' + $2::bigint * interval '${APART_MS} ms', '1 month') AS g (month)`;

interface Index {
  readonly name: string;
  readonly definition: string;
}

/** Brings the index to this size: its search structures are taken away meanwhile, which makes it minutes, not hours. */
export async function fill(owner: pg.Client, size: number, signal: AbortSignal): Promise<void> {
  const { rows } = await owner.query<{ next: number }>(
    'SELECT coalesce(max(leaf_index) + 1, 0)::float8 AS next FROM audit.entry',
  );
  const next = rows[0]?.next ?? 0;
  const { rows: indexes } = await owner.query<Index>(
    `SELECT i.indexrelid::regclass::text AS name, pg_get_indexdef(i.indexrelid) AS definition FROM pg_index i
     WHERE i.indrelid IN ('audit.entry'::regclass, 'audit.subject_record'::regclass) AND NOT i.indisunique`,
  );
  await owner.query(
    "SET session_replication_role = replica; SET synchronous_commit = off; SET maintenance_work_mem = '512MB'",
  );
  for (const { name } of indexes) await owner.query(`DROP INDEX ${name}`);
  await owner.query(MONTHS, [next, size - 1]);
  for (const statement of [ENTRIES, RECORDS]) {
    signal.throwIfAborted();
    await owner.query(statement, [next, size - 1]);
  }
  for (const { definition } of indexes) {
    signal.throwIfAborted();
    // Of a partitioned table the definition speaks of the parent alone.
    await owner.query(definition.replace(' ON ONLY ', ' ON '));
  }
  await owner.query(
    `INSERT INTO audit.hour AS h (hour, first_leaf, last_leaf)
     SELECT date_trunc('hour', at, 'UTC'), min(leaf_index), max(leaf_index) FROM audit.entry GROUP BY 1
     ON CONFLICT (hour) DO UPDATE SET (first_leaf, last_leaf) = (excluded.first_leaf, excluded.last_leaf)`,
  );
  await owner.query('RESET session_replication_role');
  await owner.query('VACUUM ANALYZE audit.entry');
  await owner.query('VACUUM ANALYZE audit.subject_record');
  await owner.query('CHECKPOINT');
}
