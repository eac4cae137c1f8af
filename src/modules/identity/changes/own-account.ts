import { Injectable } from '@nestjs/common';
import type { PersonActor, RequestContext } from '../../../kernel/context.js';
import { Failure } from '../../../kernel/errors.js';
import type { Action } from '../../../ledger/index.js';
import { Database } from '../../../platform/database/database.js';
import { Sealer } from '../../../sealing/index.js';
import { Accounts } from '../accounts/accounts.js';
import { Attempts } from '../attempts/attempts.js';
import { PasswordHashing } from '../passwords/password-hashing.js';
import { PasswordCheck } from '../passwords/password-check.js';
import type { AccountEntity } from '../persistence/account.entity.js';
import { EMAIL, PASSWORD_HASH } from '../persistence/places.js';
import { AccountJournal } from './account-journal.js';

export type Person = RequestContext<PersonActor>;

/** The account of whoever is signed in, and whether it is really them who ask. */
@Injectable()
export class OwnAccount {
  readonly #database: Database;
  readonly #sealer: Sealer;
  readonly #accounts: Accounts;
  readonly #check: PasswordCheck;
  readonly #hashing: PasswordHashing;
  readonly #attempts: Attempts;
  readonly #journal: AccountJournal;

  constructor(
    database: Database,
    sealer: Sealer,
    accounts: Accounts,
    check: PasswordCheck,
    hashing: PasswordHashing,
    attempts: Attempts,
    journal: AccountJournal,
  ) {
    this.#database = database;
    this.#sealer = sealer;
    this.#accounts = accounts;
    this.#check = check;
    this.#hashing = hashing;
    this.#attempts = attempts;
    this.#journal = journal;
  }

  /** @throws Failure `unauthenticated` when it is gone */
  async find(context: Person): Promise<AccountEntity> {
    const account = await this.#database.run({ kind: 'identity' }, (manager) =>
      this.#accounts.find(context, manager, { id: context.actor.accountId, status: 'active' }),
    );
    if (account === null) throw new Failure('unauthenticated');
    return account;
  }

  /**
   * The account, once the present password was given (ASVS 7.5.1).
   * @param action what is refused otherwise
   * @throws Failure `authentication_failed`, `too_many_requests`
   */
  async reauthenticate(context: Person, password: string, action: Action): Promise<AccountEntity> {
    const account = await this.find(context);
    const own = { subject: account.id, row: account.id };
    const hash = await this.#sealer.openOperational(PASSWORD_HASH, own, account.passwordHash);
    await this.guess(context, account, action, 'wrong_password', async () =>
      (await this.#hashing.matches(hash, password)) ? true : undefined,
    );
    return account;
  }

  /**
   * Something that whoever holds the session may get wrong a few times, then ever more slowly.
   * @param action what is refused otherwise. @param reason why, in snake_case
   * @param look `undefined` when it is wrong
   * @throws Failure `authentication_failed`, `too_many_requests`
   */
  async guess<T>(
    context: Person,
    account: AccountEntity,
    action: Action,
    reason: string,
    look: () => Promise<T | undefined>,
  ): Promise<T> {
    const { sessionId } = context.actor;
    const turnedAway = () => this.#journal.refuse(context, account, action, 'too_many_attempts');
    const found = await this.#attempts.guess({ kind: 'session', sessionId }, { look, turnedAway });
    if (found !== undefined) return found;
    await this.#journal.refuse(context, account, action, reason);
    throw new Failure('authentication_failed');
  }

  /** @returns the address, as it was given. */
  addressOf({ id, email }: AccountEntity): Promise<string> {
    return this.#sealer.openOperational(EMAIL, { subject: id, row: id }, email);
  }

  /** @returns the sealed hash. @throws Failure `password_refused` */
  async newPassword(account: AccountEntity, password: string): Promise<AccountEntity['passwordHash']> {
    await this.#check.verify(password, await this.addressOf(account));
    const own = { subject: account.id, row: account.id };
    return this.#sealer.seal(PASSWORD_HASH, own, await this.#hashing.hash(password));
  }
}
