import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../../kernel/clock.js';
import type { Locale, RequestContext } from '../../../kernel/context.js';
import { Failure } from '../../../kernel/errors.js';
import { newId } from '../../../kernel/ids.js';
import { Ledger } from '../../../ledger/index.js';
import { Database } from '../../../platform/database/database.js';
import { Jobs } from '../../../platform/jobs/jobs.js';
import { INSTALLATION, Sealer } from '../../../sealing/index.js';
import { PasswordHashing } from '../passwords/password-hashing.js';
import { PasswordCheck } from '../passwords/password-check.js';
import { PASSWORD_HASH, REGISTRATION } from '../persistence/places.js';
import { RegistrationRequestEntity } from '../persistence/registration-request.entity.js';
import { subjectOf } from './account-subject.js';
import { Accounts } from './accounts.js';
import { PendingPasswords } from './pending-passwords.js';
import { Tickets } from './tickets.js';

export interface RegistrationRequest {
  readonly email: string;
  readonly password: string;
  readonly locale: Locale;
}

/** How long the worker may take to look into a sign-up before it is too old to be meant. */
const LIFETIME_MS = 24 * 3_600_000;

/**
 * Sign-up of candidates, as far as somebody waits for an answer. A request is checked by itself, its password hashed,
 * and the whole put down sealed for the worker: nothing here looks whether the address is known, so nothing can show it.
 */
@Injectable()
export class Registration {
  readonly #database: Database;
  readonly #sealer: Sealer;
  readonly #check: PasswordCheck;
  readonly #hashing: PasswordHashing;
  readonly #accounts: Accounts;
  readonly #tickets: Tickets;
  readonly #pending: PendingPasswords;
  readonly #jobs: Jobs;
  readonly #ledger: Ledger;
  readonly #clock: Clock;

  constructor(
    database: Database,
    sealer: Sealer,
    check: PasswordCheck,
    hashing: PasswordHashing,
    accounts: Accounts,
    tickets: Tickets,
    pending: PendingPasswords,
    jobs: Jobs,
    ledger: Ledger,
    clock: Clock,
  ) {
    this.#database = database;
    this.#sealer = sealer;
    this.#check = check;
    this.#hashing = hashing;
    this.#accounts = accounts;
    this.#tickets = tickets;
    this.#pending = pending;
    this.#jobs = jobs;
    this.#ledger = ledger;
    this.#clock = clock;
  }

  /**
   * @param isCanary whether nobody signs up, see `UnattendedSignUp`
   * @throws Failure `password_refused`, which depends on the request alone; `service_unavailable`
   */
  async register(
    context: RequestContext,
    { email, password, locale }: RegistrationRequest,
    isCanary = false,
  ): Promise<void> {
    await this.#check.verify(password, email);
    const passwordHash = await this.#hashing.hash(password);
    const now = this.#clock.now().getTime();
    const id = newId<'registration'>(now);
    const { requestId, address } = context;
    const asked = { email: email.trim(), passwordHash, locale, requestId, address, isCanary };
    const content = await this.#sealer.seal(REGISTRATION, { subject: INSTALLATION, row: id }, asked);
    await this.#database.run({ kind: 'identity' }, async (manager) => {
      const expiresAt = new Date(now + LIFETIME_MS);
      await manager.getRepository(RegistrationRequestEntity).insert({ id, content, expiresAt });
      await this.#jobs.send('registration', { registrationId: id }, manager);
    });
  }

  /**
   * Uses up the mailed link: the address is confirmed, and the password is the one that this link was asked for with.
   * @returns a ticket that enrols an authenticator. @throws Failure `authentication_failed`
   */
  async confirm(context: RequestContext, token: string): Promise<string> {
    try {
      return await this.#database.run({ kind: 'identity' }, (manager) =>
        this.#confirm(manager, context, token),
      );
    } catch (error) {
      if (error instanceof Failure && error.code === 'authentication_failed') {
        const entry = { action: 'account.confirmed', context, outcome: 'refused', reason: 'link' } as const;
        await this.#ledger.append(entry, 'staged');
      }
      throw error;
    }
  }

  async #confirm(manager: EntityManager, context: RequestContext, token: string): Promise<string> {
    const id = await this.#tickets.redeem(manager, token, 'confirmation', context);
    const hash = await this.#pending.take(manager, id, token);
    if (hash === undefined) throw new Failure('authentication_failed');
    const own = { subject: id, row: id };
    const passwordHash = await this.#sealer.seal(PASSWORD_HASH, own, hash);
    const account = await this.#accounts.change(context, manager, id, ({ status }) =>
      status === 'unconfirmed' || status === 'enrolling'
        ? { status: 'enrolling', passwordHash, totpSecret: null, totpStep: '0' }
        : undefined,
    );
    if (account === null) throw new Failure('authentication_failed');
    const subjects = await subjectOf(this.#sealer, account);
    await this.#ledger.stage(manager, { action: 'account.confirmed', context, resource: id, subjects });
    return this.#tickets.issue(manager, id, 'enrolment');
  }
}
