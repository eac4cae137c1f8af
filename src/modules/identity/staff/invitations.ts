import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../../kernel/clock.js';
import type { Locale, RequestContext } from '../../../kernel/context.js';
import { Failure, systemCode } from '../../../kernel/errors.js';
import { type AccountId, newId } from '../../../kernel/ids.js';
import { Randomness } from '../../../kernel/randomness.js';
import { Ledger } from '../../../ledger/index.js';
import { Settings } from '../../../platform/config/settings.js';
import { Database } from '../../../platform/database/database.js';
import { Sealer, SubjectKeys } from '../../../sealing/index.js';
import { Accounts } from '../accounts/accounts.js';
import { Tickets } from '../accounts/tickets.js';
import { UnconfirmedAccounts } from '../accounts/unconfirmed-accounts.js';
import { Notices } from '../notices/notices.js';
import { newToken } from '../opaque-token.js';
import { PasswordHashing } from '../passwords/password-hashing.js';
import { PasswordCheck } from '../passwords/password-check.js';
import type { AccountEntity } from '../persistence/account.entity.js';
import { EMAIL, PASSWORD_HASH, ROLE } from '../persistence/places.js';
import { StaffEntity } from '../persistence/staff.entity.js';

export interface NewStaff {
  readonly email: string;
  readonly role: 'auditor' | 'operator';
  readonly locale: Locale;
}

export interface Invited {
  readonly id: AccountId;
  /** Good once, for three days: whoever holds it sets the password and enrols the authenticator. */
  readonly token: string;
  /** The same, as a link to the page that does it. */
  readonly link: string;
}

const UNIQUE_VIOLATION = '23505';

/** How auditors and operators come in: by a one-time link, so that nobody but they ever knows a factor of theirs. */
@Injectable()
export class Invitations {
  readonly #database: Database;
  readonly #sealer: Sealer;
  readonly #keys: SubjectKeys;
  readonly #check: PasswordCheck;
  readonly #hashing: PasswordHashing;
  readonly #accounts: Accounts;
  readonly #unconfirmed: UnconfirmedAccounts;
  readonly #tickets: Tickets;
  readonly #notices: Notices;
  readonly #ledger: Ledger;
  readonly #clock: Clock;
  readonly #randomness: Randomness;
  readonly #settings: Settings;

  constructor(
    database: Database,
    sealer: Sealer,
    keys: SubjectKeys,
    check: PasswordCheck,
    hashing: PasswordHashing,
    accounts: Accounts,
    unconfirmed: UnconfirmedAccounts,
    tickets: Tickets,
    notices: Notices,
    ledger: Ledger,
    clock: Clock,
    randomness: Randomness,
    settings: Settings,
  ) {
    this.#database = database;
    this.#sealer = sealer;
    this.#keys = keys;
    this.#check = check;
    this.#hashing = hashing;
    this.#accounts = accounts;
    this.#unconfirmed = unconfirmed;
    this.#tickets = tickets;
    this.#notices = notices;
    this.#ledger = ledger;
    this.#clock = clock;
    this.#randomness = randomness;
    this.#settings = settings;
  }

