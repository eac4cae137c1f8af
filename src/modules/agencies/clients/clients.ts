import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../../kernel/clock.js';
import type { RequestContext } from '../../../kernel/context.js';
import { Failure } from '../../../kernel/errors.js';
import { type AgencyId, type ClientId, newId, parseId } from '../../../kernel/ids.js';
import { Ledger } from '../../../ledger/index.js';
import { Database } from '../../../platform/database/database.js';
import { Sealer } from '../../../sealing/index.js';
import { AgencyEntity } from '../persistence/agency.entity.js';
import { ClientEntity } from '../persistence/client.entity.js';
import { Readmission, RecordResealing, StandingRecords } from '../../security-records/index.js';
import { CLIENT_METADATA, type ClientStatus } from '../persistence/places.js';
import { TokenStore } from '../persistence/token-store.js';
import { isAgencyScope } from '../scopes.js';
import { readClientKeys } from './client-keys.js';
import type { ClientMetadata } from './client-metadata.js';
import { CLIENT_RECORD } from './client-record.js';

const ACTIVE_CLIENT = `
  SELECT id, agency_id AS "agencyId", status, metadata, created_at AS "createdAt", updated_at AS "updatedAt", revision, mac
  FROM agencies.active_client($1)`;

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
  readonly #records: StandingRecords;
  readonly #readmission: Readmission;
  readonly #resealing: RecordResealing;
  readonly #tokens: TokenStore;
  readonly #ledger: Ledger;
  readonly #clock: Clock;

  constructor(
    database: Database,
    sealer: Sealer,
    records: StandingRecords,
    readmission: Readmission,
    resealing: RecordResealing,
    tokens: TokenStore,
    ledger: Ledger,
    clock: Clock,
  ) {
    this.#database = database;
    this.#sealer = sealer;
    this.#records = records;
    this.#readmission = readmission;
    this.#resealing = resealing;
    this.#tokens = tokens;
    this.#ledger = ledger;
    this.#clock = clock;
  }

  /**
   * Registers a program by its public keys.
   * @throws Failure `invalid_request` for a bad key set, name or scope, `not_found` for an unknown agency
   */
  async create(
    context: RequestContext,
    agencyId: AgencyId,
    metadata: ClientMetadata,
  ): Promise<{ readonly id: ClientId }> {
    const name = metadata.name.trim();
    if (name.length < 1 || name.length > 200) refuse('/name', 'A client’s name has 1 to 200 characters.');
    const scopes = [...new Set(metadata.scopes)];
    if (scopes.length === 0 || !scopes.every(isAgencyScope))
      refuse('/scopes', 'A client needs known scopes.');
    const jwks = await readClientKeys(metadata.jwks);
    const now = this.#clock.now();
    const id: ClientId = newId<'client'>(now.getTime());
    await this.#database.run({ kind: 'system' }, async (manager) => {
      if (!(await manager.getRepository(AgencyEntity).existsBy({ id: agencyId })))
        throw new Failure('not_found');
      const position = { subject: agencyId, row: id };
      const sealed = await this.#sealer.seal(CLIENT_METADATA, position, { name, jwks, scopes });
      const times = { createdAt: now, updatedAt: now };
      const client = { id, agencyId, status: 'active', metadata: sealed, ...times } as const;
      const stamp = await this.#records.stamp(manager, CLIENT_RECORD, client);
      await manager.getRepository(ClientEntity).insert({ ...client, ...stamp });
      const entry = { action: 'client.created', context, resource: id, agency: agencyId } as const;
      await this.#ledger.stage(manager, entry);
    });
    return { id };
  }

  /**
   * Ends every token of the client, in every process, and gives it no other.
   * @throws Failure `not_found`; `conflict` for a record that does not stand
   */
  suspend(context: RequestContext, id: ClientId): Promise<void> {
    return this.#setStatus(context, id, 'suspended');
  }

  /** Lets the client ask for tokens again; those of before stay dead. @throws as `suspend` */
  resume(context: RequestContext, id: ClientId): Promise<void> {
    return this.#setStatus(context, id, 'active');
  }

  /**
   * Looks the client up as it stands at this moment.
   * @returns `undefined` for a client that is unknown or suspended, or whose record does not stand, which is alerted
   */
  async active(context: RequestContext, clientId: string): Promise<ActiveClient | undefined> {
    const id = parseId<ClientId>(clientId);
    if (id === undefined) return undefined;
    const client = await this.#find(context, id);
    if (client === undefined) return undefined;
    const { agencyId, metadata } = client;
    try {
      const position = { subject: agencyId, row: id };
      return { ...(await this.#sealer.openOperational(CLIENT_METADATA, position, metadata)), id, agencyId };
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== 'sealed_value_unreadable') throw error;
      // The row stands and yet its keys and scopes do not open: somebody has meddled with more than the row.
      await this.#records.refuse(context, CLIENT_RECORD.kind, id, 'forged');
      return undefined;
    }
  }

  /** Takes clients as a backup has brought them back. @returns how many had changed since */
  readmit(context: RequestContext): Promise<number> {
    return this.#readmission.run(context, { table: CLIENT_RECORD, entity: ClientEntity });
  }

  /**
   * The same row under another key of its subject, in a transaction that has locked it.
   * @param columns new bytes by the column's name in the database
   * @throws Failure `conflict` when the row does not stand
   */
  reseal(
    context: RequestContext,
    manager: EntityManager,
    id: string,
    columns: ReadonlyMap<string, Buffer>,
  ): Promise<void> {
    return this.#resealing.run(context, manager, { table: CLIENT_RECORD, entity: ClientEntity }, id, columns);
  }

  /** One statement and one look into the key store, unless the row is not plainly as it was last written. */
  async #find(context: RequestContext, id: ClientId): Promise<ClientEntity | undefined> {
    const [row] = await this.#database.ask<ClientEntity>(ACTIVE_CLIENT, [id]);
    if (row === undefined || (await this.#records.isSettled(CLIENT_RECORD, row))) return row;
    const client = await this.#database.run({ kind: 'system' }, (manager) =>
      this.#records.read(context, manager, CLIENT_RECORD, () =>
        manager.getRepository(ClientEntity).findOneBy({ id, status: 'active' }),
      ),
    );
    return client ?? undefined;
  }

  async #setStatus(context: RequestContext, id: ClientId, status: ClientStatus): Promise<void> {
    await this.#database.run({ kind: 'system' }, async (manager) => {
      const clients = manager.getRepository(ClientEntity);
      if (!(await clients.existsBy({ id }))) throw new Failure('not_found');
      const client = await this.#records.read(context, manager, CLIENT_RECORD, () =>
        clients.findOne({ where: { id }, lock: { mode: 'pessimistic_write' } }),
      );
      if (client === null) {
        throw new Failure('conflict', {
          detail: 'The client’s record was altered; it is refused everywhere.',
        });
      }
      if (client.status === status) return;
      const change = { status, updatedAt: this.#clock.now() };
      const stamp = await this.#records.stamp(manager, CLIENT_RECORD, { ...client, ...change });
      await clients.update({ id }, { ...change, ...stamp });
      if (status === 'suspended') await this.#tokens.removeAllOf(manager, id);
      const action = status === 'active' ? 'client.resumed' : 'client.suspended';
      await this.#ledger.stage(manager, { action, context, resource: id, agency: client.agencyId });
    });
  }
}

function refuse(pointer: string, detail: string): never {
  throw new Failure('invalid_request', { detail, fields: [{ pointer, code: 'invalid', detail }] });
}
