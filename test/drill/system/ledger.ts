import type { DrilledSystem } from './drilled-system.ts';

/** An entry of the ledger as its bytes say it. */
export interface LedgerText {
  readonly id: string;
  /** RFC 3339. */
  readonly at: string;
  readonly action: string;
  readonly outcome: string;
  readonly reason?: string;
  readonly requestId: string;
  readonly actor: { readonly kind: string; readonly id?: string };
  readonly client?: string;
  readonly agency?: string;
  readonly resource: { readonly type: string; readonly id?: string };
}

/** What the ledger has of these actions since a moment, sequenced or not yet, oldest first. */
export async function entriesSince(
  { database }: Pick<DrilledSystem, 'database'>,
  since: Date,
  actions: readonly string[],
): Promise<readonly LedgerText[]> {
  const rows = await database.query<{ envelope: string }>(
    `SELECT envelope FROM (
       SELECT convert_from(envelope, 'UTF8') AS envelope FROM audit.staging
       UNION ALL SELECT convert_from(envelope, 'UTF8') FROM audit.leaf WHERE at >= $1) AS e
     WHERE envelope::jsonb->>'action' = ANY($2) AND (envelope::jsonb->>'at')::timestamptz >= $1`,
    [since, actions],
  );
  return rows
    .map(({ envelope }): LedgerText => JSON.parse(envelope))
    .toSorted((one, other) => (one.id < other.id ? -1 : 1));
}
