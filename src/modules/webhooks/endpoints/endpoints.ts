import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../../kernel/clock.js';
import type { AgencyActor, RequestContext } from '../../../kernel/context.js';
import { Failure } from '../../../kernel/errors.js';
import { newId } from '../../../kernel/ids.js';
import { Randomness } from '../../../kernel/randomness.js';
import { type Action, Ledger, recordingMisses } from '../../../ledger/index.js';
import { Database } from '../../../platform/database/database.js';
import { requireRevision, type SeenRevisions } from '../../../platform/http/index.js';
import { DeliveryStore } from '../persistence/delivery-store.js';
import { Wakeups } from '../delivery/wakeups.js';
import type { EventType } from '../event-types.js';
import type { EndpointId } from '../ids.js';
import type { EndpointEntity } from '../persistence/endpoint.entity.js';
import { activeSecrets, rotated, SECRET_BYTES, secretOf, type SigningSecret } from '../signing-secrets.js';
import { DestinationCheck } from './destination-check.js';
import { EndpointRecords, type OpenedEndpoint } from './endpoint-records.js';

type Agency = RequestContext<AgencyActor>;

/** An endpoint as its agency sees it. */
export interface Endpoint {
  readonly id: EndpointId;
  readonly url: string;
  readonly events: readonly EventType[];
  readonly enabled: boolean;
  /** Why it is not: the agency has asked for that, or the receiver has answered that it is gone. */
  readonly disabledBecause: 'asked' | 'gone' | null;
  /** Those in use, the newest first; their values are shown once, when they are made. */
  readonly secrets: readonly Omit<SigningSecret, 'value'>[];
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly revision: number;
}

/** With the secret that was made for it. */
export interface NewEndpoint {
  readonly endpoint: Endpoint;
  readonly secret: string;
}

export interface EndpointWish {
  readonly url: string;
  readonly events: readonly EventType[];
}

export type EndpointChange = Partial<EndpointWish & { readonly enabled: boolean }>;

const MOST_ENDPOINTS = 10;
const HOUR_MS = 3_600_000;

/** Where an agency has its events sent. */
@Injectable()
export class Endpoints {
  readonly #database: Database;
  readonly #records: EndpointRecords;
  readonly #destinations: DestinationCheck;
  readonly #deliveries: DeliveryStore;
  readonly #wakeups: Wakeups;
  readonly #ledger: Ledger;
  readonly #randomness: Randomness;
  readonly #clock: Clock;

  constructor(
    database: Database,
    records: EndpointRecords,
    destinations: DestinationCheck,
    deliveries: DeliveryStore,
    wakeups: Wakeups,
    ledger: Ledger,
    randomness: Randomness,
    clock: Clock,
  ) {
    this.#database = database;
    this.#records = records;
    this.#destinations = destinations;
    this.#deliveries = deliveries;
    this.#wakeups = wakeups;
    this.#ledger = ledger;
    this.#randomness = randomness;
    this.#clock = clock;
  }

  /** Oldest first. */
  list(context: Agency): Promise<readonly Endpoint[]> {
    return this.#run(context, async (manager) => {
      const endpoints = await this.#records.of(context, manager, context.actor.agencyId);
      return Promise.all(endpoints.map(async (one) => this.#present(one, await this.#records.open(one))));
    });
  }

