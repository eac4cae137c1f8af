import { Injectable } from '@nestjs/common';
import type { EntityManager, FindOptionsWhere } from 'typeorm';
import type { RequestContext } from '../../../kernel/context.js';
import { Failure } from '../../../kernel/errors.js';
import type { AccountId } from '../../../kernel/ids.js';
import { BlindIndex, normaliseEmail, Sealer } from '../../../sealing/index.js';
import { Readmission, RecordResealing, StandingRecords } from '../../security-records/index.js';
import { AccountEntity } from '../persistence/account.entity.js';
import { EMAIL } from '../persistence/places.js';
import { epochAfterRestore } from '../sessions/session-floors.js';
import { ACCOUNT_RECORD, type AccountContent, type NewAccount } from './account-record.js';

export type AccountChange = Partial<Omit<AccountContent, 'id' | 'email' | 'createdAt'>>;

/** The one way to accounts' rows: what was not last written here is as good as not there. */
@Injectable()
export class Accounts {
  readonly #records: StandingRecords;
  readonly #readmission: Readmission;
  readonly #resealing: RecordResealing;
  readonly #index: BlindIndex;
  readonly #sealer: Sealer;

  constructor(
    records: StandingRecords,
    readmission: Readmission,
    resealing: RecordResealing,
    index: BlindIndex,
    sealer: Sealer,
  ) {
    this.#records = records;
    this.#readmission = readmission;
    this.#resealing = resealing;
    this.#index = index;
    this.#sealer = sealer;
  }

  /**
   * @returns `null` also for a row that does not stand, which is alerted, and for one whose keys are destroyed
   * @throws Failure `keys_unavailable`, `ledger_unavailable`
   */
  async find(
    context: RequestContext,
    manager: EntityManager,
    where: FindOptionsWhere<AccountEntity>,
  ): Promise<AccountEntity | null> {
    return (await this.#standing(context, manager, where))?.account ?? null;
  }

  /**
   * The account of an e-mail address, in any spelling of it. The index only points: an account that it points at and
   * whose own address is another is not the one, and that is alerted.
   * @returns `null` as `find`
   * @throws as `find`
   */
  async findByAddress(
    context: RequestContext,
    manager: EntityManager,
    address: string,
  ): Promise<AccountEntity | null> {
    const { where } = await this.#index.email(manager, address);
    const found = await this.#standing(context, manager, where);
    if (found === undefined) return null;
    if (normaliseEmail(found.address) === normaliseEmail(address)) return found.account;
    await this.#records.refuse(context, ACCOUNT_RECORD.kind, found.account.id, 'forged');
    return null;
  }

  /** @param address what the account is to be found by; `account` has it sealed */
  async insert(manager: EntityManager, address: string, account: NewAccount): Promise<AccountEntity> {
    const content: AccountContent = { ...account, credentialEpoch: 0, sessionFloors: [] };
    const { columns } = await this.#index.email(manager, address);
    const stamp = await this.#records.stamp(manager, ACCOUNT_RECORD, content);
    const accounts = manager.getRepository(AccountEntity);
    const row = accounts.create({ ...content, ...columns, ...stamp });
    await accounts.insert(row);
    return row;
  }

  /**
   * Changes an account under its lock, so that of several changes at once each sees the one before.
   * @param decide what to change, given the account as it now stands; `undefined`: nothing after all
   * @returns the changed account, or `null` when none stands or nothing was to be changed
   */
  async change(
    context: RequestContext,
    manager: EntityManager,
    id: AccountId,
    decide: (account: AccountEntity) => AccountChange | undefined | Promise<AccountChange | undefined>,
  ): Promise<AccountEntity | null> {
    const accounts = manager.getRepository(AccountEntity);
    const account = await this.#records.read(context, manager, ACCOUNT_RECORD, () =>
      accounts.findOne({ where: { id }, lock: { mode: 'pessimistic_write' } }),
    );
    const change = account === null ? undefined : await decide(account);
    if (account === null || change === undefined) return null;
    const changed = { ...account, ...change };
    const stamp = await this.#records.stamp(manager, ACCOUNT_RECORD, changed);
    await accounts.update({ id }, { ...change, ...stamp });
    return accounts.create({ ...changed, ...stamp });
  }

  /**
   * Gives an account another address, and the index of it as the index's key has it now.
   * @param email the same, sealed for the account
   * @returns as `change`
   */
  async changeAddress(
    context: RequestContext,
    manager: EntityManager,
    id: AccountId,
    address: string,
    email: AccountContent['email'],
  ): Promise<AccountEntity | null> {
    const { columns } = await this.#index.email(manager, address);
    const accounts = manager.getRepository(AccountEntity);
    const account = await this.#records.read(context, manager, ACCOUNT_RECORD, () =>
      accounts.findOne({ where: { id }, lock: { mode: 'pessimistic_write' } }),
    );
    if (account === null) return null;
    const changed = { ...account, email, ...columns };
    const stamp = await this.#records.stamp(manager, ACCOUNT_RECORD, changed);
    await accounts.update({ id }, { email, ...columns, ...stamp });
    return accounts.create({ ...changed, ...stamp });
  }

  /** Takes accounts as a backup has brought them back. @returns how many had changed since */
  readmit(context: RequestContext): Promise<number> {
    return this.#readmission.run(context, {
      table: ACCOUNT_RECORD,
      entity: AccountEntity,
      amend: epochAfterRestore,
    });
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
    return this.#resealing.run(
      context,
      manager,
      { table: ACCOUNT_RECORD, entity: AccountEntity },
      id,
      columns,
    );
  }

  async #standing(
    context: RequestContext,
    manager: EntityManager,
    where: FindOptionsWhere<AccountEntity>,
  ): Promise<{ readonly account: AccountEntity; readonly address: string } | undefined> {
    const accounts = manager.getRepository(AccountEntity);
    const account = await this.#records.read(context, manager, ACCOUNT_RECORD, () =>
      accounts.findOneBy(where),
    );
    const address = account === null ? undefined : await this.#address(account);
    return account === null || address === undefined ? undefined : { account, address };
  }

  /** Undefined for an erased person: their row may come back with a restored backup, their keys do not. */
  async #address({ id, email }: AccountEntity): Promise<string | undefined> {
    try {
      return await this.#sealer.openOperational(EMAIL, { subject: id, row: id }, email);
    } catch (error) {
      if (error instanceof Failure && error.code === 'sealed_value_unreadable') return undefined;
      throw error;
    }
  }
}
