import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../../kernel/clock.js';
import type { RequestContext } from '../../../kernel/context.js';
import { Failure } from '../../../kernel/errors.js';
import type { AgencyId } from '../../../kernel/ids.js';
import { Database } from '../../../platform/database/database.js';
import { EndpointRecords, type OpenedEndpoint } from '../endpoints/endpoint-records.js';
import type { EndpointId } from '../ids.js';
import { DeliveryStore, type DueDelivery } from '../persistence/delivery-store.js';
import { Attempts } from './attempts.js';
import { GivenUp } from './given-up.js';
import { deliveryContext } from './delivery-context.js';
import { Wakeups } from './wakeups.js';

/** Lanes that one endpoint is sent at the same time. */
const AT_ONCE = 8;
/** After this long an endpoint goes to the end of the queue, well before its job counts as lost. */
const ROUND_MS = 20_000;
/** How long what waits for an endpoint that can be sent nothing is left alone. */
const HELD_MS = 15 * 60_000;

interface Round {
  readonly id: EndpointId;
  readonly agencyId: AgencyId;
  readonly opened: OpenedEndpoint;
  readonly due: readonly DueDelivery[];
}

/** Brings one endpoint what is due. The queue sees to it that of one endpoint only one round runs at any time. */
@Injectable()
export class Courier {
  readonly #database: Database;
  readonly #records: EndpointRecords;
  readonly #deliveries: DeliveryStore;
  readonly #attempts: Attempts;
  readonly #givenUp: GivenUp;
  readonly #wakeups: Wakeups;
  readonly #clock: Clock;

  constructor(
    database: Database,
    records: EndpointRecords,
    deliveries: DeliveryStore,
    attempts: Attempts,
    givenUp: GivenUp,
    wakeups: Wakeups,
    clock: Clock,
  ) {
    this.#database = database;
    this.#records = records;
    this.#deliveries = deliveries;
    this.#attempts = attempts;
    this.#givenUp = givenUp;
    this.#wakeups = wakeups;
    this.#clock = clock;
  }

  async run(endpointId: EndpointId): Promise<void> {
    const end = this.#clock.now().getTime() + ROUND_MS;
    for (;;) {
      const context = deliveryContext(this.#clock.now());
      const round = await this.#begin(context, endpointId);
      if (round === undefined) return;
      const outcomes = await Promise.all(round.due.map((one) => this.#attempts.make(context, round, one)));
      if (outcomes.includes('address_not_allowed') || outcomes.includes('url_not_allowed'))
        await this.#database.run({ kind: 'system' }, (manager) => this.#hold(context, manager, round));
      // A receiver that takes nothing, or is slow, has others go first.
      if (!outcomes.includes('delivered') || this.#clock.now().getTime() >= end) break;
    }
    await this.#wakeups.endpointNow(endpointId);
  }

  /** @returns `undefined` when there is nothing to do now */
  #begin(context: RequestContext, id: EndpointId): Promise<Round | undefined> {
    return this.#database.run({ kind: 'system' }, async (manager) => {
      const due = await this.#deliveries.due(manager, id, this.#clock.now(), AT_ONCE);
      const [first] = due;
      if (first === undefined) return undefined;
      const { agencyId } = first.event;
      const opened = await this.#open(context, manager, { id, agencyId });
      if (opened !== undefined) return { id, agencyId, opened, due };
      await this.#hold(context, manager, { id, agencyId });
      return undefined;
    });
  }

  /** @returns `undefined` for one that is off, does not stand, or whose agency's key is gone */
  async #open(
    context: RequestContext,
    manager: EntityManager,
    which: { readonly id: EndpointId; readonly agencyId: AgencyId },
  ): Promise<OpenedEndpoint | undefined> {
    const endpoint = await this.#records.find(context, manager, which);
    if (endpoint === null || endpoint.status === 'disabled') return undefined;
    try {
      return await this.#records.open(endpoint);
    } catch (error) {
      if (error instanceof Failure && error.code === 'sealed_value_unreadable') return undefined;
      throw error;
    }
  }

  async #hold(
    context: RequestContext,
    manager: EntityManager,
    { id, agencyId }: { readonly id: EndpointId; readonly agencyId: AgencyId },
  ): Promise<void> {
    const now = this.#clock.now();
    const until = new Date(now.getTime() + HELD_MS);
    for (const delivery of await this.#deliveries.hold(manager, id, { now, until }))
      await this.#givenUp.record(context, manager, { delivery, agencyId, reason: 'endpoint_off' });
  }
}
