import { APPLICATION_STATUSES, type ApplicationStatus } from '../applications/index.js';

/** Every state that an agency sees an application take; a draft is the candidate's alone. */
export type EventType = `application.${Exclude<ApplicationStatus, 'draft'>}`;

/** What an endpoint can be told of. */
export const EVENT_TYPES: readonly EventType[] = APPLICATION_STATUSES.flatMap(
  (status) => eventOf(status) ?? [],
);

/** Sent when the agency asks for it, whatever an endpoint is told of otherwise. */
export const TEST_EVENT = 'webhook.test';

/** @returns `undefined` for what no agency is told of */
export function eventOf(status: ApplicationStatus): EventType | undefined {
  return status === 'draft' ? undefined : `application.${status}`;
}
