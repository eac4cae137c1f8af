import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { RequestContext } from '../../../kernel/context.js';
import { Failure } from '../../../kernel/errors.js';
import type { AgencyId } from '../../../kernel/ids.js';
import { Sealer } from '../../../sealing/index.js';
import {
  KeptRecords,
  type RecordRows,
  type RecordTable,
  StandingRecords,
} from '../../security-records/index.js';
import type { EndpointId } from '../ids.js';
import { EndpointEntity } from '../persistence/endpoint.entity.js';
import { ENDPOINT_SECRETS, ENDPOINT_URL } from '../persistence/places.js';
import type { SigningSecret } from '../signing-secrets.js';

export type EndpointContent = Omit<EndpointEntity, 'revision' | 'mac'>;

/** Where an endpoint is and what is signed with. */
export interface OpenedEndpoint {
  readonly url: string;
  readonly secrets: readonly SigningSecret[];
}

interface Own {
  readonly id: EndpointId;
  readonly agencyId: AgencyId;
}

/** What of an endpoint its MAC covers: everything, so that nobody sends an agency's events elsewhere. */
const TABLE: RecordTable<EndpointContent> = {
  kind: 'webhooks_endpoint',
  columns: (endpoint) => [
    ['agency_id', endpoint.agencyId],
    ['status', endpoint.status],
    ['event_types', endpoint.eventTypes.join(',')],
    ['url', endpoint.url],
    ['secrets', endpoint.secrets],
    ['created_at', endpoint.createdAt],
    ['updated_at', endpoint.updatedAt],
  ],
};
const ROWS: RecordRows<EndpointEntity> = {
  called: 'webhook endpoints',
  coversSealed: true,
  table: TABLE,
  entity: EndpointEntity,
};

/** The rows of endpoints: one that does not stand is nobody's receiver, and that is alerted. */
@Injectable()
export class EndpointRecords {
  readonly #records: StandingRecords;
  readonly #sealer: Sealer;

  constructor(records: StandingRecords, kept: KeptRecords, sealer: Sealer) {
    this.#records = records;
    kept.add(ROWS);
    this.#sealer = sealer;
  }

  /** The endpoints of an agency that stand, oldest first. */
  async of(
    context: RequestContext,
    manager: EntityManager,
    agencyId: AgencyId,
  ): Promise<readonly EndpointEntity[]> {
    const rows = await manager.getRepository(EndpointEntity).find({
      select: { id: true },
      where: { agencyId },
      order: { createdAt: 'ASC', id: 'ASC' },
    });
    const standing: EndpointEntity[] = [];
    for (const { id } of rows) {
      const row = await this.find(context, manager, { id, agencyId });
      if (row !== null) standing.push(row);
    }
    return standing;
  }

  /** Under its lock when it is to be changed. @returns `null` when there is none, or it does not stand */
  find(
    context: RequestContext,
    manager: EntityManager,
    where: Own,
    purpose: 'read' | 'change' = 'read',
  ): Promise<EndpointEntity | null> {
    const lock = purpose === 'change' ? { lock: { mode: 'pessimistic_write' as const } } : {};
    return this.#records.read(context, manager, TABLE, () =>
      manager.getRepository(EndpointEntity).findOne({ where: { ...where }, ...lock }),
    );
  }

  /**
   * An agency's own endpoint, under its lock when it is to be changed.
   * @throws Failure `not_found`; `conflict` for a record that does not stand
   */
  async own(
    context: RequestContext,
    manager: EntityManager,
    where: Own,
    purpose: 'read' | 'change',
  ): Promise<EndpointEntity> {
    if (!(await manager.getRepository(EndpointEntity).existsBy({ ...where }))) throw new Failure('not_found');
    const endpoint = await this.find(context, manager, where, purpose);
    if (endpoint === null) throw new Failure('conflict', { detail: ALTERED });
    return endpoint;
  }

  async seal(
    { id, agencyId }: Pick<EndpointEntity, 'id' | 'agencyId'>,
    { url, secrets }: OpenedEndpoint,
  ): Promise<Pick<EndpointEntity, 'url' | 'secrets'>> {
    const position = { subject: agencyId, row: id };
    return {
      url: await this.#sealer.seal(ENDPOINT_URL, position, url),
      secrets: await this.#sealer.seal(ENDPOINT_SECRETS, position, secrets),
    };
  }

  /** @throws Failure `sealed_value_unreadable` */
  async open({
    id,
    agencyId,
    url,
    secrets,
  }: Pick<EndpointEntity, 'id' | 'agencyId' | 'url' | 'secrets'>): Promise<OpenedEndpoint> {
    const position = { subject: agencyId, row: id };
    return {
      url: await this.#sealer.openOperational(ENDPOINT_URL, position, url),
      secrets: await this.#sealer.openOperational(ENDPOINT_SECRETS, position, secrets),
    };
  }

  async insert(manager: EntityManager, content: EndpointContent): Promise<EndpointEntity> {
    const endpoint = { ...content, ...(await this.#records.stamp(manager, TABLE, content)) };
    await manager.getRepository(EndpointEntity).insert(endpoint);
    return endpoint;
  }

  /** @param endpoint as `own` gave it under its lock */
  async update(
    manager: EntityManager,
    endpoint: EndpointEntity,
    change: Partial<EndpointContent>,
  ): Promise<EndpointEntity> {
    const stamp = await this.#records.stamp(manager, TABLE, { ...endpoint, ...change });
    await manager.getRepository(EndpointEntity).update({ id: endpoint.id }, { ...change, ...stamp });
    return { ...endpoint, ...change, ...stamp };
  }

  /**
   * Removes an endpoint for good, also one that does not stand: its next revision is taken by nothing, so that a copy
   * put back is superseded.
   * @returns whether there was one
   */
  async remove(manager: EntityManager, where: Own): Promise<boolean> {
    const endpoints = manager.getRepository(EndpointEntity);
    const endpoint = await endpoints.findOne({ where: { ...where }, lock: { mode: 'pessimistic_write' } });
    if (endpoint === null) return false;
    await this.#records.stamp(manager, TABLE, endpoint);
    await endpoints.delete({ ...where });
    return true;
  }
}

const ALTERED = {
  en: 'This endpoint is not as it was last set up; nothing is sent there. Delete it and register it anew.',
  fr: "Ce point de réception n'est plus tel qu'il a été configuré ; rien n'y est envoyé. Supprimez-le et enregistrez-le à nouveau.",
};
