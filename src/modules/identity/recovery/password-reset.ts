import { Injectable } from '@nestjs/common';
import type { RequestContext } from '../../../kernel/context.js';
import { Failure } from '../../../kernel/errors.js';
import type { AccountId } from '../../../kernel/ids.js';
import { Database } from '../../../platform/database/database.js';
import { RateLimits } from '../../../platform/http/index.js';
import { Accounts } from '../accounts/accounts.js';
import { Tickets } from '../accounts/tickets.js';
import { AccountJournal } from '../changes/account-journal.js';
import { OwnAccount } from '../changes/own-account.js';
import { SessionEnds } from '../sessions/session-ends.js';
import { type Factor, SecondFactor } from '../totp/second-factor.js';

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
  readonly #tickets: Tickets;
  readonly #factor: SecondFactor;
  readonly #ends: SessionEnds;
  readonly #journal: AccountJournal;
  readonly #limits: RateLimits;

  constructor(
    database: Database,
    accounts: Accounts,
    own: OwnAccount,
    tickets: Tickets,
    factor: SecondFactor,
    ends: SessionEnds,
    journal: AccountJournal,
    limits: RateLimits,
  ) {
    this.#database = database;
    this.#accounts = accounts;
    this.#own = own;
    this.#tickets = tickets;
    this.#factor = factor;
    this.#ends = ends;
    this.#journal = journal;
    this.#limits = limits;
  }

  /** The worker's half: writes to the owner of a known address, and does nothing about any other. */
  async begin(context: RequestContext, email: string): Promise<void> {
    const account = await this.#database.run({ kind: 'identity' }, (manager) =>
      this.#accounts.findByAddress(context, manager, email),
    );
    if (account?.status !== 'active' || !(await this.#mayBeWrittenTo(account.id))) return;
    await this.#database.run({ kind: 'identity' }, async (manager) => {
      const token = await this.#tickets.issue(manager, account.id, 'password_reset');
      const notice = { kind: 'password_reset_asked', token } as const;
      await this.#journal.note(context, manager, account, 'password.reset_asked', notice);
    });
  }

  /**
   * Ends every session. A wrong factor does not use the token up.
   * @throws Failure `authentication_failed`, `password_refused`, `too_many_requests`
   */
  async finish(context: RequestContext, { token, password, factor }: PasswordResetRequest): Promise<void> {
    const account = await this.#database.run({ kind: 'identity' }, async (manager) => {
      const id = await this.#tickets.peek(manager, token, 'password_reset', context);
      return this.#accounts.find(context, manager, { id, status: 'active' });
    });
    if (account === null) throw new Failure('authentication_failed');
    await this.#limits.consume('sign_in_account', account.id);
    const proof = await this.#factor.check(account, factor);
    if (proof === undefined) {
      await this.#journal.refuse(context, account, 'password.reset', 'wrong_factor');
      throw new Failure('authentication_failed');
    }
    const passwordHash = await this.#own.newPassword(account, password);
    await this.#database.run({ kind: 'identity' }, async (manager) => {
      const { id } = account;
      await this.#tickets.redeem(manager, token, 'password_reset', context);
      const used = await this.#factor.consume(context, manager, account, proof);
      if (used === undefined) throw new Failure('authentication_failed');
      const changed = await this.#ends.renew(context, manager, id, undefined, ({ status }) =>
        status === 'active' ? { passwordHash } : undefined,
      );
      if (changed === null) throw new Failure('authentication_failed');
      if (used.kind === 'recovery')
        await this.#journal.note(context, manager, changed, 'recovery_code.used', {
          kind: 'recovery_code_used',
          left: used.left,
        });
      await this.#journal.note(context, manager, changed, 'password.reset', { kind: 'password_changed' });
    });
  }

  /** So that nobody fills somebody else's mailbox, from however many places they ask. */
  async #mayBeWrittenTo(id: AccountId): Promise<boolean> {
    try {
      await this.#limits.consume('sign_in_account', `reset\n${id}`);
      return true;
    } catch (error) {
      if (error instanceof Failure && error.code === 'too_many_requests') return false;
      throw error;
    }
  }
}
