import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../../kernel/clock.js';
import type { Locale, RequestContext } from '../../../kernel/context.js';
import { systemCode } from '../../../kernel/errors.js';
import { type AccountId, newId } from '../../../kernel/ids.js';
import { Ledger } from '../../../ledger/index.js';
import { Settings } from '../../../platform/config/settings.js';
import { Database } from '../../../platform/database/database.js';
import { Sealer, SubjectKeys } from '../../../sealing/index.js';
import { Notices } from '../notices/notices.js';
import { PasswordHashing } from '../passwords/password-hashing.js';
import { PasswordCheck } from '../passwords/password-check.js';
import type { AccountEntity } from '../persistence/account.entity.js';
import { EMAIL, PASSWORD_HASH, ROLE } from '../persistence/places.js';
import { candidateOf } from './account-subject.js';
import { Accounts } from './accounts.js';
import { Tickets } from './tickets.js';

export interface RegistrationRequest {
  readonly email: string;
  readonly password: string;
  readonly locale: Locale;
}

const UNIQUE_VIOLATION = '23505';

/** Sign-up of candidates. Whether an address is known shows in the mail alone, which only its owner reads. */
@Injectable()
export class Registration {
  readonly #database: Database;
  readonly #sealer: Sealer;
  readonly #keys: SubjectKeys;
  readonly #check: PasswordCheck;
  readonly #hashing: PasswordHashing;
  readonly #accounts: Accounts;
  readonly #tickets: Tickets;
  readonly #notices: Notices;
  readonly #ledger: Ledger;
  readonly #clock: Clock;
  readonly #settings: Settings;

  constructor(
    database: Database,
    sealer: Sealer,
    keys: SubjectKeys,
    check: PasswordCheck,
    hashing: PasswordHashing,
    accounts: Accounts,
    tickets: Tickets,
    notices: Notices,
    ledger: Ledger,
    clock: Clock,
    settings: Settings,
  ) {
    this.#database = database;
    this.#sealer = sealer;
    this.#keys = keys;
    this.#check = check;
    this.#hashing = hashing;
    this.#accounts = accounts;
    this.#tickets = tickets;
    this.#notices = notices;
    this.#ledger = ledger;
    this.#clock = clock;
    this.#settings = settings;
  }

  /** @throws Failure `password_refused`, which depends on the request alone; `service_unavailable` */
  async register(context: RequestContext, request: RegistrationRequest): Promise<void> {
    await this.#check.verify(request.password, request.email);
    const hash = await this.#hashing.hash(request.password);
    try {
      await this.#database.run({ kind: 'identity' }, (manager) =>
        this.#admit(manager, context, request, hash),
      );
    } catch (error) {
      // Registered twice at the same moment: the other request has sent the mail.
      if (systemCode(error) !== UNIQUE_VIOLATION) throw error;
    }
  }

  /** @returns a ticket that enrols an authenticator. @throws Failure `authentication_failed` */
  async confirm(context: RequestContext, token: string): Promise<string> {
    return this.#database.run({ kind: 'identity' }, async (manager) => {
      const accountId = await this.#tickets.redeem(manager, token, 'confirmation');
      await this.#accounts.change(context, manager, accountId, ({ status }) =>
        status === 'unconfirmed' ? { status: 'enrolling' } : undefined,
      );
      await this.#ledger.stage(manager, { action: 'account.confirmed', context, resource: accountId });
      return this.#tickets.issue(manager, accountId, 'enrolment');
    });
  }

  async #admit(
    manager: EntityManager,
    context: RequestContext,
    request: RegistrationRequest,
    hash: string,
  ): Promise<void> {
    const known = await this.#accounts.findByAddress(context, manager, request.email);
    if (known?.status === 'active' || known?.status === 'enrolling') {
      await this.#notices.send(manager, known, { kind: 'address_known' });
      return;
    }
    const account = known ?? (await this.#create(manager, request, hash));
    if (known !== null) {
      const passwordHash = await this.#sealer.seal(PASSWORD_HASH, { subject: known.id, row: known.id }, hash);
      await this.#accounts.change(context, manager, known.id, ({ status }) =>
        status === 'unconfirmed' ? { passwordHash } : undefined,
      );
    }
    const token = await this.#tickets.issue(manager, account.id, 'confirmation');
    // In the fragment, which no server and no log ever sees.
    const link = `${this.#settings.publicUrl}/docs#confirm=${token}`;
    await this.#notices.send(manager, account, { kind: 'confirm_address', link, token });
    await this.#ledger.stage(manager, {
      action: 'account.registered',
      context,
      resource: account.id,
      subjects: [{ candidate: candidateOf(account.id), fields: [] }],
    });
  }

  async #create(manager: EntityManager, request: RegistrationRequest, hash: string): Promise<AccountEntity> {
    const now = this.#clock.now();
    const id: AccountId = newId<'account'>(now.getTime());
    await this.#keys.create(id);
    const own = { subject: id, row: id };
    return this.#accounts.insert(manager, request.email, {
      id,
      status: 'unconfirmed',
      email: await this.#sealer.seal(EMAIL, own, request.email.trim()),
      role: await this.#sealer.seal(ROLE, own, 'candidate'),
      passwordHash: await this.#sealer.seal(PASSWORD_HASH, own, hash),
      totpSecret: null,
      totpStep: '0',
      recoveryCodes: null,
      locale: request.locale,
      createdAt: now,
    });
  }
}
