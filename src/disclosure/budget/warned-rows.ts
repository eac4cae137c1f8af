import type { EntityManager } from 'typeorm';
import type { AgencyId } from '../../kernel/ids.js';
import { hourOf, type Reach, type Window, windowStart } from './budget-policy.js';

const nameOf = (reach: Reach): string => {
  switch (reach.kind) {
    case 'agency':
      return 'agency';
    case 'client':
      return reach.client;
    case 'purpose':
      return reach.purpose;
  }
};

/**
 * Notes that a limit is nearly spent, in the transaction that has locked the agency’s budget.
 * @returns whether that was not yet noted within the window
 */
export async function isFirstWarning(
  manager: EntityManager,
  agency: AgencyId,
  reach: Reach,
  window: Window,
  now: Date,
): Promise<boolean> {
  const rows: unknown[] = await manager.query(
    `INSERT INTO disclosure.warned (agency_id, reach, period, hour) SELECT $1, $2, $3, $4
     WHERE NOT EXISTS (SELECT FROM disclosure.warned
                       WHERE agency_id = $1 AND reach = $2 AND period = $3 AND hour >= $5)
     RETURNING hour`,
    [agency, nameOf(reach), window, hourOf(now), windowStart(window, now)],
  );
  if (rows.length === 0) return false;
  await manager.query('DELETE FROM disclosure.warned WHERE agency_id = $1 AND hour < $2', [
    agency,
    windowStart('month', now),
  ]);
  return true;
}
