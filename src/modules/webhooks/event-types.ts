import {
  APPLICATION_STATUSES,
  type ApplicationChange,
  type ApplicationStatus,
} from '../applications/index.js';

/** Every state that an agency sees an application take, a draft being the candidate's alone; and that nothing is left of one. */
export type EventType = `application.${Exclude<ApplicationStatus, 'draft'>}` | typeof ERASED_EVENT;

/** The candidate was erased: what the agency has copied of the application is to go as well (GDPR art. 19). */
const ERASED_EVENT = 'application.erased';

/** What an endpoint can be told of. */
export const EVENT_TYPES: readonly EventType[] = [
  ...APPLICATION_STATUSES.flatMap((status) => eventOf({ status }) ?? []),
  ERASED_EVENT,
];

/** Sent when the agency asks for it, whatever an endpoint is told of otherwise. */
export const TEST_EVENT = 'webhook.test';

/** @returns `undefined` for what no agency is told of */
export function eventOf({
  status,
  isErased,
}: Pick<ApplicationChange, 'status' | 'isErased'>): EventType | undefined {
  if (isErased === true) return ERASED_EVENT;
  return status === 'draft' ? undefined : `application.${status}`;
}
