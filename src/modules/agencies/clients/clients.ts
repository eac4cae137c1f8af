import { Injectable } from '@nestjs/common';
import { Clock } from '../../../kernel/clock.js';
import type { RequestContext } from '../../../kernel/context.js';
import { Failure } from '../../../kernel/errors.js';
import { type AgencyId, type ClientId, newId, parseId } from '../../../kernel/ids.js';
import { Ledger } from '../../../ledger/index.js';
import { Database } from '../../../platform/database/database.js';
import { Sealer } from '../../../sealing/index.js';
import { AgencyEntity } from '../persistence/agency.entity.js';
import { ClientEntity } from '../persistence/client.entity.js';
import { CLIENT_METADATA, type ClientMetadata } from '../persistence/places.js';
import { checkClientKeys } from './client-keys.js';

/** A client that may act now. */
export interface ActiveClient extends ClientMetadata {
  readonly id: ClientId;
  readonly agencyId: AgencyId;
}

/** The programs of agencies. Each belongs to one agency; its keys and scopes are sealed to that. */
@Injectable()
export class Clients {
  readonly #database: Database;
  readonly #sealer: Sealer;
  readonly #ledger: Ledger;
  readonly #clock: Clock;

  constructor(database: Database, sealer: Sealer, ledger: Ledger, clock: Clock) {
    this.#database = database;
    this.#sealer = sealer;
    this.#ledger = ledger;
    this.#clock = clock;
  }

  /** @throws Failure `invalid_request` for a bad key set, `not_found` for an unknown agency */
  async create(
    context: RequestContext,
    agencyId: AgencyId,
    metadata: ClientMetadata,
  ): Promise<{ id: ClientId }> {
    await checkClientKeys(metadata.jwks);
    const now = this.#clock.now();
    const id: ClientId = newId<'client'>(now.getTime());
    await this.#database.run({ kind: 'system' }, async (manager) => {
      if (!(await manager.getRepository(AgencyEntity).existsBy({ id: agencyId })))
        throw new Failure('not_found');
      const sealed = await this.#sealer.seal(CLIENT_METADATA, { subject: agencyId, row: id }, metadata);
      const client = {
        id,
        agencyId,
        status: 'active',
        metadata: sealed,
        createdAt: now,
        revision: 1,
      } as const;
      await manager.getRepository(ClientEntity).insert(client);
      await this.#ledger.stage(manager, {
        action: 'client.created',
        context,
        resource: id,
        agency: agencyId,
      });
    });
    return { id };
  }

  /** Its tokens open nothing from the next request on. @throws Failure `not_found` */
  suspend(context: RequestContext, id: ClientId): Promise<void> {
    return this.#setStatus(context, id, 'suspended');
  }

  /** @throws Failure `not_found` */
  resume(context: RequestContext, id: ClientId): Promise<void> {
    return this.#setStatus(context, id, 'active');
  }

  /** @returns `undefined` for a client that is unknown, suspended, or not the one that was registered */
  async active(clientId: string): Promise<ActiveClient | undefined> {
    const id = parseId<ClientId>(clientId);
    if (id === undefined) return undefined;
    const client = await this.#database.run({ kind: 'system' }, (manager) =>
      manager.getRepository(ClientEntity).findOneBy({ id, status: 'active' }),
    );
    if (client === null) return undefined;
    try {
      const position = { subject: client.agencyId, row: client.id };
      const metadata = await this.#sealer.openOperational(CLIENT_METADATA, position, client.metadata);
      return { ...metadata, id: client.id, agencyId: client.agencyId };
    } catch (error) {
      if (error instanceof Failure && error.code === 'sealed_value_unreadable') return undefined;
      throw error;
    }
  }

  async #setStatus(context: RequestContext, id: ClientId, status: ClientEntity['status']): Promise<void> {
    await this.#database.run({ kind: 'system' }, async (manager) => {
      const clients = manager.getRepository(ClientEntity);
      const client = await clients.findOneBy({ id });
      if (client === null) throw new Failure('not_found');
      await clients.update({ id }, { status, revision: client.revision + 1 });
      const action = status === 'active' ? 'client.resumed' : 'client.suspended';
      await this.#ledger.stage(manager, { action, context, resource: id, agency: client.agencyId });
    });
  }
}
