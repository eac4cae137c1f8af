import { Injectable } from '@nestjs/common';
import { type EntityManager, LessThanOrEqual } from 'typeorm';
import type { RequestContext } from '../../../kernel/context.js';
import type { AccountId } from '../../../kernel/ids.js';
import { type RecordTable, StandingRecords } from '../../security-records/index.js';
import type { AccountEntity } from '../persistence/account.entity.js';
import { RecoveryEntity } from '../persistence/recovery.entity.js';
import type { RecoveryId } from './recovery-id.js';

export type RecoveryContent = Omit<RecoveryEntity, 'revision' | 'mac'>;

/** The MAC covers everything: neither whose it is nor when it is due nor that it was approved can be changed. */
const TABLE: RecordTable<RecoveryContent> = {
  kind: 'identity_recovery',
  columns: (row) => [
    ['account_id', row.accountId],
    ['status', row.status],
    ['asked_at', row.askedAt],
    ['due_at', row.dueAt],
    ['credential_epoch', String(row.credentialEpoch)],
  ],
};

const IS_THERE = 'SELECT FROM identity.recovery WHERE account_id = $1';

/** A row that stands. */
export interface Found {
  /** `void`: it is over, since all its account's sessions have ended. */
  readonly kind: 'open' | 'void';
  readonly recovery: RecoveryEntity;
}

const BATCH = 200;

/**
 * The one way to the rows of open recoveries, at most one of an account: what was not last written here does not count.
 * Whoever changes one has locked its account.
 */
@Injectable()
export class Recoveries {
  readonly #records: StandingRecords;

  constructor(records: StandingRecords) {
    this.#records = records;
  }

  /** @returns `null` when none is open, or the row does not stand, which is alerted */
  async of(
    context: RequestContext,
    manager: EntityManager,
    account: AccountEntity,
  ): Promise<RecoveryEntity | null> {
    const found = await this.look(context, manager, account);
    return found?.kind === 'open' ? found.recovery : null;
  }

  /** @returns `null` when there is none, or the row does not stand, which is alerted */
  async look(context: RequestContext, manager: EntityManager, account: AccountEntity): Promise<Found | null> {
    const { id: accountId, credentialEpoch } = account;
    // Every sign-in asks, and nearly always there is none.
    const rows = await manager.query<unknown[]>(IS_THERE, [accountId]);
    if (rows.length === 0) return null;
    const recovery = await this.#records.read(context, manager, TABLE, () =>
      manager.getRepository(RecoveryEntity).findOneBy({ accountId }),
    );
    if (recovery === null) return null;
    return { kind: recovery.credentialEpoch === credentialEpoch ? 'open' : 'void', recovery };
  }

  /** Ends one that is void. @returns whether there was one */
  async endVoid(context: RequestContext, manager: EntityManager, account: AccountEntity): Promise<boolean> {
    const found = await this.look(context, manager, account);
    if (found?.kind !== 'void') return false;
    await this.remove(manager, found.recovery);
    return true;
  }

  /**
   * Ends one that a restored backup has brought back as it was before, or whose account it has. What was never written
   * here is left to be refused.
   * @returns whether there was one
   */
  async endRestored(manager: EntityManager, account: AccountEntity): Promise<boolean> {
    const row = await manager.getRepository(RecoveryEntity).findOneBy({ accountId: account.id });
    const refusal = row === null ? undefined : await this.#records.refusal(manager, TABLE, row);
    const isPresent = refusal === undefined && row?.credentialEpoch === account.credentialEpoch;
    if (row === null || refusal === 'forged' || isPresent) return false;
    await this.remove(manager, row);
    return true;
  }

  /** Whose it is, as the row says; `of` then tells whether it counts. */
  async ownerOf(manager: EntityManager, id: RecoveryId): Promise<AccountId | undefined> {
    return (await manager.getRepository(RecoveryEntity).findOneBy({ id }))?.accountId;
  }

  /** The accounts of all rows, those first that were asked for first. */
  async owners(manager: EntityManager): Promise<readonly AccountId[]> {
    const rows = await manager
      .getRepository(RecoveryEntity)
      .find({ select: { accountId: true }, order: { askedAt: 'ASC' } });
    return rows.map(({ accountId }) => accountId);
  }

  async due(manager: EntityManager, now: Date): Promise<readonly RecoveryEntity[]> {
    return manager
      .getRepository(RecoveryEntity)
      .find({ where: { dueAt: LessThanOrEqual(now) }, order: { dueAt: 'ASC' }, take: BATCH });
  }

  /** Takes the place of a row that counts for nothing. */
  async insert(manager: EntityManager, content: RecoveryContent): Promise<void> {
    await this.clear(manager, content.accountId);
    const stamp = await this.#records.stamp(manager, TABLE, content);
    await manager.getRepository(RecoveryEntity).insert({ ...content, ...stamp });
  }

  async change(
    manager: EntityManager,
    recovery: RecoveryEntity,
    change: Pick<RecoveryEntity, 'status' | 'dueAt'>,
  ): Promise<void> {
    const stamp = await this.#records.stamp(manager, TABLE, { ...recovery, ...change });
    await manager.getRepository(RecoveryEntity).update({ id: recovery.id }, { ...change, ...stamp });
  }

  /** For good: its next revision is taken by nothing, so that a copy put back is superseded. */
  async remove(manager: EntityManager, recovery: RecoveryEntity): Promise<void> {
    await this.#records.stamp(manager, TABLE, recovery);
    await manager.getRepository(RecoveryEntity).delete({ id: recovery.id });
  }

  /** Deletes a row that counts for nothing. */
  async clear(manager: EntityManager, accountId: AccountId): Promise<void> {
    await manager.getRepository(RecoveryEntity).delete({ accountId });
  }
}
