import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../../kernel/clock.js';
import type { RequestContext } from '../../../kernel/context.js';
import { Failure } from '../../../kernel/errors.js';
import { newId } from '../../../kernel/ids.js';
import type { Action } from '../../../ledger/index.js';
import { Settings } from '../../../platform/config/settings.js';
import { Database } from '../../../platform/database/database.js';
import { Accounts } from '../accounts/accounts.js';
import { MailAllowance } from '../accounts/mail-allowance.js';
import { Tickets } from '../accounts/tickets.js';
import { AccountJournal } from '../changes/account-journal.js';
import { OwnAccount } from '../changes/own-account.js';
import type { AccountEntity } from '../persistence/account.entity.js';
import type { RecoveryEntity } from '../persistence/recovery.entity.js';
import { SessionEnds } from '../sessions/session-ends.js';
import { AddedFactors } from './added-factors.js';
import { Recoveries } from './recoveries.js';

/** How long an operator has to approve it. */
const UNDECIDED_MS = 7 * 24 * 3_600_000;

export interface RecoveryCompletion {
  readonly token: string;
  readonly password: string;
}

/** The way back for somebody who has lost every factor and reads the address's mail: the owner's half. */
@Injectable()
export class Recovery {
  readonly #database: Database;
  readonly #accounts: Accounts;
  readonly #own: OwnAccount;
  readonly #allowance: MailAllowance;
  readonly #recoveries: Recoveries;
  readonly #tickets: Tickets;
  readonly #ends: SessionEnds;
  readonly #added: AddedFactors;
  readonly #journal: AccountJournal;
  readonly #clock: Clock;
  readonly #settings: Settings;

  constructor(
    database: Database,
    accounts: Accounts,
    own: OwnAccount,
    allowance: MailAllowance,
    recoveries: Recoveries,
    tickets: Tickets,
    ends: SessionEnds,
    added: AddedFactors,
    journal: AccountJournal,
    clock: Clock,
    settings: Settings,
  ) {
    this.#database = database;
    this.#accounts = accounts;
    this.#own = own;
    this.#allowance = allowance;
    this.#recoveries = recoveries;
    this.#tickets = tickets;
    this.#ends = ends;
    this.#added = added;
    this.#journal = journal;
    this.#clock = clock;
    this.#settings = settings;
  }

  /** The worker's half of asking: does nothing about an unknown address, nor while a recovery is open. */
  async begin(context: RequestContext, email: string): Promise<void> {
    const known = await this.#database.run({ kind: 'identity' }, (manager) =>
      this.#accounts.findByAddress(context, manager, email),
    );
    if (known?.status !== 'active' || !(await this.#allowance.to(email, context.address))) return;
    await this.#database.run({ kind: 'identity' }, async (manager) => {
      const account = await this.#accounts.lock(context, manager, known.id);
      if (account?.status !== 'active') return;
      const found = await this.#recoveries.look(context, manager, account);
      if (found?.kind === 'open') return;
      if (found !== null) {
        await this.#recoveries.remove(manager, found.recovery);
        await this.#journal.note(context, manager, account, 'recovery.stopped');
      }
      const { id: accountId, credentialEpoch } = account;
      const askedAt = this.#clock.now();
      const dueAt = new Date(askedAt.getTime() + UNDECIDED_MS);
      const id = newId<'recovery'>(askedAt.getTime());
      const content = { id, accountId, status: 'asked', askedAt, dueAt, credentialEpoch } as const;
      await this.#recoveries.insert(manager, content);
      const token = await this.#tickets.issue(manager, accountId, 'recovery_stop');
      const { delayHours: hours } = this.#settings.recovery;
      const notice = { kind: 'recovery_asked', reference: id, hours, token } as const;
      await this.#journal.note(context, manager, account, 'recovery.asked', notice);
    });
  }

  /** @throws Failure `authentication_failed` for a token that is not good, or when nothing is open (any more) */
  async stop(context: RequestContext, token: string): Promise<void> {
    const stop = async (manager: EntityManager): Promise<void> => {
      const id = await this.#tickets.redeem(manager, token, 'recovery_stop', context);
      const account = await this.#accounts.lock(context, manager, id);
      const open = account && (await this.#recoveries.of(context, manager, account));
      if (account === null || open === null) throw new Failure('authentication_failed');
      await this.#recoveries.remove(manager, open);
      await this.#journal.note(context, manager, account, 'recovery.stopped');
    };
    await this.#withToken(context, 'recovery.stopped', () => this.#database.run({ kind: 'identity' }, stop));
  }

  /**
   * A new password; everything else that the account was opened with is void.
   * @returns a ticket that enrols an authenticator
   * @throws Failure `authentication_failed`, `password_refused`
   */
  complete(context: RequestContext, completion: RecoveryCompletion): Promise<string> {
    return this.#withToken(context, 'recovery.refused', () => this.#complete(context, completion));
  }

  async #complete(context: RequestContext, { token, password }: RecoveryCompletion): Promise<string> {
    const account = await this.#database.run({ kind: 'identity' }, async (manager) => {
      const id = await this.#tickets.peek(manager, token, 'recovery', context);
      return this.#accounts.find(context, manager, { id, status: 'active' });
    });
    if (account === null) throw new Failure('authentication_failed');
    const passwordHash = await this.#own.newPassword(account, password);
    return this.#database.run({ kind: 'identity' }, async (manager) => {
      const { id } = account;
      const recovery = await this.#ready(context, manager, id);
      await this.#tickets.redeem(manager, token, 'recovery', context);
      await this.#recoveries.remove(manager, recovery);
      const changed = await this.#ends.renew(context, manager, id, undefined, () => ({
        status: 'enrolling',
        passwordHash,
        totpSecret: null,
        totpStep: '0',
        recoveryCodes: null,
      }));
      if (changed === null) throw new Failure('authentication_failed');
      await this.#added.remove(context, manager, id);
      await this.#journal.note(context, manager, changed, 'recovery.completed', {
        kind: 'recovery_completed',
      });
      return this.#tickets.issue(manager, id, 'enrolment');
    });
  }

  /** A token that does not do what it was brought for is recorded. */
  async #withToken<T>(context: RequestContext, action: Action, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof Failure && error.code === 'authentication_failed')
        await this.#journal.refuseToken(context, action);
      throw error;
    }
  }

  /** The recovery that was approved and has waited, under its account's lock: whoever signed in meanwhile ended it. */
  async #ready(
    context: RequestContext,
    manager: EntityManager,
    id: AccountEntity['id'],
  ): Promise<RecoveryEntity> {
    const account = await this.#accounts.lock(context, manager, id);
    const recovery =
      account?.status === 'active' ? await this.#recoveries.of(context, manager, account) : null;
    if (recovery?.status !== 'ready') throw new Failure('authentication_failed');
    return recovery;
  }
}
