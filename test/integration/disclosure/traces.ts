import type { Sceau } from '../../support/sceau.js';

/** What a person leaves for a day at most: an answer that is kept, networks and counts of signing in, a mail on its way. */
const FOR_A_DAY = /^(platform\.idempotency|platform\.outgoing_mail|identity\.(attempt|known))/;

/** Where an id stands, and what its rows are but for what is different for anybody. */
export async function traces(
  { database }: Sceau,
  candidate: string,
  application: string,
): Promise<readonly string[]> {
  const columns = await database.query<{ name: string; column: string; type: string }>(
    `SELECT format('%I.%I', c.table_schema, c.table_name) AS name, c.column_name AS "column", c.data_type AS type
     FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
     WHERE t.table_type = 'BASE TABLE' AND c.data_type IN ('uuid', 'text')
       AND c.table_schema NOT IN ('pg_catalog', 'information_schema', 'jobs') AND c.table_name !~ '_\\d{4}_\\d{2}$'`,
  );
  const found: string[] = [];
  for (const { name, column } of columns.filter((one) => !FOR_A_DAY.test(one.name))) {
    const rows = await database.query<{ row: Record<string, unknown> }>(
      `SELECT to_jsonb(t) AS row FROM ${name} t WHERE t.${column}::text = ANY ($1)`,
      [[candidate, application]],
    );
    for (const { row } of rows) found.push(`${name}.${column}: ${shapeOf(row)}`);
  }
  return found.toSorted();
}

/** Words, revisions and what is null as they are; what anybody’s own is by being there. */
const shapeOf = (row: Record<string, unknown>): string =>
  Object.entries(row)
    .filter(([name]) => name !== 'leaf_index' && name !== 'totp_step')
    .map(([name, value]) => `${name}=${describeValue(value)}`)
    .join(' ');
function describeValue(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  if (value.startsWith('\\x')) return 'sealed';
  if (/^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(value)) return 'id';
  return /^\d{4}-\d{2}-\d{2}T/.test(value)
    ? 'time'
    : /^\d{6,}$/.test(value)
      ? 'number'
      : value.replace(/[\w+/-]{20,}/g, 'code');
}
