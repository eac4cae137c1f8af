import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../../kernel/clock.js';
import type { RequestContext } from '../../../kernel/context.js';
import { Failure } from '../../../kernel/errors.js';
import { Settings } from '../../../platform/config/settings.js';
import { Database } from '../../../platform/database/database.js';
import { Accounts } from '../accounts/accounts.js';
import { Tickets } from '../accounts/tickets.js';
import { AccountJournal } from '../changes/account-journal.js';
import type { AccountEntity } from '../persistence/account.entity.js';
import type { RecoveryEntity } from '../persistence/recovery.entity.js';
import { Recoveries } from './recoveries.js';
import type { RecoveryId } from './recovery-id.js';

const HOUR_MS = 3_600_000;

export type RecoverySummary = Pick<RecoveryEntity, 'id' | 'status' | 'askedAt' | 'dueAt'>;

/** The operator's half of a recovery: whether it goes on, and nothing of the account. */
@Injectable()
export class RecoveryApproval {
  readonly #database: Database;
  readonly #accounts: Accounts;
  readonly #recoveries: Recoveries;
  readonly #tickets: Tickets;
  readonly #journal: AccountJournal;
  readonly #clock: Clock;
  readonly #settings: Settings;

  constructor(
    database: Database,
    accounts: Accounts,
    recoveries: Recoveries,
    tickets: Tickets,
    journal: AccountJournal,
    clock: Clock,
    settings: Settings,
  ) {
    this.#database = database;
    this.#accounts = accounts;
    this.#recoveries = recoveries;
    this.#tickets = tickets;
    this.#journal = journal;
    this.#clock = clock;
    this.#settings = settings;
  }

  /** Those that are open, oldest first. */
  async list(context: RequestContext): Promise<readonly RecoverySummary[]> {
    return this.#database.run({ kind: 'identity' }, async (manager) => {
      const open: RecoverySummary[] = [];
      for (const id of await this.#recoveries.owners(manager)) {
        const account = await this.#accounts.find(context, manager, { id });
        const recovery = account && (await this.#recoveries.of(context, manager, account));
        if (recovery !== null) open.push(recovery);
      }
      return open;
    });
  }

  /**
   * Begins the delay, and tells the owner.
   * @returns when the token will be sent
   * @throws Failure `not_found` when it is not open, `conflict` when it was approved before or is of one's own account
   */
  async approve(context: RequestContext, id: RecoveryId): Promise<Date> {
    const { delayHours: hours } = this.#settings.recovery;
    const dueAt = new Date(this.#clock.now().getTime() + hours * HOUR_MS);
    await this.#decide(context, id, async (manager, account, recovery) => {
      if (recovery.status !== 'asked') throw new Failure('conflict');
      const { actor } = context;
      if ('accountId' in actor && actor.accountId === account.id) {
        throw new Failure('conflict', {
          detail: {
            en: 'Nobody approves the recovery of their own account.',
            fr: 'Personne n’approuve la récupération de son propre compte.',
          },
        });
      }
      await this.#recoveries.change(manager, recovery, { status: 'approved', dueAt });
      const token = await this.#tickets.issue(manager, account.id, 'recovery_stop');
      const notice = { kind: 'recovery_approved', hours, token } as const;
      await this.#journal.note(context, manager, account, 'recovery.approved', notice);
    });
    return dueAt;
  }

  /** Ends it, however far it is. @throws Failure `not_found` when it is not open */
  async refuse(context: RequestContext, id: RecoveryId): Promise<void> {
    await this.#decide(context, id, async (manager, account, recovery) => {
      await this.#recoveries.remove(manager, recovery);
      const notice = { kind: 'recovery_refused' } as const;
      await this.#journal.note(context, manager, account, 'recovery.refused', notice);
    });
  }

  async #decide(
    context: RequestContext,
    id: RecoveryId,
    work: (manager: EntityManager, account: AccountEntity, recovery: RecoveryEntity) => Promise<void>,
  ): Promise<void> {
    await this.#database.run({ kind: 'identity' }, async (manager) => {
      const owner = await this.#recoveries.ownerOf(manager, id);
      const account = owner === undefined ? null : await this.#accounts.lock(context, manager, owner);
      const recovery = account && (await this.#recoveries.of(context, manager, account));
      if (account?.status !== 'active' || recovery?.id !== id) throw new Failure('not_found');
      await work(manager, account, recovery);
    });
  }
}
