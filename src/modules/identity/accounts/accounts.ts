import { Injectable } from '@nestjs/common';
import type { EntityManager, FindOptionsWhere } from 'typeorm';
import type { RequestContext } from '../../../kernel/context.js';
import type { AccountId } from '../../../kernel/ids.js';
import { Database } from '../../../platform/database/database.js';
import { BlindIndex, normaliseEmail, Sealer, SubjectKeys, unlessUnreadable } from '../../../sealing/index.js';
import { KeptRecords, type RecordRows, StandingRecords } from '../../security-records/index.js';
import { ACCOUNT_COLUMNS } from '../persistence/account-columns.js';
import { AccountEntity } from '../persistence/account.entity.js';
import { EMAIL } from '../persistence/places.js';
import { epochAfterRestore } from '../sessions/session-floors.js';
import { AccountLookup } from './account-lookup.js';
import { ACCOUNT_RECORD, type AccountContent, type NewAccount } from './account-record.js';
import { DecoyAccount } from './decoy-account.js';

/** What an address led to. */
export interface Approached {
  readonly account: AccountEntity;
  /** Otherwise it is the decoy, which nothing opens. */
  readonly isKnown: boolean;
}

export type AccountChange = Partial<Omit<AccountContent, 'id' | 'email' | 'createdAt'>>;

/** As a statement of our own: every sign-in asks it, and building it costs more than asking it. */
const LOCK = `SELECT ${ACCOUNT_COLUMNS} FROM identity.account AS account WHERE account.id = $1 FOR UPDATE`;

const ROWS: RecordRows<AccountEntity> = {
  called: 'accounts',
  coversSealed: true,
  table: ACCOUNT_RECORD,
  entity: AccountEntity,
  amend: epochAfterRestore,
};

/** The one way to accounts' rows: what was not last written here is as good as not there. */
@Injectable()
export class Accounts {
  readonly #records: StandingRecords;
  readonly #index: BlindIndex;
  readonly #sealer: Sealer;
  readonly #database: Database;
  readonly #keys: SubjectKeys;
  readonly #decoy: DecoyAccount;
  readonly #lookup: AccountLookup;

  constructor(
    records: StandingRecords,
    kept: KeptRecords,
    index: BlindIndex,
    sealer: Sealer,
    database: Database,
    keys: SubjectKeys,
    decoy: DecoyAccount,
    lookup: AccountLookup,
  ) {
    this.#records = records;
    kept.add(ROWS);
    this.#index = index;
    this.#sealer = sealer;
    this.#database = database;
    this.#keys = keys;
    this.#decoy = decoy;
    this.#lookup = lookup;
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
    const found = await this.#standing(context, manager, where, true);
    if (found === undefined) return null;
    if (normaliseEmail(found.address) === normaliseEmail(address)) return found.account;
    await this.#records.refuse(context, ACCOUNT_RECORD.kind, found.account.id, 'forged');
    return null;
  }

  /**
   * The account of an address for somebody who may be anyone. Without one the decoy stands in and the same is done:
   * the record is examined, the key is fetched from its provider, the address is opened.
   * @throws as `find`
   */
  async approach(context: RequestContext, address: string): Promise<Approached> {
    // Before the transaction: making it takes one of its own, which a flood would leave no connection for.
    const decoy = await this.#decoy.get();
    const found = await this.#lookup.find(address);
    if (found.kind === 'account') return { account: found.account, isKnown: true };
    if (found.kind === 'none') {
      await this.#lookup.isAt(decoy, address);
      return { account: decoy, isKnown: false };
    }
    return this.#database.run({ kind: 'identity' }, async (manager) => {
      const account = await this.findByAddress(context, manager, address);
      if (account !== null) return { account, isKnown: true };
      await this.#decoy.examine(manager, decoy);
      return { account: decoy, isKnown: false };
    });
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
   * Takes an account's lock until the transaction ends: what is then read of it stays so, and whoever changes it waits.
   * @returns `null` as `find`
   * @throws as `find`
   */
  lock(context: RequestContext, manager: EntityManager, id: AccountId): Promise<AccountEntity | null> {
    return this.#records.read(context, manager, ACCOUNT_RECORD, async () => {
      const [row] = await manager.query<AccountEntity[]>(LOCK, [id]);
      return row ?? null;
    });
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
    const account = await this.lock(context, manager, id);
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
    const account = await this.lock(context, manager, id);
    if (account === null) return null;
    const changed = { ...account, email, ...columns };
    const stamp = await this.#records.stamp(manager, ACCOUNT_RECORD, changed);
    await accounts.update({ id }, { email, ...columns, ...stamp });
    return accounts.create({ ...changed, ...stamp });
  }

  async #standing(
    context: RequestContext,
    manager: EntityManager,
    where: FindOptionsWhere<AccountEntity>,
    isCold = false,
  ): Promise<{ readonly account: AccountEntity; readonly address: string } | undefined> {
    const accounts = manager.getRepository(AccountEntity);
    const account = await this.#records.read(context, manager, ACCOUNT_RECORD, () =>
      accounts.findOneBy(where),
    );
    if (account !== null && isCold) this.#keys.forget(account.id);
    const address = account === null ? undefined : await this.#address(account);
    return account === null || address === undefined ? undefined : { account, address };
  }

  /** Undefined for an erased person: their row may come back with a restored backup, their keys do not. */
  #address({ id, email }: AccountEntity): Promise<string | undefined> {
    return unlessUnreadable(this.#sealer.openOperational(EMAIL, { subject: id, row: id }, email));
  }
}
