import type { ApplicationStatus } from '../../../src/modules/applications/index.js';
import type { Loot } from '../population/loot.ts';
import type { Impact } from '../system/impact.ts';
import { entriesSince, type LedgerText } from '../system/ledger.ts';
import { isReleased, mostShown } from './release.ts';
import type { Attempt } from './row.ts';
import type { Thief } from './thief.ts';

/** Of a canary that was read. */
const CANARY = 'canary.disclosed';
/** By which somebody is told of a theft. */
const ALERTS = ['disclosure.budget_warned', 'disclosure.budget_spent', CANARY, 'access.unusual'] as const;

interface Applicant {
  readonly person: number;
  readonly status: ApplicationStatus;
}

interface Judgement {
  readonly attempt: Attempt;
  /** Until the ledger had the first alert, in milliseconds from the first act; `null`: it has none. */
  readonly alertedAfterMs: number | null;
}

/** All that the thief has got by any way, against what an agency may have at most. */
export async function judged(thief: Thief, impact: Impact): Promise<Judgement> {
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
  const isMore = readable(applicants) > most;
  const [first] = alerts;
  const at = first === undefined ? undefined : new Date(first.at);
  const canaries = agency.applicants.filter(({ person, isCanary }) => isCanary && loot.people.has(person));
  const isCanaryAlerted = alerts.some(({ action }) => action === CANARY);
  const attempt = {
    tried: [
      `altogether ${loot.people.size} of ${applicants.size} applicants, of ${most} allowed meanwhile`,
      at === undefined
        ? 'no alert'
        : `the first alert (${first?.action}) came after ${thief.exposedBy(at)} of them`,
      ...(canaries.length === 0
        ? ['no canary among them']
        : [`a canary among them, ${isCanaryAlerted ? 'alerted' : 'not alerted'}`]),
      suspension === undefined
        ? `the client not suspended${isMore ? '' : ', which has read no more than it may'}`
        : 'the client suspended',
      `sceau incident impact took ${impact.tookMs} ms`,
    ].join('; '),
    obtained: loot,
    breaches: [
      ...beyondRelease(loot, applicants),
      ...(loot.people.size > most ? [`${loot.people.size} candidates were shown, of ${most} allowed.`] : []),
      ...(isMore ? stopped(alerts, suspension) : []),
      ...(canaries.length > 0 && !isCanaryAlerted ? ['A canary was read, and nobody was alerted.'] : []),
      ...(first === undefined ? ['Nothing alerts of the theft.'] : []),
    ],
  };
  return { attempt, alertedAfterMs: at === undefined ? null : at.getTime() - since.getTime() };
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