  /** @throws Failure `not_found`; `conflict` for a record that does not stand */
  one(context: Agency, id: EndpointId): Promise<Endpoint> {
    return this.#runOn(id, 'webhook.read', context, async (manager) => {
      const endpoint = await this.#records.own(context, manager, own(context, id), 'read');
      return this.#present(endpoint, await this.#records.open(endpoint));
    });
  }

  /** @throws Failure `invalid_request` for an address that is not public, `conflict` for one too many */
  async create(context: Agency, { url, events }: EndpointWish): Promise<NewEndpoint> {
    const { agencyId } = context.actor;
    await this.#destinations.require(context, agencyId, url);
    const now = this.#clock.now();
    const id: EndpointId = newId<'endpoint'>(now.getTime());
    const secret = secretOf(this.#randomness.bytes(SECRET_BYTES), now);
    const opened = { url, secrets: [secret] };
    return this.#run(context, async (manager) => {
      await this.#requireRoom(manager, context);
      const endpoint = await this.#records.insert(manager, {
        id,
        agencyId,
        status: 'enabled',
        eventTypes: [...events],
        ...(await this.#records.seal({ id, agencyId }, opened)),
        createdAt: now,
        updatedAt: now,
      });
      await this.#ledger.stage(manager, { action: 'webhook.created', context, resource: id });
      return { endpoint: this.#present(endpoint, opened), secret: secret.value };
    });
  }

  /**
   * What waits for an endpoint is tried at once when it has another address or is enabled again.
   * @throws Failure `not_found`, `precondition_failed`, `invalid_request`, `conflict`
   */
  async change(
    context: Agency,
    id: EndpointId,
    revision: SeenRevisions,
    change: EndpointChange,
  ): Promise<Endpoint> {
    const { url, events, enabled } = change;
    if (url !== undefined) await this.#destinations.require(context, context.actor.agencyId, url);
    return this.#runOn(id, 'webhook.changed', context, async (manager) => {
      const before = await this.#records.own(context, manager, own(context, id), 'change');
      requireRevision(before.revision, revision);
      const opened = { ...(await this.#records.open(before)), ...(url === undefined ? {} : { url }) };
      const endpoint = await this.#records.update(manager, before, {
        ...(url === undefined ? {} : await this.#records.seal(before, opened)),
        ...(events === undefined ? {} : { eventTypes: [...events] }),
        ...(enabled === undefined ? {} : { status: enabled ? 'enabled' : 'disabled' }),
        updatedAt: this.#clock.now(),
      });
      await this.#ledger.stage(manager, { action: 'webhook.changed', context, resource: id });
      if (url !== undefined || (enabled === true && before.status !== 'enabled')) {
        await this.#deliveries.release(manager, id, this.#clock.now());
        this.#wakeups.endpoint(manager, id);
      }
      return this.#present(endpoint, opened);
    });
  }

  /** What waits for it is not sent any more. @throws Failure `not_found` */
  remove(context: Agency, id: EndpointId): Promise<void> {
    return this.#runOn(id, 'webhook.deleted', context, async (manager) => {
      if (!(await this.#records.remove(manager, own(context, id)))) throw new Failure('not_found');
      await this.#ledger.stage(manager, { action: 'webhook.deleted', context, resource: id });
    });
  }

  /**
   * @param overlapHours for how long everything is signed with the former secret too; 0: it ends at once
   * @throws Failure `not_found`; `conflict` while two secrets are in use, or for a record that does not stand
   */
  rotateSecret(context: Agency, id: EndpointId, overlapHours: number): Promise<NewEndpoint> {
    return this.#runOn(id, 'webhook.secret_rotated', context, async (manager) => {
      const before = await this.#records.own(context, manager, own(context, id), 'change');
      const now = this.#clock.now();
      const { url, secrets } = await this.#records.open(before);
      const fresh = secretOf(this.#randomness.bytes(SECRET_BYTES), now);
      const after = rotated(secrets, fresh, now, overlapHours * HOUR_MS);
      if (after === undefined) throw new Failure('conflict', { detail: TWO_SECRETS });
      const opened = { url, secrets: after };
      const sealed = await this.#records.seal(before, opened);
      const endpoint = await this.#records.update(manager, before, { ...sealed, updatedAt: now });
      await this.#ledger.stage(manager, { action: 'webhook.secret_rotated', context, resource: id });
      return { endpoint: this.#present(endpoint, opened), secret: fresh.value };
    });
  }

  #run<T>(context: Agency, work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.#database.run({ kind: 'agency', agencyId: context.actor.agencyId }, work);
  }

  /** The same for what is meant for one endpoint: whoever tries ids is on record. */
  #runOn<T>(
    id: EndpointId,
    action: Action,
    context: Agency,
    work: (manager: EntityManager) => Promise<T>,
  ): Promise<T> {
    return recordingMisses(this.#ledger, { action, context, resource: id }, () => this.#run(context, work));
  }

  /** One registration of an agency at a time, so that two at once count each other. */
  async #requireRoom(manager: EntityManager, { actor }: Agency): Promise<void> {
    await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 7346474))', [actor.agencyId]);
    const rows: { count: number }[] = await manager.query(
      'SELECT count(*)::integer AS count FROM webhooks.endpoint WHERE agency_id = $1',
      [actor.agencyId],
    );
    if ((rows[0]?.count ?? 0) >= MOST_ENDPOINTS) throw new Failure('conflict', { detail: TOO_MANY });
  }

  #present(endpoint: EndpointEntity, { url, secrets }: OpenedEndpoint): Endpoint {
    const { id, eventTypes, status, createdAt, updatedAt, revision } = endpoint;
    const inUse = activeSecrets(secrets, this.#clock.now());
    return {
      id,
      url,
      events: eventTypes,
      enabled: status === 'enabled',
      disabledBecause: DISABLED_BECAUSE[status],
      secrets: inUse.map((secret) => ({ createdAt: secret.createdAt, expiresAt: secret.expiresAt })),
      createdAt,
      updatedAt,
      revision,
    };
  }
}

const DISABLED_BECAUSE = { enabled: null, disabled: 'asked', gone: 'gone' } as const;

const own = ({ actor }: Agency, id: EndpointId) => ({ id, agencyId: actor.agencyId });

const TOO_MANY = {
  en: `An agency has at most ${MOST_ENDPOINTS} endpoints.`,
  fr: `Un organisme a au plus ${MOST_ENDPOINTS} points de réception.`,
};
const TWO_SECRETS = {
  en: 'Two secrets are in use. Wait until the older one ends, or end both at once with an overlap of 0 hours.',
  fr: "Deux secrets sont en usage. Attendez la fin de l'ancien, ou mettez fin aux deux avec un recouvrement de 0 heure.",
};
