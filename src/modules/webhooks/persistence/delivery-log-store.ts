import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { AgencyId } from '../../../kernel/ids.js';
import type { DeliveryId, EndpointId } from '../ids.js';
import type { Attempt, Delivery, DeliveryStatus } from '../log/delivery.js';

export interface DeliveryFilter {
  readonly endpointId?: EndpointId;
  readonly agencyId?: AgencyId;
  readonly status?: DeliveryStatus;
}

const SELECT = `SELECT d.id, d.agency_id AS "agencyId", d.endpoint_id AS "endpointId", d.event_id AS "eventId", e.type,
    e.application_id AS "applicationId", d.at, d.status, d.attempts, d.due_at AS "dueAt", d.settled_at AS "settledAt",
    d.last_outcome AS "lastOutcome"
  FROM webhooks.delivery AS d JOIN webhooks.event AS e ON e.id = d.event_id`;

/** What was sent, is to be sent and was given up: as agencies and operators see it. */
@Injectable()
export class DeliveryLogStore {
  /** Newest event first. @param after the last one of the page before */
  page(
    manager: EntityManager,
    { endpointId, agencyId, status }: DeliveryFilter,
    limit: number,
    after: readonly string[] | undefined,
  ): Promise<Delivery[]> {
    return manager.query(
      `${SELECT} WHERE ($1::uuid IS NULL OR d.endpoint_id = $1) AND ($2::uuid IS NULL OR d.agency_id = $2)
         AND ($3::text IS NULL OR d.status = $3)
         AND ($4::timestamptz IS NULL OR (d.at, d.id) < ($4, $5::uuid))
       ORDER BY d.at DESC, d.id DESC LIMIT $6`,
      [endpointId ?? null, agencyId ?? null, status ?? null, after?.[0] ?? null, after?.[1] ?? null, limit],
    );
  }

  async find(
    manager: EntityManager,
    { id, endpointId, agencyId }: DeliveryFilter & { readonly id: DeliveryId },
  ): Promise<Delivery | undefined> {
    const rows: Delivery[] = await manager.query(
      `${SELECT} WHERE d.id = $1 AND ($2::uuid IS NULL OR d.endpoint_id = $2) AND ($3::uuid IS NULL OR d.agency_id = $3)`,
      [id, endpointId ?? null, agencyId ?? null],
    );
    return rows[0];
  }

  attempts(manager: EntityManager, id: DeliveryId): Promise<Attempt[]> {
    return manager.query(
      `SELECT at, outcome, http_status AS "httpStatus", elapsed_ms AS "elapsedMs"
       FROM webhooks.attempt WHERE delivery_id = $1 ORDER BY at, id`,
      [id],
    );
  }

  /** Has one sent again, whatever became of it, with all its time before it. */
  async renew(
    manager: EntityManager,
    id: DeliveryId,
    { now, expiresAt }: { readonly now: Date; readonly expiresAt: Date },
  ): Promise<void> {
    await manager.query(
      `UPDATE webhooks.delivery SET status = 'pending', attempts = 0, due_at = $2, expires_at = $3, settled_at = NULL
       WHERE id = $1`,
      [id, now, expiresAt],
    );
  }

  /** The same for all that were given up. @returns how many */
  async renewDead(
    manager: EntityManager,
    endpointId: EndpointId,
    { now, expiresAt }: { readonly now: Date; readonly expiresAt: Date },
  ): Promise<number> {
    const [, affected]: [unknown, number] = await manager.query(
      `UPDATE webhooks.delivery SET status = 'pending', attempts = 0, due_at = $2, expires_at = $3, settled_at = NULL
       WHERE endpoint_id = $1 AND status = 'dead'`,
      [endpointId, now, expiresAt],
    );
    return affected;
  }
}
