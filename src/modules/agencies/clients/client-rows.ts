import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../../kernel/clock.js';
import type { RequestContext } from '../../../kernel/context.js';
import { Failure } from '../../../kernel/errors.js';
import type { ClientId } from '../../../kernel/ids.js';
import { Batch } from '../../../platform/database/batch.js';
import { Database } from '../../../platform/database/database.js';
import { type AskedRevision, Sealer } from '../../../sealing/index.js';
import { KeptRecords, type RecordRows, StandingRecords } from '../../security-records/index.js';
import { ClientEntity } from '../persistence/client.entity.js';
import { CLIENT_METADATA } from '../persistence/places.js';
import type { ClientMetadata } from './client-metadata.js';
import { CLIENT_RECORD } from './client-record.js';

/** Columns of a client as functions of the database return them. */
export const CLIENT_COLUMNS =
  'id, agency_id AS "agencyId", status, metadata, created_at AS "createdAt", updated_at AS "updatedAt", revision, mac';

const ACTIVE = {
  name: 'active-clients',
  text: `SELECT ${CLIENT_COLUMNS} FROM agencies.active_clients($1)`,
};

const ROWS: RecordRows<ClientEntity> = {
  called: 'clients',
  coversSealed: true,
  table: CLIENT_RECORD,
  entity: ClientEntity,
};

/** Rows of clients, read and written as the security records that they are. */
@Injectable()
export class ClientRows {
  readonly #database: Database;
  readonly #records: StandingRecords;
  readonly #sealer: Sealer;
  readonly #clock: Clock;
  readonly #finding = new Batch<ClientId, ClientEntity | undefined>(async (ids) => {
    const rows = await this.#database.ask<ClientEntity>(ACTIVE, [ids]);
    const byId = new Map(rows.map((row) => [row.id, row]));
    return (id) => byId.get(id);
  });

  constructor(database: Database, records: StandingRecords, kept: KeptRecords, sealer: Sealer, clock: Clock) {
    this.#database = database;
    this.#records = records;
    kept.add(ROWS);
    this.#sealer = sealer;
    this.#clock = clock;
  }

  /** @returns `undefined` for none that is active, and for one that does not stand, which is alerted */
  async active(context: RequestContext, id: ClientId): Promise<ClientEntity | undefined> {
    const asked = this.ask(id);
    const row = await this.#finding.ask(id);
    return row === undefined ? undefined : this.activeRow(context, row, asked);
  }

  /** What `activeRow` needs besides the row, while that is still being read. */
  ask(id: ClientId): AskedRevision {
    return this.#records.ask(CLIENT_RECORD, id);
  }

  /**
   * The same for a row that was just read: one look into the key store, unless it is not plainly as it was last written.
   */
  async activeRow(
    context: RequestContext,
    row: ClientEntity,
    asked?: AskedRevision,
  ): Promise<ClientEntity | undefined> {
    if (await this.#records.isSettled(CLIENT_RECORD, row, asked)) return row;
    const { id } = row;
    const client = await this.#database.run({ kind: 'system' }, (manager) =>
      this.standing(context, manager, { id, status: 'active' }),
    );
    return client ?? undefined;
  }

  /** @returns `null` for none, and for one that does not stand, which is alerted */
  standing(
    context: RequestContext,
    manager: EntityManager,
    where: Partial<Pick<ClientEntity, 'id' | 'status'>>,
    lock?: 'pessimistic_write',
  ): Promise<ClientEntity | null> {
    return this.#records.read(context, manager, CLIENT_RECORD, () =>
      manager
        .getRepository(ClientEntity)
        .findOne({ where, ...(lock === undefined ? {} : { lock: { mode: lock } }) }),
    );
  }

  /**
   * The row that is about to be changed, kept from everybody else until the transaction ends.
   * @throws Failure `not_found`; `conflict` for a record that does not stand
   */
  async locked(context: RequestContext, manager: EntityManager, id: ClientId): Promise<ClientEntity> {
    if (!(await manager.getRepository(ClientEntity).existsBy({ id }))) throw new Failure('not_found');
    const client = await this.standing(context, manager, { id }, 'pessimistic_write');
    if (client !== null) return client;
    throw new Failure('conflict', {
      detail: 'The client’s record was altered; it is refused everywhere.',
    });
  }

  /** @returns `undefined` for bytes that do not open in the place of this client, which is alerted */
  async open(
    context: RequestContext,
    { id, agencyId, metadata }: ClientEntity,
  ): Promise<ClientMetadata | undefined> {
    try {
      const position = { subject: agencyId, row: id };
      return await this.#sealer.openOperational(CLIENT_METADATA, position, metadata);
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== 'sealed_value_unreadable') throw error;
      // The row stands and yet its keys and scopes do not open: somebody has meddled with more than the row.
      await this.#records.refuse(context, CLIENT_RECORD.kind, id, 'forged');
      return undefined;
    }
  }

  seal(
    { id, agencyId }: Pick<ClientEntity, 'id' | 'agencyId'>,
    metadata: ClientMetadata,
  ): Promise<ClientEntity['metadata']> {
    return this.#sealer.seal(CLIENT_METADATA, { subject: agencyId, row: id }, metadata);
  }

  async insert(manager: EntityManager, client: Omit<ClientEntity, 'revision' | 'mac'>): Promise<void> {
    const stamp = await this.#records.stamp(manager, CLIENT_RECORD, client);
    await manager.getRepository(ClientEntity).insert({ ...client, ...stamp });
  }

  /** In the transaction that holds the row locked. @returns the row as it now is */
  async update(
    manager: EntityManager,
    client: ClientEntity,
    content: Partial<Pick<ClientEntity, 'status' | 'metadata'>>,
  ): Promise<ClientEntity> {
    const change = { ...content, updatedAt: this.#clock.now() };
    const stamp = await this.#records.stamp(manager, CLIENT_RECORD, { ...client, ...change });
    await manager.getRepository(ClientEntity).update({ id: client.id }, { ...change, ...stamp });
    return { ...client, ...change, ...stamp };
  }
}
