import type { AgencyId, VacancyId } from '../../../src/kernel/ids.js';
import type { ApplicationStatus } from '../../../src/modules/applications/index.js';
import { Vacancies } from '../../../src/modules/vacancies/index.js';
import type { Report } from '../../../src/sealing/index.js';
import { type AgencyActor, createAgency, systemContext } from '../../support/actors.js';
import type { Reachable } from '../../support/sceau.js';
import { comeInAsStaff, type StaffActor } from '../../support/staff.js';
import { PLAIN_VACANCY } from '../../support/vacancy.js';
import { plantCanaries } from './canaries.ts';
import type { Candidate, Ground } from './candidate.ts';
import { QUESTION } from './person.ts';
import { seedCandidates } from './seeding.ts';

/** An agency and those who applied to its one vacancy. */
export interface DrilledAgency extends AgencyActor {
  readonly vacancy: VacancyId;
  readonly applicants: readonly Candidate[];
}

/** Everybody in the drilled system, each of them found by what they may do. */
export interface Population {
  /** Canaries too. */
  readonly candidates: readonly Candidate[];
  /** Two large ones, the first and the third, whose credentials are stolen; the second and the last are left in peace. */
  readonly agencies: readonly [DrilledAgency, ...DrilledAgency[]];
  readonly operator: StaffActor;
  readonly auditor: StaffActor;
  /** Whose password is stolen: an operator, who may do more than any other person. */
  readonly manager: StaffActor;
}

const AGENCIES = [
  'Ministère de la Culture',
  'Ministère de la Justice',
  'Région Bretagne',
  'Métropole de Brest',
  'Commune de Plougastel',
] as const;
/** Of the first and the third, from which as much is read as can be. */
const LARGE_SHARE = 0.35;
/** More than the least that any agency may read in an hour. */
const LARGE_LEAST = 55;
/** What each of the others has of the rest. */
const SMALL_SHARES = [0.5, 0.3] as const;

/** How far applications have come, by turns. */
const STATUSES: readonly ApplicationStatus[] = [
  ...Array<ApplicationStatus>(11).fill('submitted'),
  'under_review',
  'under_review',
  'shortlisted',
  'shortlisted',
  'interview',
  'interview',
  'offered',
  'rejected',
  'withdrawn',
];

/** How far the application of a number has come. */
export const statusOf = (number: number): ApplicationStatus =>
  STATUSES[number % STATUSES.length] ?? 'submitted';

/** @param candidates at least 120 */
export async function populate(
  ground: Reachable & Ground,
  candidates: number,
  report: Report,
): Promise<Population> {
  const made = await Promise.all(
    sizesOf(candidates).map(async (size, at) => ({
      size,
      ...(await openAgency(ground, AGENCIES[at] ?? '')),
    })),
  );
  const places = made.flatMap(({ size, agency, vacancy }) =>
    Array.from({ length: size }, () => ({ agency: agency.agencyId, vacancy })),
  );
  const wishes = places.map(({ agency, vacancy }, person) => {
    return { person, agency, vacancy, status: statusOf(person), hasAccount: true };
  });
  // In the order in which they come, canaries are in the middle: neither the first nor the last that a thief reads.
  const parts = [0, 1].map((part) => wishes.filter(({ person }) => person % 2 === part));
  const seeded: Candidate[] = [];
  for (const [part, own] of parts.entries()) {
    if (part === 1) seeded.push(...(await plantCanaries(ground, made, candidates)));
    const before = part * (parts[0]?.length ?? 0);
    seeded.push(...(await seedCandidates(ground, own, (done) => report(before + done, candidates))));
  }
  const [first, ...others] = made.map(({ agency, vacancy }) => ({
    ...agency,
    vacancy,
    applicants: seeded.filter((candidate) => candidate.agency === agency.agencyId),
  }));
  if (first === undefined) throw new Error('There are agencies.');
  return {
    candidates: seeded,
    agencies: [first, ...others],
    operator: await comeInAsStaff(ground, 'operator'),
    auditor: await comeInAsStaff(ground, 'auditor'),
    manager: await comeInAsStaff(ground, 'operator'),
  };
}

/** How many apply to each agency. */
function sizesOf(candidates: number): readonly number[] {
  const large = Math.max(Math.ceil(candidates * LARGE_SHARE), LARGE_LEAST);
  const rest = candidates - 2 * large;
  const [second, fourth] = SMALL_SHARES.map((share) => Math.ceil(rest * share));
  if (second === undefined || fourth === undefined || rest < SMALL_SHARES.length + 1)
    throw new Error('There are too few candidates for five agencies.');
  return [large, second, large, fourth, rest - second - fourth];
}

export async function openAgency(
  ground: Reachable,
  name: string,
): Promise<{ readonly agency: AgencyActor; readonly vacancy: VacancyId }> {
  const agency = await createAgency(ground, name);
  return { agency, vacancy: await publishAt(ground, agency.agencyId) };
}

/** A vacancy that asks one question. */
export async function publishAt({ app }: Pick<Reachable, 'app'>, agency: AgencyId): Promise<VacancyId> {
  const vacancies = app.get(Vacancies, { strict: false });
  const { id } = await vacancies.createPublished(systemContext(), agency, {
    ...PLAIN_VACANCY,
    deadline: new Date(PLAIN_VACANCY.deadline),
    questions: [{ id: QUESTION, label: 'Quand ?', kind: 'text', required: true, choices: [] }],
    requiredDocuments: [],
    anonymousReview: false,
  });
  return id;
}
