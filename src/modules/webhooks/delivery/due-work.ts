import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../../kernel/clock.js';
import { type AgencyId, parseId } from '../../../kernel/ids.js';
import { Database } from '../../../platform/database/database.js';
import { Jobs } from '../../../platform/jobs/jobs.js';
import { Rounds } from '../../../platform/jobs/rounds.js';
import type { EndpointId } from '../ids.js';
import { DeliveryStore } from '../persistence/delivery-store.js';
import { EventStore } from '../persistence/event-store.js';
import { Courier } from './courier.js';
import { Handout } from './handout.js';
import { Wakeups } from './wakeups.js';

/** Endpoints that a worker serves at the same time, of which any number may let it wait. */
const ENDPOINTS_AT_ONCE = 100;
const AGENCIES_AT_ONCE = 2;
/** For how long the log of deliveries goes back, and a dead letter can be asked for again. */
const KEPT_MS = 30 * 24 * 3_600_000;
const FORGOTTEN_AT_ONCE = 5_000;

/** The worker's part: what is to be sent is sent, and what is to be tried again is when it is time. */
@Injectable()
export class DueWork {
  readonly #database: Database;
  readonly #jobs: Jobs;
  readonly #rounds: Rounds;
  readonly #handout: Handout;
  readonly #courier: Courier;
  readonly #wakeups: Wakeups;
  readonly #events: EventStore;
  readonly #deliveries: DeliveryStore;
  readonly #clock: Clock;

  constructor(
    database: Database,
    jobs: Jobs,
    rounds: Rounds,
    handout: Handout,
    courier: Courier,
    wakeups: Wakeups,
    events: EventStore,
    deliveries: DeliveryStore,
    clock: Clock,
  ) {
    this.#database = database;
    this.#jobs = jobs;
    this.#rounds = rounds;
    this.#handout = handout;
    this.#courier = courier;
    this.#wakeups = wakeups;
    this.#events = events;
    this.#deliveries = deliveries;
    this.#clock = clock;
  }

  async start(): Promise<void> {
    const hand = async ({ agencyId }: { agencyId: string }): Promise<void> => {
      const id = parseId<AgencyId>(agencyId);
      if (id !== undefined) await this.#handout.run(id);
    };
    await this.#jobs.work('webhook_event', hand, AGENCIES_AT_ONCE);
    const bring = async ({ endpointId }: { endpointId: string }): Promise<void> => {
      const id = parseId<EndpointId>(endpointId);
      if (id !== undefined) await this.#courier.run(id);
    };
    this.#jobs.workSideBySide('webhook', bring, ENDPOINTS_AT_ONCE);
    await this.#rounds.every(1, 'webhook_due', () => this.run());
    await this.run();
  }

  /** Every minute: what is due again, and what a process left behind when it ended. May be repeated. */
  async run(): Promise<void> {
    const now = this.#clock.now();
    const agencies = await this.#system((manager) => this.#events.agenciesWithPending(manager));
    for (const agencyId of agencies) await this.#handout.run(agencyId);
    const endpoints = await this.#system((manager) => this.#deliveries.endpointsWithDue(manager, now));
    for (const endpointId of endpoints) await this.#wakeups.endpointNow(endpointId);
    const old = new Date(now.getTime() - KEPT_MS);
    await this.#system((manager) => this.#events.forget(manager, old, FORGOTTEN_AT_ONCE));
  }

  #system<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.#database.run({ kind: 'system' }, work);
  }
}
