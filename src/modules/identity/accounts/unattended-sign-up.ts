import { Injectable } from '@nestjs/common';
import { Canaries } from '../../../disclosure/index.js';
import { Clock } from '../../../kernel/clock.js';
import type { CandidateActor, RequestContext } from '../../../kernel/context.js';
import { Failure } from '../../../kernel/errors.js';
import { Randomness } from '../../../kernel/randomness.js';
import { Database } from '../../../platform/database/database.js';
import { PasswordHashing } from '../passwords/password-hashing.js';
import { Sessions } from '../sessions/sessions.js';
import { Enrolment } from '../totp/enrolment.js';
import { totpCode } from '../totp/totp.js';
import { candidateOf } from './account-subject.js';
import { Accounts } from './accounts.js';
import { PendingPasswords } from './pending-passwords.js';
import { Registration } from './registration.js';
import { Tickets } from './tickets.js';

/** A context for each request of its own. */
export type Requests = () => RequestContext;

/**
 * The sign-up of a candidate whom nobody is, by the very steps that a person's requests take, so that rows and entries
 * are those of anybody. Password, secret, codes and token are thrown away: nobody can sign in.
 */
@Injectable()
export class UnattendedSignUp {
  readonly #database: Database;
  readonly #registration: Registration;
  readonly #accounts: Accounts;
  readonly #canaries: Canaries;
  readonly #tickets: Tickets;
  readonly #pending: PendingPasswords;
  readonly #hashing: PasswordHashing;
  readonly #enrolment: Enrolment;
  readonly #sessions: Sessions;
  readonly #clock: Clock;
  readonly #randomness: Randomness;

  constructor(
    database: Database,
    registration: Registration,
    accounts: Accounts,
    canaries: Canaries,
    tickets: Tickets,
    pending: PendingPasswords,
    hashing: PasswordHashing,
    enrolment: Enrolment,
    sessions: Sessions,
    clock: Clock,
    randomness: Randomness,
  ) {
    this.#database = database;
    this.#registration = registration;
    this.#accounts = accounts;
    this.#canaries = canaries;
    this.#tickets = tickets;
    this.#pending = pending;
    this.#hashing = hashing;
    this.#enrolment = enrolment;
    this.#sessions = sessions;
    this.#clock = clock;
    this.#randomness = randomness;
  }

  /** Asks for an account, which the worker makes. @throws Failure `service_unavailable` */
  ask(context: RequestContext, email: string): Promise<void> {
    const password = this.#newPassword();
    return this.#registration.register(context, { email, password, locale: context.locale }, true);
  }

  /**
   * Goes on where the mailed link leads, once the account is there.
   * @param pause between two steps
   * @returns the token of the session that is open then, or `undefined` while there is no account
   * @throws Failure `conflict` for an address that is somebody's
   */
  async goOn(requests: Requests, email: string, pause: () => Promise<void>): Promise<string | undefined> {
    const link = await this.#linkFor(requests(), email);
    if (link === undefined) return undefined;
    const ticket = await this.#registration.confirm(requests(), link);
    await pause();
    const { secret } = await this.#enrolment.offer(requests(), ticket);
    await pause();
    const code = await totpCode(secret, this.#clock.now());
    const { session } = await this.#enrolment.confirm(requests(), ticket, code, 'token');
    return session.token;
  }

  /** Who the token is of now, as each request of a person finds out. @throws Failure `conflict` when the session is over */
  async actor(context: RequestContext, token: string): Promise<CandidateActor> {
    const recognised = await this.#sessions.recognise(context, token);
    if (recognised?.actor.kind !== 'candidate') throw new Failure('conflict');
    return recognised.actor;
  }

  /** As if it had been read out of the mail, whose own link stops working. */
  async #linkFor(context: RequestContext, email: string): Promise<string | undefined> {
    const passwordHash = await this.#hashing.hash(this.#newPassword());
    return this.#database.run({ kind: 'system' }, async (manager) => {
      const account = await this.#accounts.findByAddress(context, manager, email);
      if (account === null) return undefined;
      const own = await this.#canaries.of([candidateOf(account.id)]);
      if (own.size === 0) throw new Failure('conflict', { detail: 'The address is somebody’s.' });
      const token = await this.#tickets.issue(manager, account.id, 'confirmation');
      await this.#pending.keep(manager, account.id, token, passwordHash);
      return token;
    });
  }

  #newPassword(): string {
    return this.#randomness.bytes(32).toString('base64url');
  }
}
