import type { ApplicationStatus } from '../../../src/modules/applications/index.js';
import type { Loot } from '../population/loot.ts';
import type { Impact } from '../system/impact.ts';
import { entriesSince, type LedgerText } from '../system/ledger.ts';
import { isReleased, mostShown } from './release.ts';
import type { Attempt } from './row.ts';
import type { Thief } from './thief.ts';

/** By which somebody is told of a theft. */
export const ALERTS = [
  'disclosure.budget_warned',
  'disclosure.budget_spent',
  'canary.disclosed',
  'access.unusual',
] as const;

interface Applicant {
  readonly person: number;
  readonly status: ApplicationStatus;
}

/** All that the thief has got by any way, against what an agency may have at most. */
export async function judged(thief: Thief, impact: Impact): Promise<Attempt> {
  const { system, agency, since, loot } = thief;
  const applicants = await applicantsOf(thief);
  const most = mostShown(
    Array.from(applicants.values(), ({ status }) => status),
    since,
    new Date(),
  );
  const alerts = (await entriesSince(system, since, ALERTS)).filter(
    (entry) => entry.client === agency.clientId || entry.resource.id === agency.clientId,
  );
  const suspensions = await entriesSince(system, since, ['client.suspended']);
  const suspension = suspensions.find(({ resource }) => resource.id === agency.clientId);
  const [first] = alerts;
  const before = first === undefined ? undefined : thief.exposedBy(new Date(first.at));
  return {
    tried: [
      `altogether ${loot.people.size} of ${applicants.size} applicants, of ${most} allowed within the hour`,
      first === undefined ? 'no alert' : `the first alert (${first.action}) came after ${before} of them`,
      suspension === undefined ? 'not suspended' : 'then the client was suspended',
      `sceau incident impact took ${impact.tookMs} ms`,
    ].join('; '),
    obtained: loot,
    breaches: [
      ...beyondRelease(loot, applicants),
      ...(loot.people.size > most ? [`${loot.people.size} candidates were shown, of ${most} allowed.`] : []),
      ...(readable(applicants) > most ? stopped(alerts, suspension) : []),
    ],
  };
}

/** By the person's number, at the stage that they are now at. */
async function applicantsOf({ system, agency }: Thief): Promise<ReadonlyMap<number, Applicant>> {
  const rows = await system.database.query<{ id: string; status: ApplicationStatus }>(
    'SELECT id, status FROM applications.application WHERE agency_id = $1',
    [agency.agencyId],
  );
  const statuses = new Map(rows.map(({ id, status }) => [id, status]));
  return new Map(
    agency.applicants.map(({ person, application, status }) => [
      person,
      { person, status: statuses.get(application) ?? status },
    ]),
  );
}

function beyondRelease(loot: Loot, applicants: ReadonlyMap<number, Applicant>): readonly string[] {
  const beyond = loot.beyond((person, field) => {
    const applicant = applicants.get(person);
    return applicant !== undefined && isReleased(applicant.status, field);
  });
  return beyond.people.size === 0 ? [] : [`Obtained beyond what is released: ${beyond.describe()}.`];
}

const readable = (applicants: ReadonlyMap<number, Applicant>): number =>
  [...applicants.values()].filter(({ status }) => isReleased(status, 'motivation')).length;

/** The alert before, the suspension after: what has to happen to whoever wants more than the budget. */
function stopped(alerts: readonly LedgerText[], suspension: LedgerText | undefined): readonly string[] {
  const [first] = alerts;
  if (suspension === undefined) return ['The client is not suspended.'];
  if (first === undefined || first.id > suspension.id)
    return ['Nobody was told before the client was suspended.'];
  return [];
}
