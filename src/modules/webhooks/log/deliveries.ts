import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../../kernel/clock.js';
import type { AgencyActor, RequestContext } from '../../../kernel/context.js';
import { Failure } from '../../../kernel/errors.js';
import { newId } from '../../../kernel/ids.js';
import { type Action, Ledger, recordingMisses } from '../../../ledger/index.js';
import { Database } from '../../../platform/database/database.js';
import { CursorCodec, cutPage, Page } from '../../../platform/http/index.js';
import { Wakeups } from '../delivery/wakeups.js';
import { EndpointRecords } from '../endpoints/endpoint-records.js';
import { TEST_EVENT } from '../event-types.js';
import type { DeliveryId, EndpointId } from '../ids.js';
import { DeliveryLogStore } from '../persistence/delivery-log-store.js';
import { DeliveryStore } from '../persistence/delivery-store.js';
import { EventStore } from '../persistence/event-store.js';
import { TRIED_FOR_MS } from '../retry-schedule.js';
import type { Attempt, Delivery, DeliveryStatus } from './delivery.js';

type Agency = RequestContext<AgencyActor>;

export interface DeliveryQuery {
  readonly status?: DeliveryStatus;
  readonly limit: number;
  readonly cursor?: string;
}

/** What an agency sees and asks of what is sent to it. */
@Injectable()
export class Deliveries {
  readonly #database: Database;
  readonly #records: EndpointRecords;
  readonly #log: DeliveryLogStore;
  readonly #deliveries: DeliveryStore;
  readonly #events: EventStore;
  readonly #wakeups: Wakeups;
  readonly #ledger: Ledger;
  readonly #cursors: CursorCodec;
  readonly #clock: Clock;

  constructor(
    database: Database,
    records: EndpointRecords,
    log: DeliveryLogStore,
    deliveries: DeliveryStore,
    events: EventStore,
    wakeups: Wakeups,
    ledger: Ledger,
    cursors: CursorCodec,
    clock: Clock,
  ) {
    this.#database = database;
    this.#records = records;
    this.#log = log;
    this.#deliveries = deliveries;
    this.#events = events;
    this.#wakeups = wakeups;
    this.#ledger = ledger;
    this.#cursors = cursors;
    this.#clock = clock;
  }

  /** Newest event first. @throws Failure `not_found` for an endpoint that is not the agency's */
  list(
    context: Agency,
    endpointId: EndpointId,
    { status, limit, cursor }: DeliveryQuery,
  ): Promise<Page<Delivery>> {
    const { agencyId } = context.actor;
    const kind = `webhooks/${agencyId}/${endpointId}/${status ?? ''}`;
    const after = cursor === undefined ? undefined : this.#cursors.decode(kind, cursor);
    return this.#runOn(endpointId, 'webhook.read', context, async (manager) => {
      await this.#records.own(context, manager, { id: endpointId, agencyId }, 'read');
      const filter = { endpointId, agencyId, ...(status === undefined ? {} : { status }) };
      const found = await this.#log.page(manager, filter, limit + 1, after);
      const { items, last } = cutPage(found, limit);
      const next = this.#cursors.next(kind, last && [last.at.toISOString(), last.id]);
      return new Page(items, next);
    });
  }

  /** @throws Failure `not_found` */
  one(
    context: Agency,
    endpointId: EndpointId,
    id: DeliveryId,
  ): Promise<{ readonly delivery: Delivery; readonly attempts: readonly Attempt[] }> {
    return this.#runOn(id, 'webhook.read', context, async (manager) => {
      const delivery = await this.#own(manager, context, endpointId, id);
      return { delivery, attempts: await this.#log.attempts(manager, id) };
    });
  }

  /** Sends an event again, under the id that it had. @throws Failure `not_found` */
  replay(context: Agency, endpointId: EndpointId, id: DeliveryId): Promise<Delivery> {
    return this.#runOn(id, 'webhook.replayed', context, async (manager) => {
      await this.#own(manager, context, endpointId, id);
      await this.#log.renew(manager, id, this.#times());
      await this.#ledger.stage(manager, { action: 'webhook.replayed', context, resource: endpointId });
      this.#wakeups.endpoint(manager, endpointId);
      return this.#own(manager, context, endpointId, id);
    });
  }

  /** Sends everything again that was given up. @returns how many events. @throws as `Endpoints.one` */
  replayDead(context: Agency, endpointId: EndpointId): Promise<number> {
    const { agencyId } = context.actor;
    return this.#runOn(endpointId, 'webhook.replayed', context, async (manager) => {
      await this.#records.own(context, manager, { id: endpointId, agencyId }, 'read');
      const count = await this.#log.renewDead(manager, endpointId, this.#times());
      await this.#ledger.stage(manager, { action: 'webhook.replayed', context, resource: endpointId, count });
      this.#wakeups.endpoint(manager, endpointId);
      return count;
    });
  }

  /** Sends an event that tells of nothing. @throws as `Endpoints.one`; `conflict` for an endpoint that is disabled */
  test(context: Agency, endpointId: EndpointId): Promise<Delivery> {
    const { agencyId } = context.actor;
    return this.#runOn(endpointId, 'webhook.tested', context, async (manager) => {
      const endpoint = await this.#records.own(context, manager, { id: endpointId, agencyId }, 'read');
      if (endpoint.status !== 'enabled') throw new Failure('conflict', { detail: DISABLED });
      const { now, expiresAt } = this.#times();
      const eventId = newId<'event'>(now.getTime());
      const id = newId<'delivery'>(now.getTime());
      const event = { id: eventId, agencyId, type: TEST_EVENT, at: now, subject: null } as const;
      await this.#events.add(manager, event, false);
      const delivery = { id, agencyId, endpointId, eventId, lane: eventId, at: now };
      await this.#deliveries.add(manager, [delivery], { dueAt: now, expiresAt });
      await this.#ledger.stage(manager, { action: 'webhook.tested', context, resource: endpointId });
      this.#wakeups.endpoint(manager, endpointId);
      return this.#own(manager, context, endpointId, id);
    });
  }

  async #own(
    manager: EntityManager,
    { actor }: Agency,
    endpointId: EndpointId,
    id: DeliveryId,
  ): Promise<Delivery> {
    const found = await this.#log.find(manager, { id, endpointId, agencyId: actor.agencyId });
    if (found === undefined) throw new Failure('not_found');
    return found;
  }

  /** For what is meant for one endpoint or delivery: whoever tries ids is on record. */
  #runOn<T>(
    id: EndpointId | DeliveryId,
    action: Action,
    context: Agency,
    work: (manager: EntityManager) => Promise<T>,
  ): Promise<T> {
    const { agencyId } = context.actor;
    return recordingMisses(this.#ledger, { action, context, resource: id }, () =>
      this.#database.run({ kind: 'agency', agencyId }, work),
    );
  }

  #times(): { readonly now: Date; readonly expiresAt: Date } {
    const now = this.#clock.now();
    return { now, expiresAt: new Date(now.getTime() + TRIED_FOR_MS) };
  }
}

const DISABLED = {
  en: 'The endpoint is disabled; nothing is sent there.',
  fr: "Le point de réception est désactivé ; rien n'y est envoyé.",
};
