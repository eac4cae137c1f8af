import { Injectable } from '@nestjs/common';
import { Clock } from '../../../kernel/clock.js';
import type { RequestContext, SystemActor } from '../../../kernel/context.js';
import { Failure } from '../../../kernel/errors.js';
import type { AgencyId } from '../../../kernel/ids.js';
import { Ledger } from '../../../ledger/index.js';
import { Database } from '../../../platform/database/database.js';
import { Wakeups } from '../delivery/wakeups.js';
import type { DeliveryId } from '../ids.js';
import { DeliveryLogStore } from '../persistence/delivery-log-store.js';
import { TRIED_FOR_MS } from '../retry-schedule.js';
import type { Delivery } from './delivery.js';

const MOST_LISTED = 100;

/** What agencies were not told of, as operators see it: ids, times and codes, never where it was to go. */
@Injectable()
export class DeadLetters {
  readonly #database: Database;
  readonly #log: DeliveryLogStore;
  readonly #wakeups: Wakeups;
  readonly #ledger: Ledger;
  readonly #clock: Clock;

  constructor(database: Database, log: DeliveryLogStore, wakeups: Wakeups, ledger: Ledger, clock: Clock) {
    this.#database = database;
    this.#log = log;
    this.#wakeups = wakeups;
    this.#ledger = ledger;
    this.#clock = clock;
  }

  /** The newest hundred, of one agency or of all. */
  list(agencyId: AgencyId | undefined): Promise<readonly Delivery[]> {
    const filter = { status: 'dead', ...(agencyId === undefined ? {} : { agencyId }) } as const;
    return this.#database.run({ kind: 'system' }, (manager) =>
      this.#log.page(manager, filter, MOST_LISTED, undefined),
    );
  }

  /** Has one sent again. @throws Failure `not_found` unless there is such a delivery, `conflict` unless it was given up */
  replay(context: RequestContext<SystemActor>, id: DeliveryId): Promise<void> {
    return this.#database.run({ kind: 'system' }, async (manager) => {
      const delivery = await this.#log.find(manager, { id });
      if (delivery === undefined) throw new Failure('not_found');
      if (delivery.status !== 'dead')
        throw new Failure('conflict', { detail: 'This delivery has not been given up.' });
      const { agencyId, endpointId } = delivery;
      const now = this.#clock.now();
      await this.#log.renew(manager, id, { now, expiresAt: new Date(now.getTime() + TRIED_FOR_MS) });
      const entry = { action: 'webhook.replayed', context, resource: endpointId, agency: agencyId } as const;
      await this.#ledger.stage(manager, entry);
      this.#wakeups.endpoint(manager, endpointId);
    });
  }
}
