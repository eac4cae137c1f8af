import { RELEASE_STATUSES, type ReleaseStatus } from '../../disclosure/index.js';
import type { Action } from '../../ledger/index.js';

export const APPLICATION_STATUSES = RELEASE_STATUSES;
export type ApplicationStatus = ReleaseStatus;

export const MOVERS = ['candidate', 'agency', 'system'] as const;
export type Mover = (typeof MOVERS)[number];

export interface Transition {
  readonly from: ApplicationStatus;
  readonly to: ApplicationStatus;
  readonly by: Mover;
  /** Whether the mover has to say why, by one of the codes below. */
  readonly needsReason: boolean;
  /** Whether the candidate is told by mail. */
  readonly tellsCandidate: boolean;
  readonly action: Action;
}

/** Why an application goes no further; the candidate sees it. */
export const REASONS = [
  'profile_mismatch',
  'position_filled',
  'incomplete',
  'not_eligible',
  'other',
] as const;
export type Reason = (typeof REASONS)[number];

const byCandidate = (from: ApplicationStatus, to: ApplicationStatus, action: Action): Transition => ({
  from,
  to,
  by: 'candidate',
  needsReason: false,
  tellsCandidate: true,
  action,
});

const byAgency = (from: ApplicationStatus, to: ApplicationStatus): Transition => ({
  from,
  to,
  by: 'agency',
  needsReason: to === 'rejected',
  tellsCandidate: true,
  action: 'application.transitioned',
});

const lapses = (from: ApplicationStatus): Transition => ({
  from,
  to: 'lapsed',
  by: 'system',
  needsReason: false,
  tellsCandidate: true,
  action: 'application.transitioned',
});

/** The whole life of an application. What is not in this table is refused. */
export const TRANSITIONS: readonly Transition[] = [
  byCandidate('draft', 'submitted', 'application.submitted'),

  byAgency('submitted', 'under_review'),
  byAgency('under_review', 'shortlisted'),
  byAgency('shortlisted', 'interview'),
  byAgency('interview', 'offered'),
  byAgency('accepted', 'hired'),

  byAgency('submitted', 'rejected'),
  byAgency('under_review', 'rejected'),
  byAgency('shortlisted', 'rejected'),
  byAgency('interview', 'rejected'),

  byCandidate('offered', 'accepted', 'application.transitioned'),
  byCandidate('offered', 'declined', 'application.transitioned'),

  byCandidate('submitted', 'withdrawn', 'application.withdrawn'),
  byCandidate('under_review', 'withdrawn', 'application.withdrawn'),
  byCandidate('shortlisted', 'withdrawn', 'application.withdrawn'),
  byCandidate('interview', 'withdrawn', 'application.withdrawn'),
  byCandidate('offered', 'withdrawn', 'application.withdrawn'),
  byCandidate('accepted', 'withdrawn', 'application.withdrawn'),

  lapses('submitted'),
  lapses('under_review'),
  lapses('shortlisted'),
  lapses('interview'),
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
