import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager, FindOptionsWhere } from 'typeorm';
import type { RequestContext } from '../../../kernel/context.js';
import type { AccountId } from '../../../kernel/ids.js';
import { IndexKeys } from '../../../sealing/index.js';
import {
  KeptRecords,
  type RecordRows,
  type RecordTable,
  StandingRecords,
} from '../../security-records/index.js';
import { FederatedIdentityEntity } from '../persistence/federated-identity.entity.js';
import type { ForeignIdentity } from '../persistence/places.js';

export type FederatedIdentityContent = Omit<FederatedIdentityEntity, 'revision' | 'mac'>;

/** The MAC covers everything: neither the account nor who it is known as can be changed. */
const TABLE: RecordTable<FederatedIdentityContent> = {
  kind: 'identity_federated_identity',
  columns: (row) => [
    ['account_id', row.accountId],
    ['provider', row.provider],
    ['identity_index', row.identityIndex],
    ['identity', row.identity],
    ['created_at', row.createdAt],
  ],
};

const ROWS: RecordRows<FederatedIdentityEntity> = {
  called: 'linked identities',
  coversSealed: true,
  table: TABLE,
  entity: FederatedIdentityEntity,
};

/** The one way to the rows that say who is known elsewhere as whom: what was not written here does not count. */
@Injectable()
export class FederatedIdentities {
  readonly #records: StandingRecords;
  readonly #keys: IndexKeys;

  constructor(records: StandingRecords, kept: KeptRecords, keys: IndexKeys) {
    this.#records = records;
    kept.add(ROWS);
    this.#keys = keys;
  }

  /** @returns 32 bytes by which an identity is found. A subject is one within its issuer only (OIDC Core §2). */
  async indexOf({ issuer, subject }: ForeignIdentity): Promise<Buffer> {
    return createHmac('sha256', await this.#keys.key('federation'))
      .update(JSON.stringify(['sceau/federated-identity/v1', issuer, subject]))
      .digest();
  }

  /** @returns `null` when nobody is known so, or the row does not stand, which is alerted */
  async find(
    context: RequestContext,
    manager: EntityManager,
    identity: ForeignIdentity,
  ): Promise<FederatedIdentityEntity | null> {
    return this.#read(context, manager, { identityIndex: await this.indexOf(identity) });
  }

  /** Those of an account that stand. */
  async of(
    context: RequestContext,
    manager: EntityManager,
    accountId: AccountId,
  ): Promise<readonly FederatedIdentityEntity[]> {
    const rows = await manager
      .getRepository(FederatedIdentityEntity)
      .find({ select: { id: true }, where: { accountId }, order: { provider: 'ASC' } });
    const standing: FederatedIdentityEntity[] = [];
    for (const { id } of rows) {
      const row = await this.#read(context, manager, { id, accountId });
      if (row !== null) standing.push(row);
    }
    return standing;
  }

  async insert(manager: EntityManager, content: FederatedIdentityContent): Promise<void> {
    const stamp = await this.#records.stamp(manager, TABLE, content);
    await manager.getRepository(FederatedIdentityEntity).insert({ ...content, ...stamp });
  }

  /** Removes one for good: a copy put back is superseded. @returns what it was, or `null` when none stands */
  async remove(
    context: RequestContext,
    manager: EntityManager,
    own: Pick<FederatedIdentityEntity, 'id' | 'accountId'>,
  ): Promise<FederatedIdentityEntity | null> {
    const { id, accountId } = own;
    const rows = manager.getRepository(FederatedIdentityEntity);
    const row = await this.#records.read(context, manager, TABLE, () =>
      rows.findOne({ where: { id, accountId }, lock: { mode: 'pessimistic_write' } }),
    );
    if (row === null) return null;
    await this.#records.stamp(manager, TABLE, row);
    await rows.delete({ id });
    return row;
  }

  #read(
    context: RequestContext,
    manager: EntityManager,
    where: FindOptionsWhere<FederatedIdentityEntity>,
  ): Promise<FederatedIdentityEntity | null> {
    return this.#records.read(context, manager, TABLE, () =>
      manager.getRepository(FederatedIdentityEntity).findOneBy(where),
    );
  }
}
