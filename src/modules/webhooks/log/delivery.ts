import type { AgencyId } from '../../../kernel/ids.js';
import type { Outcome } from '../delivery/outcome.js';
import type { EventType, TEST_EVENT } from '../event-types.js';
import type { DeliveryId, EndpointId, EventId } from '../ids.js';

export const DELIVERY_STATUSES = ['pending', 'delivered', 'dead'] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/** One event on its way to one endpoint. */
export interface Delivery {
  readonly id: DeliveryId;
  readonly agencyId: AgencyId;
  readonly endpointId: EndpointId;
  readonly eventId: EventId;
  readonly type: EventType | typeof TEST_EVENT;
  readonly applicationId: string | null;
  /** When it happened. */
  readonly at: Date;
  readonly status: DeliveryStatus;
  readonly attempts: number;
  readonly dueAt: Date;
  readonly settledAt: Date | null;
  readonly lastOutcome: Outcome | null;
}

export interface Attempt {
  readonly at: Date;
  readonly outcome: Outcome;
  readonly httpStatus: number | null;
  readonly elapsedMs: number;
}
