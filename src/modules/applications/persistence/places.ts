import type { ReleasableField } from '../../../disclosure/index.js';
import { place } from '../../../sealing/index.js';
import type { Answer } from '../answer.js';

/** The profile as it was when the application was submitted, by released field. */
export type Snapshot = Readonly<Partial<Record<ReleasableField, unknown>>>;

export const MOTIVATION = place<string>()('applications_application.motivation');
export const ANSWERS = place<readonly Answer[]>()('applications_application.answers');
export const SNAPSHOT = place<Snapshot>()('applications_application.snapshot');
/** Bound to the event that it belongs to. */
export const NOTE = place<string>()('applications_application.decision_note');
