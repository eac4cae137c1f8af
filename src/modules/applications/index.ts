export { type AgencyBudgetUsage, AgencyUsage } from './agency-usage.js';
export {
  ApplicationDisclosures,
  type BulkAnswer,
  type DisclosedApplication,
} from './application-disclosures.js';
export {
  type ApplicationChange,
  type ApplicationObserver,
  ApplicationObservers,
} from './application-observers.js';
export type { Answer } from './answer.js';
export {
  APPLICATION_STATUSES,
  type ApplicationStatus,
  MOVERS,
  REASONS,
  REJECTION_REASONS,
  type RejectionReason,
} from './application.machine.js';
export type { OwnApplication, TimelineEntry } from './application-reader.js';
export { REASON_WORDS, STATUS_WORDS } from './application.wording.js';
export { ApplicationRecords } from './application-records.js';
export { type ApplicationIds, ApplicationsAtLarge } from './applications-at-large.js';
export { AppliedVacancies, type ListedApplication } from './applied-vacancies.js';
export { ApplicationsModule } from './applications.module.js';
export { DocumentDisclosures } from './document-disclosures.js';
export { type Notification, OwnNotifications } from './own-notifications.js';
export { OfferDeadlines } from './offer-deadlines.js';
export { type DraftPatch, OwnApplications } from './own-applications.js';
export { type AgencyMove, type ReceivedApplication, ReceivedApplications } from './received-applications.js';
export { ReceivedLists } from './received-lists.js';
export { SandboxApplications, type SyntheticApplication } from './sandbox/sandbox-applications.js';
export { type CandidateMove, Submissions } from './submissions.js';
export { AgencyDiversity, FIGURES_STATES } from './diversity/agency-diversity.js';
export { DiversityCount } from './diversity/diversity-count.js';
