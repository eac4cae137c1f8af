import type { ApplicationStatus } from '../../../src/modules/applications/index.js';
import type { TracedField } from '../population/words.ts';

export type Purpose = 'review' | 'interview' | 'offer';

const REVIEW: readonly TracedField[] = [
  'education',
  'experience',
  'motivation',
  'answers',
  'documents',
  'givenName',
  'familyName',
];
const INTERVIEW: readonly TracedField[] = [...REVIEW, 'email', 'telephone', 'accommodations'];
const OFFER: readonly TracedField[] = [...INTERVIEW, 'address', 'birthDate', 'birthPlace'];

/** What an agency may know of an applicant at each stage, as the contract says it: the product has its own table. */
const RELEASED: Readonly<Record<ApplicationStatus, readonly TracedField[]>> = {
  draft: [],
  submitted: REVIEW,
  under_review: REVIEW,
  shortlisted: INTERVIEW,
  interview: INTERVIEW,
  offered: OFFER,
  accepted: OFFER,
  hired: OFFER,
  declined: [],
  rejected: [],
  withdrawn: [],
  lapsed: [],
};

export const isReleased = (status: ApplicationStatus, field: TracedField): boolean =>
  RELEASED[status].includes(field);

/** The purpose for which most is released at a stage, if anything is. */
export function bestPurpose(status: ApplicationStatus): Purpose | undefined {
  const released = RELEASED[status];
  if (released === OFFER) return 'offer';
  if (released === INTERVIEW) return 'interview';
  return released === REVIEW ? 'review' : undefined;
}

const ENDED: readonly ApplicationStatus[] = ['draft', 'hired', 'declined', 'rejected', 'withdrawn', 'lapsed'];
const HOUR_MS = 3_600_000;
const HOURLY_LEAST = 50;
const HOURLY_PART = 0.1;

/**
 * How many candidates an agency may be shown, as ADR 45 says it.
 * @param statuses of all of its applications
 * @param since the budget's hours begin with the clock's: whoever begins late in one has another
 */
export function mostShown(statuses: readonly ApplicationStatus[], since: Date, until: Date): number {
  const open = statuses.filter((status) => !ENDED.includes(status)).length;
  const hours = Math.floor(until.getTime() / HOUR_MS) - Math.floor(since.getTime() / HOUR_MS) + 1;
  return hours * Math.max(HOURLY_LEAST, Math.ceil(open * HOURLY_PART));
}
