import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { AgencyId, ApplicationId, VacancyId } from '../../../kernel/ids.js';
import type { EventType, TEST_EVENT } from '../event-types.js';
import type { EventId } from '../ids.js';

/** Which application moved. */
export interface EventSubject {
  readonly applicationId: ApplicationId;
  readonly vacancyId: VacancyId;
  readonly revision: number;
}

export interface WebhookEvent {
  readonly id: EventId;
  readonly agencyId: AgencyId;
  readonly type: EventType | typeof TEST_EVENT;
  readonly at: Date;
  /** `null` for a test. */
  readonly subject: EventSubject | null;
}

/** An event that endpoints have not been given yet. */
export interface PendingEvent {
  readonly id: EventId;
  readonly type: EventType;
  readonly at: Date;
  readonly lane: string;
}

/** What agencies are told of, for as long as its deliveries are kept. */
@Injectable()
export class EventStore {
  async add(
    manager: EntityManager,
    { id, agencyId, type, at, subject }: WebhookEvent,
    pending: boolean,
  ): Promise<void> {
    await manager.query(
      `INSERT INTO webhooks.event (id, agency_id, type, at, application_id, vacancy_id, application_revision, pending)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [
        id,
        agencyId,
        type,
        at,
        subject?.applicationId ?? null,
        subject?.vacancyId ?? null,
        subject?.revision ?? null,
        pending,
      ],
    );
  }

  /** The oldest of an agency, in the order in which they happened; locked, so that nobody hands them out meanwhile. */
  lockPending(manager: EntityManager, agencyId: AgencyId, limit: number): Promise<PendingEvent[]> {
    return manager.query(
      `SELECT id, type, at, coalesce(application_id, id) AS lane FROM webhooks.event
       WHERE agency_id = $1 AND pending ORDER BY at, id LIMIT $2 FOR UPDATE`,
      [agencyId, limit],
    );
  }

  /** Those that somebody wants are kept for the log, the others are gone. */
  async settle(
    manager: EntityManager,
    wanted: readonly EventId[],
    unwanted: readonly EventId[],
  ): Promise<void> {
    await manager.query('UPDATE webhooks.event SET pending = false WHERE id = ANY($1)', [wanted]);
    await manager.query('DELETE FROM webhooks.event WHERE id = ANY($1)', [unwanted]);
  }

  async agenciesWithPending(manager: EntityManager): Promise<readonly AgencyId[]> {
    const rows: { id: AgencyId }[] = await manager.query(
      'SELECT DISTINCT agency_id AS id FROM webhooks.event WHERE pending',
    );
    return rows.map(({ id }) => id);
  }

  /** Deletes events of before, with their deliveries and attempts, unless one is still to be sent. */
  async forget(manager: EntityManager, before: Date, limit: number): Promise<number> {
    const [, affected]: [unknown, number] = await manager.query(
      `DELETE FROM webhooks.event WHERE id IN (
         SELECT id FROM webhooks.event AS e WHERE at < $1 AND NOT pending
           AND NOT EXISTS (SELECT FROM webhooks.delivery AS d WHERE d.event_id = e.id AND d.status = 'pending')
         ORDER BY at LIMIT $2)`,
      [before, limit],
    );
    return affected;
  }
}
