export {
  ApplicationDisclosures,
  type BulkAnswer,
  type DisclosedApplication,
  type DisclosureWish,
} from './application-disclosures.js';
export { APPLICATION_STATUSES, type ApplicationStatus, type Reason, REASONS } from './application.machine.js';
export type { OwnApplication, TimelineEntry } from './application-reader.js';
export { ApplicationsModule } from './applications.module.js';
export { OwnApplications } from './own-applications.js';
export {
  type ReceivedApplication,
  ReceivedApplications,
  type ReceivedFilter,
} from './received-applications.js';
export { type CandidateMove, Submissions } from './submissions.js';
