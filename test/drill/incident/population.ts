import { Agencies } from '../../../src/modules/agencies/index.js';
import type { AgencyId, VacancyId } from '../../../src/kernel/ids.js';
import type { Report } from '../../../src/sealing/index.js';
import { systemContext } from '../../support/actors.js';
import type { Reachable } from '../../support/sceau.js';
import { comeInAsStaff } from '../../support/staff.js';
import type { Ground } from '../population/candidate.ts';
import { plantCanaries } from '../population/canaries.ts';
import { openAgency, type Population, publishAt, statusOf } from '../population/population.ts';
import { seedCandidates } from '../population/seeding.ts';

/** Recruiting bodies on the platform. The candidates have applied evenly. */
const AGENCIES = 200;
/** One for some hundred applications (ADR 41). */
const CANARIES = 4;

/**
 * The platform of the incident: everybody has applied to one of many agencies. Those who applied to the first, whose
 * manager is robbed, can be written to; what the others have signed up with is left out.
 */
export async function populateIncident(
  ground: Reachable & Ground,
  candidates: number,
  report: Report,
): Promise<Population> {
  const robbed = await openAgency(ground, 'Direction des ressources humaines');
  const places: { readonly agency: AgencyId; readonly vacancy: VacancyId }[] = [
    { agency: robbed.agency.agencyId, vacancy: robbed.vacancy },
  ];
  for (let at = 1; at < AGENCIES; at += 1) {
    const wish = { name: `Organisme ${at}`, mode: 'live' } as const;
    const { id } = await ground.app.get(Agencies, { strict: false }).create(systemContext(), wish);
    places.push({ agency: id, vacancy: await publishAt(ground, id) });
  }
  const wishes = Array.from({ length: candidates }, (_, person) => {
    const { agency, vacancy } = places[person % places.length] ?? {
      agency: robbed.agency.agencyId,
      vacancy: robbed.vacancy,
    };
    return {
      person,
      agency,
      vacancy,
      status: statusOf(Math.floor(person / places.length)),
      hasAccount: agency === robbed.agency.agencyId,
    };
  });
  const half = Math.floor(candidates / 2);
  const first = await seedCandidates(ground, wishes.slice(0, half), (done) => report(done, candidates));
  const canaries = await plantCanaries(ground, Array<typeof robbed>(CANARIES).fill(robbed), candidates);
  const second = await seedCandidates(ground, wishes.slice(half), (done) => report(half + done, candidates));
  const everybody = [...first, ...canaries, ...second];
  const applicants = everybody.filter(({ agency }) => agency === robbed.agency.agencyId);
  return {
    candidates: everybody,
    agencies: [{ ...robbed.agency, vacancy: robbed.vacancy, applicants }],
    operator: await comeInAsStaff(ground, 'operator'),
    auditor: await comeInAsStaff(ground, 'auditor'),
    manager: await comeInAsStaff(ground, 'operator'),
  };
}
