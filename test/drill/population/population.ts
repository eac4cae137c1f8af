import type { VacancyId } from '../../../src/kernel/ids.js';
import type { ApplicationStatus } from '../../../src/modules/applications/index.js';
import { Vacancies } from '../../../src/modules/vacancies/index.js';
import type { Report } from '../../../src/sealing/index.js';
import { type AgencyActor, createAgency, systemContext } from '../../support/actors.js';
import type { Reachable } from '../../support/sceau.js';
import { comeInAsStaff, type StaffActor } from '../../support/staff.js';
import { PLAIN_VACANCY } from '../../support/vacancy.js';
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
  readonly candidates: readonly Candidate[];
  /** The first one is whose credential is stolen. */
  readonly agencies: readonly [DrilledAgency, ...DrilledAgency[]];
  readonly operator: StaffActor;
  readonly auditor: StaffActor;
  /** Whoever runs the recruiting at the first agency: on this platform a person without any right to read. */
  readonly manager: StaffActor;
}

/** What part of the candidates applies to which agency. */
const AGENCIES = [
  ['Ministère de la Culture', 0.4],
  ['Ministère de la Justice', 0.3],
  ['Métropole de Brest', 0.2],
  ['Commune de Plougastel', 0.1],
] as const;

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

export async function populate(
  ground: Reachable & Ground,
  candidates: number,
  report: Report,
): Promise<Population> {
  const made = await Promise.all(AGENCIES.map(([name, share]) => openAgency(ground, name, share)));
  const wishes = Array.from({ length: candidates }, (_, person) => {
    const { agency, vacancy } = chosenBy((person + 0.5) / candidates, made);
    const status = STATUSES[person % STATUSES.length] ?? 'submitted';
    return { person, agency: agency.agencyId, vacancy, status, hasAccount: true };
  });
  const seeded = await seedCandidates(ground, wishes, report);
  const agencies = made.map(({ agency, vacancy }) => ({
    ...agency,
    vacancy,
    applicants: seeded.filter((candidate) => candidate.agency === agency.agencyId),
  }));
  const [first, ...others] = agencies;
  if (first === undefined) throw new Error('There are agencies.');
  return {
    candidates: seeded,
    agencies: [first, ...others],
    operator: await comeInAsStaff(ground, 'operator'),
    auditor: await comeInAsStaff(ground, 'auditor'),
    manager: await comeInAsStaff(ground, 'auditor'),
  };
}

interface Opened {
  readonly agency: AgencyActor;
  readonly vacancy: VacancyId;
  readonly share: number;
}

async function openAgency(ground: Reachable, name: string, share: number): Promise<Opened> {
  const agency = await createAgency(ground, name);
  const vacancies = ground.app.get(Vacancies, { strict: false });
  const { id } = await vacancies.createPublished(systemContext(), agency.agencyId, {
    ...PLAIN_VACANCY,
    deadline: new Date(PLAIN_VACANCY.deadline),
    questions: [{ id: QUESTION, label: 'Quand ?', kind: 'text', required: true, choices: [] }],
    requiredDocuments: [],
    anonymousReview: false,
  });
  return { agency, vacancy: id, share };
}

/** @param place between 0 and 1 */
function chosenBy(place: number, agencies: readonly Opened[]): Opened {
  let end = 0;
  for (const agency of agencies) {
    end += agency.share;
    if (place < end) return agency;
  }
  throw new Error('The shares come to less than one.');
}
