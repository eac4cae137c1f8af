import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../../kernel/clock.js';
import type { AccountId } from '../../../kernel/ids.js';
import { ownContext } from '../../../kernel/own-context.js';
import { Database } from '../../../platform/database/database.js';
import { Accounts } from '../accounts/accounts.js';
import { TICKET_LIFETIME_MS, Tickets } from '../accounts/tickets.js';
import { AccountJournal } from '../changes/account-journal.js';
import { Recoveries } from './recoveries.js';

/** What time alone does to recoveries: an approved one gets its token, any other ends. */
@Injectable()
export class RecoveryProgress {
  readonly #database: Database;
  readonly #accounts: Accounts;
  readonly #recoveries: Recoveries;
  readonly #tickets: Tickets;
  readonly #journal: AccountJournal;
  readonly #clock: Clock;

  constructor(
    database: Database,
    accounts: Accounts,
    recoveries: Recoveries,
    tickets: Tickets,
    journal: AccountJournal,
    clock: Clock,
  ) {
    this.#database = database;
    this.#accounts = accounts;
    this.#recoveries = recoveries;
    this.#tickets = tickets;
    this.#journal = journal;
    this.#clock = clock;
  }

  /** May be repeated, or done by several at once. */
  async run(): Promise<void> {
    const now = this.#clock.now();
    const due = await this.#database.run({ kind: 'system' }, (manager) => this.#recoveries.due(manager, now));
    for (const { accountId } of due)
      await this.#database.run({ kind: 'system' }, (manager) => this.#advance(manager, accountId, now));
  }

  async #advance(manager: EntityManager, accountId: AccountId, now: Date): Promise<void> {
    const context = ownContext('identity.recovery', now);
    const account = await this.#accounts.lock(context, manager, accountId);
    // Its owner has changed how they sign in, or the row was not written here, which is alerted once.
    const found = account && (await this.#recoveries.look(context, manager, account));
    // Not written here, which is alerted once.
    if (account === null || found === null) return this.#recoveries.clear(manager, accountId);
    const { recovery } = found;
    if (found.kind === 'void') {
      await this.#recoveries.remove(manager, recovery);
      return this.#journal.note(context, manager, account, 'recovery.stopped');
    }
    if (recovery.dueAt > now) return;
    if (recovery.status !== 'approved' || account.status !== 'active') {
      await this.#recoveries.remove(manager, recovery);
      await this.#journal.note(context, manager, account, 'recovery.expired');
      return;
    }
    const dueAt = new Date(now.getTime() + TICKET_LIFETIME_MS.recovery);
    await this.#recoveries.change(manager, recovery, { status: 'ready', dueAt });
    const token = await this.#tickets.issue(manager, accountId, 'recovery');
    await this.#journal.note(context, manager, account, 'recovery.ready', { kind: 'recovery_ready', token });
  }
}
