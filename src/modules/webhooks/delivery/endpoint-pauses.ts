import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../../kernel/clock.js';
import type { RequestContext } from '../../../kernel/context.js';
import type { AgencyId } from '../../../kernel/ids.js';
import { Ledger } from '../../../ledger/index.js';
import { Database } from '../../../platform/database/database.js';
import { EndpointRecords } from '../endpoints/endpoint-records.js';
import type { EndpointId } from '../ids.js';
import { DeliveryStore } from '../persistence/delivery-store.js';
import { pauseOf } from '../retry-schedule.js';
import { GivenUp } from './given-up.js';
import type { AttemptResult } from './outcome.js';

/** How long what waits for an endpoint that can be sent nothing is left alone. */
const HELD_MS = 15 * 60_000;

interface Which {
  readonly id: EndpointId;
  readonly agencyId: AgencyId;
}

/** What a receiver's answers mean for everything else that waits for it. */
@Injectable()
export class EndpointPauses {
  readonly #database: Database;
  readonly #records: EndpointRecords;
  readonly #deliveries: DeliveryStore;
  readonly #givenUp: GivenUp;
  readonly #ledger: Ledger;
  readonly #clock: Clock;

  constructor(
    database: Database,
    records: EndpointRecords,
    deliveries: DeliveryStore,
    givenUp: GivenUp,
    ledger: Ledger,
    clock: Clock,
  ) {
    this.#database = database;
    this.#records = records;
    this.#deliveries = deliveries;
    this.#givenUp = givenUp;
    this.#ledger = ledger;
    this.#clock = clock;
  }

  /** @param round the endpoint as it was when this was sent */
  async follow(
    context: RequestContext,
    round: Which & { readonly revision: number },
    results: readonly AttemptResult[],
  ): Promise<void> {
    const failed = results.filter(({ outcome }) => outcome !== 'delivered');
    const isGone = failed.some(({ outcome }) => outcome === 'gone');
    const isHeld = failed.some(({ outcome }) => /^(address|url)_not_allowed$/.test(outcome));
    const pauseMs = Math.max(0, ...failed.map(({ retryAfterMs }) => pauseOf(retryAfterMs)));
    if (!isGone && !isHeld && pauseMs === 0) return;
    await this.#database.run({ kind: 'system' }, async (manager) => {
      const isOff = isGone && (await this.#switchOff(context, manager, round));
      if (isOff || isHeld) await this.hold(context, manager, round);
      const until = new Date(this.#clock.now().getTime() + pauseMs);
      await this.#deliveries.postpone(manager, round.id, until);
    });
  }

  /** Leaves everything of an endpoint alone for a while, and gives up what has waited too long. */
  async hold(context: RequestContext, manager: EntityManager, { id, agencyId }: Which): Promise<void> {
    const now = this.#clock.now();
    for (const delivery of await this.#deliveries.giveUp(manager, id, now))
      await this.#givenUp.record(context, manager, { delivery, agencyId, reason: 'endpoint_off' });
    await this.#deliveries.postpone(manager, id, new Date(now.getTime() + HELD_MS));
  }

  /** Unless its agency has changed it meanwhile: then it may be another receiver by now. @returns whether it did */
  async #switchOff(
    context: RequestContext,
    manager: EntityManager,
    { id, agencyId, revision }: Which & { readonly revision: number },
  ): Promise<boolean> {
    const endpoint = await this.#records.find(context, manager, { id, agencyId }, 'change');
    if (endpoint?.revision !== revision) return false;
    await this.#records.update(manager, endpoint, { status: 'gone', updatedAt: this.#clock.now() });
    await this.#ledger.stage(manager, {
      action: 'webhook.gone',
      context,
      outcome: 'failed',
      reason: 'gone',
      resource: id,
      agency: agencyId,
    });
    return true;
  }
}
