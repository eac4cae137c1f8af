import type { TestDatabase } from '../../support/database.js';

export type RecordTable =
  | 'identity.account'
  | 'identity.session'
  | 'identity.ticket'
  | 'identity.passkey'
  | 'identity.federated_identity'
  | 'identity.recovery'
  | 'agencies.client'
  | 'applications.application'
  | 'oauth.record'
  | 'webhooks.endpoint'
  | 'incidents.incident'
  | 'incidents.notice';
export type Row = Readonly<Record<string, unknown>>;

/** A whole row as somebody with SQL would keep it. */
export async function copyRow(database: TestDatabase, table: RecordTable, id: string): Promise<Row> {
  const rows = await database.query<{ row: Row }>(`SELECT to_jsonb(t) AS row FROM ${table} t WHERE id = $1`, [
    id,
  ]);
  const [copy] = rows;
  if (copy === undefined) throw new Error('There is no such row.');
  return copy.row;
}

/** Writes a row over the one that has its id now. */
export async function putBack(database: TestDatabase, table: RecordTable, row: Row): Promise<void> {
  const columns = columnsOf(row);
  await database.query(
    `UPDATE ${table} SET (${columns}) = (SELECT ${columns} FROM jsonb_populate_record(NULL::${table}, $1)) WHERE id = $2`,
    [row, row['id']],
  );
}

/** Writes a row that nobody has registered. */
export async function plant(database: TestDatabase, table: RecordTable, row: Row): Promise<void> {
  const columns = columnsOf(row);
  await database.query(
    `INSERT INTO ${table} (${columns}) SELECT ${columns} FROM jsonb_populate_record(NULL::${table}, $1)`,
    [row],
  );
}

const columnsOf = (row: Row): string =>
  Object.keys(row)
    .map((name) => `"${name}"`)
    .join(', ');

/** Why records were refused, by the ledger: staged entries count too. */
export async function refusalsOf(database: TestDatabase, id: string): Promise<readonly string[]> {
  const rows = await database.query<{ envelope: string }>(
    `SELECT convert_from(envelope, 'UTF8') AS envelope FROM audit.staging
     UNION ALL SELECT convert_from(envelope, 'UTF8') FROM audit.leaf`,
  );
  return rows
    .map(({ envelope }): Entry => JSON.parse(envelope))
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .filter((entry) => entry.action === 'security_record.refused' && entry.resource.id === id)
    .map(({ outcome, reason }) => `${outcome}: ${reason}`);
}

interface Entry {
  /** UUIDv7: sorts by time. */
  readonly id: string;
  readonly action: string;
  readonly outcome: string;
  readonly reason: string;
  readonly resource: { readonly id?: string };
}
