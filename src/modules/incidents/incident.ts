import { Failure } from '../../kernel/errors.js';
import type { Id } from '../../kernel/ids.js';
import type { Criteria } from './criteria.js';
import type { Orders } from './orders.js';

export type IncidentId = Id<'incident'>;
export type IncidentStatus = 'open' | 'closed';

/** What operators have noted of an incident. */
export interface IncidentDetails {
  readonly title: string;
  readonly criteria: Criteria;
  /** When somebody of ours knew of it: from then on the 72 hours of GDPR article 33 run. RFC 3339. */
  readonly noticedAt: string;
  /** What it came to in the end; `null` while it is open. */
  readonly conclusion: string | null;
  /** What was ordered; not there before the first time. */
  readonly orders?: Orders;
  /** Whoever had been told and is erased since; not there before the first. */
  readonly erasedTold?: ErasedTold;
}

/** How many. */
export interface ErasedTold {
  readonly people: number;
  /** Written as people are, so that the row does not tell them apart. */
  readonly canaries: number;
}

/** An incident whose record stands. */
export interface Incident extends IncidentDetails {
  readonly orders: Orders;
  readonly id: IncidentId;
  readonly status: IncidentStatus;
  readonly openedAt: Date;
  /** When containment was first ordered. */
  readonly containedAt: Date | null;
  readonly closedAt: Date | null;
  readonly revision: number;
}

/** An incident in a list. */
export interface ListedIncident {
  readonly id: IncidentId;
  /** `refused`: not as the product last wrote it, whatever the database says of it. */
  readonly status: IncidentStatus | 'refused';
  readonly openedAt: Date;
  readonly closedAt: Date | null;
  /** `null` for one that is refused. */
  readonly title: string | null;
}

const CLOSED = { en: 'This incident is closed.', fr: 'Cet incident est clos.' };

/** @throws Failure `conflict` */
export function requireOpen({ status }: Incident): void {
  if (status !== 'open') throw new Failure('conflict', { detail: CLOSED });
}
