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

export const isOpen = (status: ApplicationStatus): boolean => !ENDED.includes(status);

/** Within which different candidates are counted; `month` is thirty days. */
export const WINDOWS = ['hour', 'day', 'month'] as const;
type Window = (typeof WINDOWS)[number];
export const WINDOW_HOURS: Readonly<Record<Window, number>> = { hour: 1, day: 24, month: 720 };

/** The least that any agency may be shown, and the part of its open applications that is more. */
const DEFAULTS: Readonly<Record<Window, readonly [least: number, part: number]>> = {
  hour: [50, 0.1],
  day: [100, 0.25],
  month: [300, 1.5],
};

/** How many candidates an agency may be shown by default, as ADR 45 says it: the product has its own numbers. */
export function allowanceOf(open: number): Readonly<Record<Window, number>> {
  const most = (window: Window): number => {
    const [least, part] = DEFAULTS[window];
    return Math.max(least, Math.ceil(open * part));
  };
  return { hour: most('hour'), day: most('day'), month: most('month') };
}

/**
 * How many of them within some time that is no longer than a day.
 * @param statuses of all of its applications
 * @param since the budget's hours begin with the clock's: whoever begins late in one has another
 */
export function mostShown(statuses: readonly ApplicationStatus[], since: Date, until: Date): number {
  const { hour, day } = allowanceOf(statuses.filter(isOpen).length);
  const hours = Math.floor(until.getTime() / HOUR_MS) - Math.floor(since.getTime() / HOUR_MS) + 1;
  return Math.min(hours * hour, day);
}
