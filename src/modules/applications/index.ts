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
export { APPLICATION_STATUSES, type ApplicationStatus, type Reason, REASONS } from './application.machine.js';
export type { OwnApplication, TimelineEntry } from './application-reader.js';
export { ApplicationsModule } from './applications.module.js';
export { OwnApplications } from './own-applications.js';
export { type ReceivedApplication, ReceivedApplications } from './received-applications.js';
export { Submissions } from './submissions.js';
