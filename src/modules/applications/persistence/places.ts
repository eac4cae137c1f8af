import type { ReleasableField } from '../../../disclosure/index.js';
import { place } from '../../../sealing/index.js';
import type { Answer } from '../answer.js';
import type { Reason } from '../application.machine.js';

/** The profile as it was when the application was submitted, by released field. */
export type Snapshot = Readonly<Partial<Record<ReleasableField, unknown>>>;

export const MOTIVATION = place<string>()('applications_application.motivation');
export const ANSWERS = place<readonly Answer[]>()('applications_application.answers');
export const SNAPSHOT = place<Snapshot>()('applications_application.snapshot');
/** What was said to a step of an application. */
export interface Decision {
  readonly reason?: Reason;
  readonly publicNote?: string;
  readonly feedback?: string;
  /** RFC 3339. */
  readonly answerBy?: string;
}

/** Bound to the event that it belongs to. */
export const DECISION = place<Decision>()('applications_application.decision_note');
