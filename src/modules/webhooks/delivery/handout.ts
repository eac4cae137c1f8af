import { Injectable } from '@nestjs/common';
import { Clock } from '../../../kernel/clock.js';
import { type AgencyId, newId } from '../../../kernel/ids.js';
import { Database } from '../../../platform/database/database.js';
import type { EventType } from '../event-types.js';
import type { EndpointId } from '../ids.js';
import { DeliveryStore } from '../persistence/delivery-store.js';
import { EndpointEntity } from '../persistence/endpoint.entity.js';
import { EventStore, type PendingEvent } from '../persistence/event-store.js';
import { TRIED_FOR_MS } from '../retry-schedule.js';
import { Wakeups } from './wakeups.js';

const BATCH = 200;

interface Subscriber {
  readonly id: EndpointId;
  readonly eventTypes: readonly EventType[];
}

/** Makes of each event one delivery for every endpoint that wants it, in the order in which they happened. */
@Injectable()
export class Handout {
  readonly #database: Database;
  readonly #events: EventStore;
  readonly #deliveries: DeliveryStore;
  readonly #wakeups: Wakeups;
  readonly #clock: Clock;

  constructor(
    database: Database,
    events: EventStore,
    deliveries: DeliveryStore,
    wakeups: Wakeups,
    clock: Clock,
  ) {
    this.#database = database;
    this.#events = events;
    this.#deliveries = deliveries;
    this.#wakeups = wakeups;
    this.#clock = clock;
  }

  /** May be repeated, or done by several at once: each event is handed out once. */
  async run(agencyId: AgencyId): Promise<void> {
    while ((await this.#batch(agencyId)) === BATCH);
  }

  #batch(agencyId: AgencyId): Promise<number> {
    return this.#database.run({ kind: 'system' }, async (manager) => {
      const events = await this.#events.lockPending(manager, agencyId, BATCH);
      if (events.length === 0) return 0;
      // Whether an endpoint stands is asked before anything is sent there; what waits for one that does not is kept.
      const endpoints = await manager.getRepository(EndpointEntity).find({
        select: { id: true, eventTypes: true },
        where: { agencyId, status: 'enabled' },
      });
      const now = this.#clock.now();
      const deliveries = events.flatMap((event) =>
        subscribersOf(event, endpoints).map((endpointId) => {
          const { id: eventId, lane, at } = event;
          return { id: newId<'delivery'>(now.getTime()), agencyId, endpointId, eventId, lane, at };
        }),
      );
      const times = { dueAt: now, expiresAt: new Date(now.getTime() + TRIED_FOR_MS) };
      await this.#deliveries.add(manager, deliveries, times);
      const wanted = new Set(deliveries.map(({ eventId }) => eventId));
      const unwanted = events.map(({ id }) => id).filter((id) => !wanted.has(id));
      await this.#events.settle(manager, [...wanted], unwanted);
      for (const endpointId of new Set(deliveries.map((one) => one.endpointId)))
        this.#wakeups.endpoint(manager, endpointId);
      return events.length;
    });
  }
}

const subscribersOf = ({ type }: PendingEvent, endpoints: readonly Subscriber[]): readonly EndpointId[] =>
  endpoints.filter(({ eventTypes }) => eventTypes.includes(type)).map(({ id }) => id);
