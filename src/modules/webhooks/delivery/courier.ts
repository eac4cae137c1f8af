import { Injectable } from '@nestjs/common';
import { Clock } from '../../../kernel/clock.js';
import type { RequestContext } from '../../../kernel/context.js';
import type { AgencyId } from '../../../kernel/ids.js';
import { ownContext } from '../../../kernel/own-context.js';
import { Database } from '../../../platform/database/database.js';
import { unlessUnreadable } from '../../../sealing/index.js';
import { Agencies, type AgencyMode } from '../../agencies/index.js';
import { EndpointRecords, type OpenedEndpoint } from '../endpoints/endpoint-records.js';
import type { EndpointId } from '../ids.js';
import { DeliveryStore, type DueDelivery } from '../persistence/delivery-store.js';
import type { EndpointEntity } from '../persistence/endpoint.entity.js';
import { Attempts } from './attempts.js';
import { EndpointPauses } from './endpoint-pauses.js';
import { Wakeups } from './wakeups.js';

/** Lanes that one endpoint is sent at the same time. */
const AT_ONCE = 8;
/** After this long an endpoint goes to the end of the queue, well before its job counts as lost. */
const ROUND_MS = 20_000;

interface Round {
  readonly id: EndpointId;
  readonly agencyId: AgencyId;
  readonly mode: AgencyMode;
  readonly revision: number;
  readonly opened: OpenedEndpoint;
  readonly due: readonly DueDelivery[];
}

/** Brings one endpoint what is due. The queue sees to it that of one endpoint only one round runs at any time. */
@Injectable()
export class Courier {
  readonly #database: Database;
  readonly #agencies: Agencies;
  readonly #records: EndpointRecords;
  readonly #deliveries: DeliveryStore;
  readonly #attempts: Attempts;
  readonly #pauses: EndpointPauses;
  readonly #wakeups: Wakeups;
  readonly #clock: Clock;

  constructor(
    database: Database,
    agencies: Agencies,
    records: EndpointRecords,
    deliveries: DeliveryStore,
    attempts: Attempts,
    pauses: EndpointPauses,
    wakeups: Wakeups,
    clock: Clock,
  ) {
    this.#database = database;
    this.#agencies = agencies;
    this.#records = records;
    this.#deliveries = deliveries;
    this.#attempts = attempts;
    this.#pauses = pauses;
    this.#wakeups = wakeups;
    this.#clock = clock;
  }

  async run(endpointId: EndpointId): Promise<void> {
    const end = this.#clock.now().getTime() + ROUND_MS;
    for (;;) {
      const context = ownContext('webhooks.delivery', this.#clock.now());
      const round = await this.#begin(context, endpointId);
      if (round === undefined) return;
      const results = await Promise.all(round.due.map((one) => this.#attempts.make(context, round, one)));
      await this.#pauses.follow(context, round, results);
      // A receiver that takes nothing, or is slow, has others go first.
      const isTaken = results.some(({ outcome }) => outcome === 'delivered');
      if (!isTaken || this.#clock.now().getTime() >= end) break;
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
      const endpoint = await this.#records.find(context, manager, { id, agencyId });
      const opened = endpoint?.status === 'enabled' ? await this.#open(endpoint) : undefined;
      if (endpoint !== null && opened !== undefined) {
        const mode = await this.#agencies.mode(manager, agencyId);
        return { id, agencyId, mode, revision: endpoint.revision, opened, due };
      }
      await this.#pauses.hold(context, manager, { id, agencyId });
      return undefined;
    });
  }

  /** @returns `undefined` when its agency's key is gone */
  #open(endpoint: EndpointEntity): Promise<OpenedEndpoint | undefined> {
    return unlessUnreadable(this.#records.open(endpoint));
  }
}
