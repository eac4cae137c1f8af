import { Injectable } from '@nestjs/common';
import type { AgencyScope, RequestContext } from '../../../kernel/context.js';
import { Failure } from '../../../kernel/errors.js';
import type { AgencyId, ClientId } from '../../../kernel/ids.js';
import { Ledger } from '../../../ledger/index.js';
import { Database } from '../../../platform/database/database.js';
import { ClientEntity } from '../persistence/client.entity.js';
import type { ClientStatus } from '../persistence/places.js';
import { AgencyEntity } from '../persistence/agency.entity.js';
import type { ClientMetadata } from './client-metadata.js';
import { ClientRows } from './client-rows.js';
import type { Possession } from './possession.js';
import { endOf, keysAt } from './client-rules.js';
import { Clock } from '../../../kernel/clock.js';

/** A public key as an operator recognises it. */
export interface RegisteredKey {
  readonly kid: string;
  /** `null` for a certificate. */
  readonly alg: string | null;
  /** When it ends, of a key that has been replaced. */
  readonly until: Date | null;
}

/** What a client was registered with. */
export interface Registration {
  readonly name: string;
  readonly scopes: readonly AgencyScope[];
  readonly possession: Possession;
  readonly keys: readonly RegisteredKey[];
}

/** A client as operators see it. */
export interface RegisteredClient {
  readonly id: ClientId;
  readonly agencyId: AgencyId;
  /** `refused`: not as the product last wrote it, whatever the database says of it. */
  readonly status: ClientStatus | 'refused';
  readonly registration: Registration | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly revision: number;
}

/** Clients for operators to look at; every look is an entry of the ledger. */
@Injectable()
export class ClientRegister {
  readonly #database: Database;
  readonly #rows: ClientRows;
  readonly #ledger: Ledger;
  readonly #clock: Clock;

  constructor(database: Database, rows: ClientRows, ledger: Ledger, clock: Clock) {
    this.#database = database;
    this.#rows = rows;
    this.#ledger = ledger;
    this.#clock = clock;
  }

  /** An agency's, oldest first. @throws Failure `not_found` for an agency that there is not */
  async of(context: RequestContext, agencyId: AgencyId): Promise<readonly RegisteredClient[]> {
    const found = await this.#database.run({ kind: 'system' }, async (manager) => {
      if (!(await manager.getRepository(AgencyEntity).existsBy({ id: agencyId })))
        throw new Failure('not_found');
      const clients = manager.getRepository(ClientEntity);
      return clients.find({ where: { agencyId }, order: { id: 'ASC' } });
    });
    const shown: RegisteredClient[] = [];
    for (const client of found) shown.push(await this.#present(context, client));
    await this.#record(context, { agency: agencyId, count: shown.length });
    return shown;
  }

  /** @throws Failure `not_found` */
  async one(context: RequestContext, id: ClientId): Promise<RegisteredClient> {
    const found = await this.#database.run({ kind: 'system' }, (manager) =>
      manager.getRepository(ClientEntity).findOneBy({ id }),
    );
    if (found === null) throw new Failure('not_found');
    await this.#record(context, { agency: found.agencyId, resource: id });
    return this.#present(context, found);
  }

  async #present(context: RequestContext, found: ClientEntity): Promise<RegisteredClient> {
    const client = await this.#database.run({ kind: 'system' }, (manager) =>
      this.#rows.standing(context, manager, { id: found.id }),
    );
    const metadata = client === null ? undefined : await this.#rows.open(context, client);
    const { id, agencyId, status, createdAt, updatedAt, revision } = client ?? found;
    const row = { id, agencyId, createdAt, updatedAt, revision };
    return metadata === undefined
      ? { ...row, status: 'refused', registration: null }
      : { ...row, status, registration: registrationOf(metadata, this.#clock.now()) };
  }

  async #record(
    context: RequestContext,
    what: { readonly agency: AgencyId; readonly resource?: string; readonly count?: number },
  ): Promise<void> {
    await this.#ledger.append({ action: 'client.listed', context, ...what }, 'staged');
  }
}

function registrationOf(metadata: ClientMetadata, now: Date): Registration {
  const { name, scopes, possession = 'dpop' } = metadata;
  const keys = keysAt(metadata, now).map((key) => ({
    kid: key.kid ?? '',
    alg: key.alg ?? null,
    until: endOf(metadata, key) ?? null,
  }));
  return { name, scopes, possession, keys };
}
