import type pg from 'pg';
import { refuseDriver } from './outage.js';

const COMMIT = { name: 'commit', text: 'COMMIT' };

/**
 * Ends a transaction for good. Of one in which a statement has failed, whoever made light of that, PostgreSQL answers
 * with a rollback and no error.
 * @throws Outage, upon which nobody knows whether it was committed; Error when nothing was
 */
export async function commit(connection: pg.ClientBase): Promise<void> {
  const { command } = await connection.query(COMMIT).catch(refuseDriver);
  if (command !== 'COMMIT')
    throw new Error('Nothing was committed: a statement of the transaction has failed.');
}
