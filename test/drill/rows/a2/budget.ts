import { record } from '../../../support/actors.js';
import { Loot } from '../../population/loot.ts';
import type { Attempt } from '../row.ts';
import type { Scene } from './swaps.ts';
import { AS_SYSTEM } from './writer.ts';

const INVENTED = 2_000;

/** Whoever holds an agency's live credential besides (A4) invents applications to it, for a larger budget. */
export async function budgetRaised({ system, writer, agency, victim }: Scene): Promise<Attempt> {
  const before = await budgetOf(agency);
  const outcome = await writer.write(
    `INSERT INTO applications.application SELECT (r).* FROM (
       SELECT jsonb_populate_record(a, jsonb_build_object('id', gen_random_uuid(), 'candidate_id', gen_random_uuid(),
                'status', 'submitted')) AS r
       FROM applications.application AS a, generate_series(1, ${INVENTED}) WHERE a.id = $1) AS copies`,
    [victim.application],
    AS_SYSTEM,
  );
  const after = await budgetOf(agency);
  await system.database.query(
    'DELETE FROM applications.application WHERE agency_id = $1 AND id <> ALL ($2)',
    [agency.agencyId, agency.applicants.map(({ application }) => application)],
  );
  return {
    tried: `with an agency’s live credential besides (A4), applications are invented for a larger budget: ${outcome} written, ${before} candidates an hour before and ${after} after`,
    obtained: new Loot(),
    breaches: [
      ...(outcome === INVENTED ? [] : [`Not tried, as the applications were refused: ${outcome}.`]),
      ...(after > before ? [`The budget grew from ${before} to ${after} an hour.`] : []),
    ],
  };
}

/** How many candidates the agency may be shown within an hour. */
async function budgetOf({ client }: Scene['agency']): Promise<number> {
  const { limits } = record((await client.request('/v1/agency/usage')).body);
  const [hour] = (Array.isArray(limits) ? limits : []).map(record);
  return Number(hour?.['limit']);
}
