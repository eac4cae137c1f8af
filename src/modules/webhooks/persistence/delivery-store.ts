import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { AgencyId, ApplicationId, VacancyId } from '../../../kernel/ids.js';
import type { AttemptResult, Outcome } from '../delivery/outcome.js';
import type { DeliveryId, EndpointId, EventId } from '../ids.js';
import type { WebhookEvent } from './event-store.js';

export interface NewDelivery {
  readonly id: DeliveryId;
  readonly agencyId: AgencyId;
  readonly endpointId: EndpointId;
  readonly eventId: EventId;
  readonly lane: string;
  readonly at: Date;
}

/** The next of its lane, which is due. */
export interface DueDelivery {
  readonly id: DeliveryId;
  readonly attempts: number;
  readonly expiresAt: Date;
  readonly event: WebhookEvent;
}

interface DueRow {
  readonly id: DeliveryId;
  readonly attempts: number;
  readonly expires_at: Date;
  readonly event_id: EventId;
  readonly agency_id: AgencyId;
  readonly type: WebhookEvent['type'];
  readonly at: Date;
  readonly application_id: ApplicationId | null;
  readonly vacancy_id: VacancyId | null;
  readonly application_revision: number | null;
}

/** What becomes of a delivery after an attempt. */
export type Settlement =
  | { readonly status: 'delivered' | 'dead' }
  /** Not before then. */
  | { readonly status: 'pending'; readonly dueAt: Date };

/** What is to be sent where: the worker's side. */
@Injectable()
export class DeliveryStore {
  async add(
    manager: EntityManager,
    deliveries: readonly NewDelivery[],
    { dueAt, expiresAt }: { readonly dueAt: Date; readonly expiresAt: Date },
  ): Promise<void> {
    await manager.query(
      `INSERT INTO webhooks.delivery (id, agency_id, endpoint_id, event_id, lane, at, status, due_at, expires_at)
       SELECT n.id, n.agency_id, n.endpoint_id, n.event_id, n.lane, n.at, 'pending', $7, $8
       FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::timestamptz[])
         AS n (id, agency_id, endpoint_id, event_id, lane, at)`,
      [
        deliveries.map(({ id }) => id),
        deliveries.map(({ agencyId }) => agencyId),
        deliveries.map(({ endpointId }) => endpointId),
        deliveries.map(({ eventId }) => eventId),
        deliveries.map(({ lane }) => lane),
        deliveries.map(({ at }) => at),
        dueAt,
        expiresAt,
      ],
    );
  }

  /** Of each lane only the first that is not settled, and that only when it is due. */
  async due(
    manager: EntityManager,
    endpointId: EndpointId,
    now: Date,
    limit: number,
  ): Promise<DueDelivery[]> {
    const rows: DueRow[] = await manager.query(
      `SELECT d.id, d.attempts, d.expires_at, e.id AS event_id, e.agency_id, e.type, e.at,
              e.application_id, e.vacancy_id, e.application_revision
       FROM webhooks.delivery AS d JOIN webhooks.event AS e ON e.id = d.event_id
       WHERE d.endpoint_id = $1 AND d.status = 'pending' AND d.due_at <= $2 AND NOT EXISTS (
         SELECT FROM webhooks.delivery AS before
         WHERE before.endpoint_id = d.endpoint_id AND before.lane = d.lane AND before.status = 'pending'
           AND (before.at, before.id) < (d.at, d.id))
       ORDER BY d.due_at, d.at LIMIT $3`,
      [endpointId, now, limit],
    );
    return rows.map((row) => ({
      id: row.id,
      attempts: row.attempts,
      expiresAt: row.expires_at,
      event: {
        id: row.event_id,
        agencyId: row.agency_id,
        type: row.type,
        at: row.at,
        subject: subjectOf(row),
      },
    }));
  }

  /**
   * Notes an attempt and what follows from it.
   * @returns false when there is nothing to note it of: the endpoint is gone, or somebody else has noted one meanwhile
   */
  async settle(
    manager: EntityManager,
    { id, attempts, event }: DueDelivery,
    attempt: AttemptResult & { readonly id: string; readonly at: Date; readonly elapsedMs: number },
    settlement: Settlement,
    now: Date,
  ): Promise<boolean> {
    const isOver = settlement.status !== 'pending';
    const [, affected]: [unknown, number] = await manager.query(
      `UPDATE webhooks.delivery SET attempts = attempts + 1, last_outcome = $3, status = $4, due_at = $5, settled_at = $6
       WHERE id = $1 AND attempts = $2 AND status = 'pending'`,
      [
        id,
        attempts,
        attempt.outcome,
        settlement.status,
        settlement.status === 'pending' ? settlement.dueAt : now,
        isOver ? now : null,
      ],
    );
    if (affected !== 1) return false;
    await manager.query(
      `INSERT INTO webhooks.attempt (id, agency_id, delivery_id, at, outcome, http_status, elapsed_ms)
       VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      [attempt.id, event.agencyId, id, attempt.at, attempt.outcome, attempt.httpStatus, attempt.elapsedMs],
    );
    return true;
  }

  /** Has everything that waits for an endpoint tried now. */
  async release(manager: EntityManager, endpointId: EndpointId, now: Date): Promise<void> {
    await manager.query(
      `UPDATE webhooks.delivery SET due_at = $2 WHERE endpoint_id = $1 AND status = 'pending' AND due_at > $2`,
      [endpointId, now],
    );
  }

  /** Has everything that waits for an endpoint wait until then, or until its time is over. */
  async postpone(manager: EntityManager, endpointId: EndpointId, until: Date): Promise<void> {
    await manager.query(
      `UPDATE webhooks.delivery SET due_at = least($2, expires_at)
       WHERE endpoint_id = $1 AND status = 'pending' AND due_at < least($2, expires_at)`,
      [endpointId, until],
    );
  }

  /** Gives up what has waited too long for an endpoint. @returns which */
  async giveUp(manager: EntityManager, endpointId: EndpointId, now: Date): Promise<readonly DeliveryId[]> {
    const [dead]: [{ id: DeliveryId }[], number] = await manager.query(
      `UPDATE webhooks.delivery SET status = 'dead', settled_at = $2, last_outcome = coalesce(last_outcome, $3)
       WHERE endpoint_id = $1 AND status = 'pending' AND expires_at <= $2 RETURNING id`,
      [endpointId, now, 'endpoint_off' satisfies Outcome],
    );
    return dead.map(({ id }) => id);
  }

  async endpointsWithDue(manager: EntityManager, now: Date): Promise<readonly EndpointId[]> {
    const rows: { id: EndpointId }[] = await manager.query(
      `SELECT DISTINCT endpoint_id AS id FROM webhooks.delivery WHERE status = 'pending' AND due_at <= $1`,
      [now],
    );
    return rows.map(({ id }) => id);
  }
}

function subjectOf({ application_id, vacancy_id, application_revision }: DueRow): WebhookEvent['subject'] {
  if (application_id === null || vacancy_id === null || application_revision === null) return null;
  return { applicationId: application_id, vacancyId: vacancy_id, revision: application_revision };
}
