export type { ReadAllowance } from './budget/budget.js';
export { defaultAllowance, raisesAllowance, WINDOWS } from './budget/budget-policy.js';
export { BudgetUsage, type LimitUsage, type Usage } from './budget/budget-usage.js';
export { ClientSuspension } from './budget/client-suspension.js';
export { type ClientReading, ReadingHistory, type ShownInSpan } from './budget/reading-history.js';
export { SpentBudget } from './budget/spent-budget.js';
export { Canaries } from './canary/canaries.js';
export { Counting } from './counting.js';
export { Disclosure } from './disclosure.js';
export { DisclosureModule } from './disclosure.module.js';
export { DocumentDisclosure, type Inspect, type SealedDocument } from './document-disclosure.js';
export type { ApplicationDossier, Dossier, Opened, Release, Released, SealedField } from './dossier.js';
export {
  AGENCY_PURPOSES,
  type AgencyPurpose,
  RELEASABLE_FIELDS,
  RELEASE_STATUSES,
  type ReleasableField,
  releasesNothing,
  type ReleaseStatus,
} from './release-policy.js';
export { OwnReading } from './own-reading.js';
export { requireReleased } from './refusal.js';
export { SealedAnswers } from './sealed-answers.js';
