import type { AgencyId } from '../../src/kernel/ids.js';
import type { Sceau } from './sceau.js';

/** A limit that was nearly spent, and of which nobody need be told again. */
export async function leaveWarned({ database }: Sceau, agencyId: AgencyId): Promise<void> {
  await database.query(
    `INSERT INTO disclosure.warned (agency_id, reach, period, hour)
     VALUES ($1, 'interview', 'month', date_trunc('hour', now(), 'UTC') - interval '29 days')`,
    [agencyId],
  );
}