  /**
   * Invites a person, or once more one who has not come in yet; an earlier link stops working.
   * @throws Failure `conflict` when the address has an account of another kind, or one in use
   */
  async invite(context: RequestContext, wanted: NewStaff): Promise<AccountId> {
    return (await this.#invite(context, wanted, 'mailed')).id;
  }

  /** The same without a mail, for the first operator, whom nobody can invite: the link is the caller's to hand over. */
  inviteByHand(context: RequestContext, wanted: NewStaff): Promise<Invited> {
    return this.#invite(context, wanted, 'by_hand');
  }

  /**
   * Uses up the link and sets the password.
   * @returns a ticket that enrols an authenticator. @throws Failure `authentication_failed`, `password_refused`
   */
  async accept(context: RequestContext, token: string, password: string): Promise<string> {
    try {
      const email = await this.#database.run({ kind: 'identity' }, async (manager) => {
        const id = await this.#tickets.peek(manager, token, 'invitation', context);
        const account = await this.#accounts.find(context, manager, { id });
        if (account === null) throw new Failure('authentication_failed');
        return this.#sealer.openOperational(EMAIL, { subject: id, row: id }, account.email);
      });
      await this.#check.verify(password, email);
      const hash = await this.#hashing.hash(password);
      return await this.#database.run({ kind: 'identity' }, (manager) =>
        this.#accept(manager, context, token, hash),
      );
    } catch (error) {
      if (error instanceof Failure && error.code === 'authentication_failed') {
        const entry = { action: 'staff.accepted', context, outcome: 'refused', reason: 'link' } as const;
        await this.#ledger.append(entry, 'staged');
      }
      throw error;
    }
  }

  async #accept(
    manager: EntityManager,
    context: RequestContext,
    token: string,
    hash: string,
  ): Promise<string> {
    const id = await this.#tickets.redeem(manager, token, 'invitation', context);
    const passwordHash = await this.#sealer.seal(PASSWORD_HASH, { subject: id, row: id }, hash);
    const account = await this.#accounts.change(context, manager, id, ({ status }) =>
      isComingIn(status) ? { status: 'enrolling', passwordHash, totpSecret: null, totpStep: '0' } : undefined,
    );
    if (account === null) throw new Failure('authentication_failed');
    await this.#ledger.stage(manager, { action: 'staff.accepted', context, resource: id });
    return this.#tickets.issue(manager, id, 'enrolment');
  }

  async #invite(
    context: RequestContext,
    { email, role, locale }: NewStaff,
    reason: 'mailed' | 'by_hand',
  ): Promise<Invited> {
    const address = email.trim();
    // Nobody's: the account has a password from its first moment, which no one knows.
    const hash = await this.#hashing.hash(newToken(this.#randomness));
    try {
      return await this.#database.run({ kind: 'system' }, async (manager) => {
        const found = await this.#accounts.findByAddress(context, manager, address);
        const isNobodys = found !== null && (await this.#unconfirmed.giveWay(context, manager, found));
        const known = isNobodys ? null : found;
        if (known !== null && !(await this.#mayBeInvited(known, role))) throw new Failure('conflict');
        const account = known ?? (await this.#create(manager, { email: address, role, locale }, hash));
        const token = await this.#tickets.issue(manager, account.id, 'invitation');
        const link = `${this.#settings.frontEndUrl}#invitation=${token}`;
        if (reason === 'mailed')
          await this.#notices.send(manager, account, { kind: 'staff_invited', role, link, token });
        const entry = { action: 'staff.invited', context, resource: account.id, reason } as const;
        await this.#ledger.stage(manager, entry);
        return { id: account.id, token, link };
      });
    } catch (error) {
      const isTaken = error instanceof Failure && error.code === 'conflict';
      if (!isTaken && systemCode(error) !== UNIQUE_VIOLATION) throw error;
      const refusal = { outcome: 'refused', reason: 'address_taken' } as const;
      await this.#ledger.append({ action: 'staff.invited', context, ...refusal }, 'staged');
      throw new Failure('conflict', {
        detail: {
          en: 'This address has an account already.',
          fr: 'Cette adresse a déjà un compte.',
        },
        cause: error,
      });
    }
  }

  async #mayBeInvited(account: AccountEntity, role: NewStaff['role']): Promise<boolean> {
    const own = { subject: account.id, row: account.id };
    return (
      isComingIn(account.status) && (await this.#sealer.openOperational(ROLE, own, account.role)) === role
    );
  }

  async #create(
    manager: EntityManager,
    { email, role, locale }: NewStaff,
    hash: string,
  ): Promise<AccountEntity> {
    const now = this.#clock.now();
    const id = newId<'account'>(now.getTime());
    const own = { subject: id, row: id };
    await this.#keys.create(id);
    const account = await this.#accounts.insert(manager, email, {
      id,
      status: 'invited',
      email: await this.#sealer.seal(EMAIL, own, email),
      role: await this.#sealer.seal(ROLE, own, role),
      passwordHash: await this.#sealer.seal(PASSWORD_HASH, own, hash),
      totpSecret: null,
      totpStep: '0',
      recoveryCodes: null,
      locale,
      createdAt: now,
    });
    await manager.getRepository(StaffEntity).insert({ accountId: id, invitedAt: now });
    return account;
  }
}

const isComingIn = (status: AccountEntity['status']): boolean =>
  status === 'invited' || status === 'enrolling';
