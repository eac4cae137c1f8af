import { Injectable } from '@nestjs/common';
import { Clock } from '../../../kernel/clock.js';
import type { RequestContext } from '../../../kernel/context.js';
import { type AgencyId, newId } from '../../../kernel/ids.js';
import { Randomness } from '../../../kernel/randomness.js';
import { Database } from '../../../platform/database/database.js';
import { HttpsPosts } from '../../../platform/outbound/https-posts.js';
import type { AgencyMode } from '../../agencies/index.js';
import { DestinationCheck } from '../endpoints/destination-check.js';
import type { OpenedEndpoint } from '../endpoints/endpoint-records.js';
import type { EndpointId } from '../ids.js';
import { DeliveryStore, type DueDelivery, type Settlement } from '../persistence/delivery-store.js';
import { nextAttempt, pauseOf } from '../retry-schedule.js';
import { GivenUp } from './given-up.js';
import { messageOf } from './message.js';
import { type AttemptResult, resultOf } from './outcome.js';

interface Receiver {
  readonly id: EndpointId;
  readonly agencyId: AgencyId;
  readonly mode: AgencyMode;
  readonly opened: OpenedEndpoint;
}

/** One attempt: looks where it goes, posts, and notes how it ended. */
@Injectable()
export class Attempts {
  readonly #database: Database;
  readonly #destinations: DestinationCheck;
  readonly #posts: HttpsPosts;
  readonly #deliveries: DeliveryStore;
  readonly #givenUp: GivenUp;
  readonly #randomness: Randomness;
  readonly #clock: Clock;

  constructor(
    database: Database,
    destinations: DestinationCheck,
    posts: HttpsPosts,
    deliveries: DeliveryStore,
    givenUp: GivenUp,
    randomness: Randomness,
    clock: Clock,
  ) {
    this.#database = database;
    this.#destinations = destinations;
    this.#posts = posts;
    this.#deliveries = deliveries;
    this.#givenUp = givenUp;
    this.#randomness = randomness;
    this.#clock = clock;
  }

  /** A receiver may get an event twice: when this process ends between its answer and the note of it. */
  async make(context: RequestContext, receiver: Receiver, delivery: DueDelivery): Promise<AttemptResult> {
    const at = this.#clock.now();
    const result = await this.#send(context, receiver, delivery, at);
    const now = this.#clock.now();
    const settlement = this.#settlement(result, delivery, now);
    const elapsedMs = Math.max(0, now.getTime() - at.getTime());
    const attempt = { ...result, id: newId<'attempt'>(at.getTime()), at, elapsedMs };
    await this.#database.run({ kind: 'system' }, async (manager) => {
      const isNoted = await this.#deliveries.settle(manager, delivery, attempt, settlement, now);
      if (!isNoted || settlement.status !== 'dead') return;
      const { agencyId } = receiver;
      const reason = result.outcome;
      await this.#givenUp.record(context, manager, { delivery: delivery.id, agencyId, reason });
    });
    return result;
  }

  async #send(
    context: RequestContext,
    receiver: Receiver,
    { event }: DueDelivery,
    now: Date,
  ): Promise<AttemptResult> {
    const { mode, opened } = receiver;
    const { url, secrets } = opened;
    const destination = await this.#destinations.ask(context, receiver, url);
    if (typeof destination === 'string') return resultOf(destination, now);
    const { headers, body } = messageOf(event, { mode, secrets }, now);
    return resultOf(await this.#posts.post(destination, headers, body), this.#clock.now());
  }

  #settlement(
    { outcome, retryAfterMs }: AttemptResult,
    { attempts, expiresAt }: DueDelivery,
    now: Date,
  ): Settlement {
    if (outcome === 'delivered') return { status: 'delivered' };
    const chance = this.#randomness.bytes(4).readUInt32BE() / 0xffff_ffff;
    const dueAt = nextAttempt(attempts + 1, now, expiresAt, pauseOf(retryAfterMs), chance);
    return dueAt === undefined ? { status: 'dead' } : { status: 'pending', dueAt };
  }
}
