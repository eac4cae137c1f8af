import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { RequestContext } from '../../../kernel/context.js';
import { Failure } from '../../../kernel/errors.js';
import { Database } from '../../../platform/database/database.js';
import { Accounts } from '../accounts/accounts.js';
import { MailAllowance } from '../accounts/mail-allowance.js';
import { Tickets } from '../accounts/tickets.js';
import { Attempts } from '../attempts/attempts.js';
import { AccountJournal } from '../changes/account-journal.js';
import { OwnAccount } from '../changes/own-account.js';
import type { AccountEntity } from '../persistence/account.entity.js';
import { SessionEnds } from '../sessions/session-ends.js';
import { type Factor, type Proof, SecondFactor } from '../totp/second-factor.js';

export interface PasswordResetRequest {
  readonly token: string;
  readonly password: string;
  readonly factor: Factor;
}

/** A new password for whoever reads the address's mail and has the second factor. */
@Injectable()
export class PasswordReset {
  readonly #database: Database;
  readonly #accounts: Accounts;
  readonly #own: OwnAccount;
  readonly #allowance: MailAllowance;
  readonly #tickets: Tickets;
  readonly #factor: SecondFactor;
  readonly #ends: SessionEnds;
  readonly #journal: AccountJournal;
  readonly #attempts: Attempts;

  constructor(
    database: Database,
    accounts: Accounts,
    own: OwnAccount,
    allowance: MailAllowance,
    tickets: Tickets,
    factor: SecondFactor,
    ends: SessionEnds,
    journal: AccountJournal,
    attempts: Attempts,
  ) {
    this.#database = database;
    this.#accounts = accounts;
    this.#own = own;
    this.#allowance = allowance;
    this.#tickets = tickets;
    this.#factor = factor;
    this.#ends = ends;
    this.#journal = journal;
    this.#attempts = attempts;
  }

  /** The worker's half: writes to the owner of a known address, and does nothing about any other. */
  async begin(context: RequestContext, email: string): Promise<void> {
    const account = await this.#database.run({ kind: 'identity' }, (manager) =>
      this.#accounts.findByAddress(context, manager, email),
    );
    if (account?.status !== 'active' || !(await this.#allowance.to(email, context.address))) return;
    await this.#database.run({ kind: 'identity' }, async (manager) => {
      const token = await this.#tickets.issue(manager, account.id, 'password_reset');
      const notice = { kind: 'password_reset_asked', token } as const;
      await this.#journal.note(context, manager, account, 'password.reset_asked', notice);
    });
  }

  /**
   * Ends every session. A wrong factor does not use the token up. Whoever gets here has shown who they are, so the
   * network that they come from is known from then on: the way in for an owner whom strangers' attempts hold up.
   * @throws Failure `authentication_failed`, `password_refused`, `too_many_requests`
   */
  async finish(context: RequestContext, request: PasswordResetRequest): Promise<void> {
    const account = await this.#accountOf(context, request.token);
    const look = () => this.#look(context, account, request);
    const refuse = (reason: string) => this.#journal.refuse(context, account, 'password.reset', reason);
    // As at a sign-in, a recovery code needs no delay.
    const done =
      'code' in request.factor
        ? await this.#attempts.guess(
            { kind: 'shown', what: 'mailed_token', accountId: account.id },
            { look, turnedAway: () => refuse('too_many_attempts') },
          )
        : await look();
    if (done === undefined) {
      await refuse('wrong_factor');
      throw new Failure('authentication_failed');
    }
    await this.#attempts.welcome(await this.#own.addressOf(account), context.address);
  }

  async #accountOf(context: RequestContext, token: string): Promise<AccountEntity> {
    try {
      return await this.#database.run({ kind: 'identity' }, async (manager) => {
        const id = await this.#tickets.peek(manager, token, 'password_reset', context);
        const account = await this.#accounts.find(context, manager, { id, status: 'active' });
        if (account === null) throw new Failure('authentication_failed');
        return account;
      });
    } catch (error) {
      if (hasFailed(error)) await this.#journal.refuseToken(context, 'password.reset');
      throw error;
    }
  }

  /** @returns whether it is done, or `undefined` when the factor was wrong or has been used meanwhile */
  async #look(
    context: RequestContext,
    account: AccountEntity,
    { token, password, factor }: PasswordResetRequest,
  ): Promise<true | undefined> {
    const proof = await this.#factor.check(account, factor);
    if (proof === undefined) return undefined;
    const passwordHash = await this.#own.newPassword(account, password);
    try {
      await this.#database.run({ kind: 'identity' }, async (manager) => {
        await this.#tickets.redeem(manager, token, 'password_reset', context);
        await this.#change(context, manager, account, passwordHash, proof);
      });
      return true;
    } catch (error) {
      if (hasFailed(error)) return undefined;
      throw error;
    }
  }

  /** @throws Failure `authentication_failed` when factor or account are not what they were */
  async #change(
    context: RequestContext,
    manager: EntityManager,
    account: AccountEntity,
    passwordHash: AccountEntity['passwordHash'],
    proof: Proof,
  ): Promise<void> {
    const used = await this.#factor.consume(context, manager, account, proof);
    if (used === undefined) throw new Failure('authentication_failed');
    const changed = await this.#ends.renew(context, manager, account.id, undefined, ({ status }) =>
      status === 'active' ? { passwordHash } : undefined,
    );
    if (changed === null) throw new Failure('authentication_failed');
    if (used.kind === 'recovery')
      await this.#journal.note(context, manager, changed, 'recovery_code.used', {
        kind: 'recovery_code_used',
        left: used.left,
      });
    await this.#journal.note(context, manager, changed, 'password.reset', { kind: 'password_changed' });
  }
}

const hasFailed = (error: unknown): boolean =>
  error instanceof Failure && error.code === 'authentication_failed';
