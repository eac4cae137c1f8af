import type { EntityManager } from 'typeorm';

export type TransactionOutcome = 'committed' | 'aborted' | 'in progress' | 'unknown';

/** The 64-bit id (xid8) of the transaction that `manager` is in; it never comes again in the same cluster. */
export async function currentTransaction(manager: EntityManager): Promise<string> {
  const rows: { id: string }[] = await manager.query('SELECT pg_current_xact_id()::text AS id');
  const [row] = rows;
  if (row === undefined) throw new Error('A transaction has an id.');
  return row.id;
}

/** Whether it is the one that `manager` is in. */
export async function isCurrentTransaction(manager: EntityManager, id: string): Promise<boolean> {
  const rows: { same: boolean | null }[] = await manager.query(
    'SELECT pg_current_xact_id_if_assigned() = $1::xid8 AS same',
    [id],
  );
  return rows[0]?.same === true;
}

/**
 * How a transaction ended, by the commit log of the database that ran it. `unknown`: too long ago, or of another
 * history, as after a restore.
 */
export async function transactionOutcome(manager: EntityManager, id: string): Promise<TransactionOutcome> {
  const rows: { status: TransactionOutcome | null }[] = await manager.query(
    'SELECT platform.transaction_outcome($1::xid8) AS status',
    [id],
  );
  return rows[0]?.status ?? 'unknown';
}
