import { RELEASE_STATUSES, type ReleaseStatus } from '../../disclosure/index.js';
import type { Action } from '../../ledger/index.js';
import type { ApplicationMail } from '../identity/index.js';

export const APPLICATION_STATUSES = RELEASE_STATUSES;
export type ApplicationStatus = ReleaseStatus;

export const MOVERS = ['candidate', 'agency', 'system'] as const;
export type Mover = (typeof MOVERS)[number];

/** Why an agency goes no further with an application that it has read, or with a candidate whom it has met. */
const AFTER_READING = ['profile_mismatch', 'position_filled', 'incomplete', 'not_eligible', 'other'] as const;
const AFTER_MEETING = ['interview_inconclusive', ...AFTER_READING] as const;
/** Why an application ends of itself. */
const OF_ITSELF = ['vacancy_archived', 'offer_unanswered'] as const;

export const REJECTION_REASONS = AFTER_MEETING;
export type RejectionReason = (typeof REJECTION_REASONS)[number];

/** Every reason that a candidate may come to read. */
export const REASONS = [...REJECTION_REASONS, ...OF_ITSELF] as const;
export type Reason = (typeof REASONS)[number];

export interface Transition {
  readonly from: ApplicationStatus;
  readonly to: ApplicationStatus;
  readonly by: Mover;
  /** Of which the mover has to give one; with none in the list, none is given. */
  readonly reasons: readonly Reason[];
  /** What the mover may say, or has to, besides the public note that goes with everything an agency does. */
  readonly takes: 'nothing' | 'feedback' | 'answer_by';
  /** What the candidate is told. */
  readonly mail: ApplicationMail;
  readonly action: Action;
}

/** Nothing ever becomes a draft. */
type Reached = Exclude<ApplicationStatus, 'draft'>;

function byCandidate(from: ApplicationStatus, to: Reached, action: Action): Transition {
  return { from, to, by: 'candidate', reasons: [], takes: 'nothing', mail: to, action };
}

const DECIDED = { by: 'agency', reasons: [], takes: 'nothing', action: 'application.transitioned' } as const;

function byAgency(from: ApplicationStatus, to: Reached): Transition {
  return { ...DECIDED, from, to, mail: to };
}

function offers(from: ApplicationStatus): Transition {
  return { ...DECIDED, from, to: 'offered', takes: 'answer_by', mail: 'offered' };
}

function rejects(from: ApplicationStatus, reasons: readonly RejectionReason[]): Transition {
  return { ...DECIDED, from, to: 'rejected', reasons, takes: 'feedback', mail: 'rejected' };
}

function lapses(from: ApplicationStatus, reason: (typeof OF_ITSELF)[number]): Transition {
  const mail = reason === 'offer_unanswered' ? 'unanswered' : 'lapsed';
  return { ...DECIDED, from, to: 'lapsed', by: 'system', reasons: [reason], mail };
}

/**
 * The whole life of an application. What is not in this table is refused. What an agency may read in each state is in
 * the release policy's table.
 */
export const TRANSITIONS: readonly Transition[] = [
  byCandidate('draft', 'submitted', 'application.submitted'),

  byAgency('submitted', 'under_review'),
  byAgency('under_review', 'shortlisted'),
  byAgency('shortlisted', 'interview'),
  offers('interview'),
  byAgency('accepted', 'hired'),

  rejects('submitted', AFTER_READING),
  rejects('under_review', AFTER_READING),
  rejects('shortlisted', AFTER_READING),
  rejects('interview', AFTER_MEETING),

  byCandidate('offered', 'accepted', 'application.transitioned'),
  byCandidate('offered', 'declined', 'application.transitioned'),

  byCandidate('submitted', 'withdrawn', 'application.withdrawn'),
  byCandidate('under_review', 'withdrawn', 'application.withdrawn'),
  byCandidate('shortlisted', 'withdrawn', 'application.withdrawn'),
  byCandidate('interview', 'withdrawn', 'application.withdrawn'),
  byCandidate('offered', 'withdrawn', 'application.withdrawn'),
  byCandidate('accepted', 'withdrawn', 'application.withdrawn'),

  lapses('submitted', 'vacancy_archived'),
  lapses('under_review', 'vacancy_archived'),
  lapses('shortlisted', 'vacancy_archived'),
  lapses('interview', 'vacancy_archived'),
  // An offer is a decision: it outlives its vacancy, until the time to answer is over.
  lapses('offered', 'offer_unanswered'),
];

export function findTransition(
  from: ApplicationStatus,
  to: ApplicationStatus,
  by: Mover,
): Transition | undefined {
  return TRANSITIONS.find(
    (transition) => transition.from === from && transition.to === to && transition.by === by,
  );
}

/** Where a mover may take an application from here. */
export function nextStatuses(from: ApplicationStatus, by: Mover): readonly ApplicationStatus[] {
  return TRANSITIONS.filter((transition) => transition.from === from && transition.by === by).map(
    ({ to }) => to,
  );
}

/** Whether nothing more can happen to an application. */
export function isOver(status: ApplicationStatus): boolean {
  return !TRANSITIONS.some((transition) => transition.from === status);
}

/** The states from which an application lapses for this reason. */
export function lapsingFor(reason: (typeof OF_ITSELF)[number]): readonly ApplicationStatus[] {
  return TRANSITIONS.filter(({ to, reasons }) => to === 'lapsed' && reasons.includes(reason)).map(
    ({ from }) => from,
  );
}
