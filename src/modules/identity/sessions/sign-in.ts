import { Injectable } from '@nestjs/common';
import type { PersonActor, RequestContext } from '../../../kernel/context.js';
import { Failure } from '../../../kernel/errors.js';
import { Ledger } from '../../../ledger/index.js';
import { Database } from '../../../platform/database/database.js';
import { RateLimits } from '../../../platform/http/index.js';
import { normaliseEmail, Sealer } from '../../../sealing/index.js';
import { subjectOf } from '../accounts/account-subject.js';
import { Accounts } from '../accounts/accounts.js';
import { Notices } from '../notices/notices.js';
import { PasswordHashing } from '../passwords/password-hashing.js';
import type { AccountEntity } from '../persistence/account.entity.js';
import { PASSWORD_HASH } from '../persistence/places.js';
import type { Transport } from '../persistence/session.entity.js';
import { type Factor, SecondFactor } from '../totp/second-factor.js';
import { type NewSession, Sessions } from './sessions.js';

export interface SignInRequest {
  readonly email: string;
  readonly password: string;
  readonly factor: Factor;
  readonly transport: Transport;
}

/** One request with every factor, one answer for every failure, and the same work whatever is wrong. */
@Injectable()
export class SignIn {
  readonly #database: Database;
  readonly #sealer: Sealer;
  readonly #hashing: PasswordHashing;
  readonly #accounts: Accounts;
  readonly #factor: SecondFactor;
  readonly #sessions: Sessions;
  readonly #notices: Notices;
  readonly #ledger: Ledger;
  readonly #limits: RateLimits;

  constructor(
    database: Database,
    sealer: Sealer,
    hashing: PasswordHashing,
    accounts: Accounts,
    factor: SecondFactor,
    sessions: Sessions,
    notices: Notices,
    ledger: Ledger,
    limits: RateLimits,
  ) {
    this.#database = database;
    this.#sealer = sealer;
    this.#hashing = hashing;
    this.#accounts = accounts;
    this.#factor = factor;
    this.#sessions = sessions;
    this.#notices = notices;
    this.#ledger = ledger;
    this.#limits = limits;
  }

  /** @throws Failure `authentication_failed`, `too_many_requests` */
  async signIn(context: RequestContext, request: SignInRequest): Promise<NewSession> {
    // Together with the origin, so that nobody can lock somebody else's account from elsewhere.
    await this.#limits.consume('sign_in_account', `${context.address}\n${normaliseEmail(request.email)}`);
    const account = await this.#database.run({ kind: 'identity' }, (manager) =>
      this.#accounts.findByAddress(context, manager, request.email),
    );
    const session = await this.#attempt(context, request, account);
    if (session === undefined) {
      await this.#refuse(context, account);
      throw new Failure('authentication_failed');
    }
    return session;
  }

  /** @throws Failure `authentication_failed`, `too_many_requests` */
  async stepUp(context: RequestContext<PersonActor>, factor: Factor): Promise<NewSession> {
    const { accountId } = context.actor;
    await this.#limits.consume('sign_in_account', accountId);
    const account = await this.#database.run({ kind: 'identity' }, (manager) =>
      this.#accounts.find(context, manager, { id: accountId, status: 'active' }),
    );
    const proof = await this.#factor.check(account, factor);
    const session =
      account === null || proof === undefined
        ? undefined
        : await this.#database.run({ kind: 'identity' }, async (manager) => {
            if ((await this.#factor.consume(context, manager, account, proof)) === undefined)
              return undefined;
            const rotated = await this.#sessions.rotate(manager, context, account);
            const subjects = await subjectOf(this.#sealer, account);
            await this.#ledger.stage(manager, {
              action: 'session.stepped_up',
              context,
              resource: rotated.id,
              subjects,
            });
            return rotated;
          });
    if (session === undefined) {
      await this.#refuse(context, account);
      throw new Failure('authentication_failed');
    }
    return session;
  }

  async #attempt(
    context: RequestContext,
    { password, factor, transport }: SignInRequest,
    account: AccountEntity | null,
  ): Promise<NewSession | undefined> {
    const hash =
      account === null
        ? undefined
        : await this.#sealer.openOperational(
            PASSWORD_HASH,
            { subject: account.id, row: account.id },
            account.passwordHash,
          );
    // Both are always checked: which of them was wrong must show neither in the answer nor in its time.
    const isRight = await this.#hashing.matches(hash, password);
    const proof = await this.#factor.check(account, factor);
    if (account?.status !== 'active' || !isRight || proof === undefined) return undefined;
    return this.#database.run({ kind: 'identity' }, async (manager) => {
      const used = await this.#factor.consume(context, manager, account, proof);
      if (used === undefined) return undefined;
      if (used.kind === 'recovery') {
        const subjects = await subjectOf(this.#sealer, account);
        await this.#ledger.stage(manager, {
          action: 'recovery_code.used',
          context,
          resource: account.id,
          subjects,
        });
        await this.#notices.send(manager, account, { kind: 'recovery_code_used', left: used.left });
      }
      // Whoever has lost the authenticator may do nothing before there is another.
      const limit = used.kind === 'recovery' ? 'totp_enrolment' : null;
      return this.#sessions.open(manager, context, account, transport, limit);
    });
  }

  async #refuse(context: RequestContext, account: AccountEntity | null): Promise<void> {
    const known =
      account === null ? {} : { resource: account.id, subjects: await subjectOf(this.#sealer, account) };
    await this.#ledger.append(
      { action: 'session.refused', context, outcome: 'refused', reason: 'wrong_factors', ...known },
      'staged',
    );
  }
}
