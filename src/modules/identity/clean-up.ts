import { Injectable } from '@nestjs/common';
import { type EntityManager, LessThan } from 'typeorm';
import { Clock } from '../../kernel/clock.js';
import type { RequestContext, SystemActor } from '../../kernel/context.js';
import { type AccountId, newId } from '../../kernel/ids.js';
import { Ledger } from '../../ledger/index.js';
import { Settings } from '../../platform/config/settings.js';
import { Database } from '../../platform/database/database.js';
import { Jobs } from '../../platform/jobs/jobs.js';
import { SubjectKeys } from '../../sealing/index.js';
import { candidateOf } from './accounts/account-subject.js';
import { AccountEntity } from './persistence/account.entity.js';
import { PendingChangeEntity } from './persistence/pending-change.entity.js';
import { SessionEntity } from './persistence/session.entity.js';
import { TicketEntity } from './persistence/ticket.entity.js';
import { RecoveryProgress } from './recovery/recovery-progress.js';
import { oldestBegin } from './sessions/session-lifetime.js';

/** Long after the last link to confirm it has run out. */
const UNCONFIRMED_MS = 7 * 24 * 3_600_000;
const BATCH = 200;

export interface Cleared {
  readonly sessions: number;
  readonly tickets: number;
  readonly changes: number;
  readonly accounts: number;
}

/** Deletes what nobody can use any more: it would only be there to be stolen. */
@Injectable()
export class CleanUp {
  readonly #database: Database;
  readonly #keys: SubjectKeys;
  readonly #recoveries: RecoveryProgress;
  readonly #ledger: Ledger;
  readonly #jobs: Jobs;
  readonly #clock: Clock;
  readonly #settings: Settings;

  constructor(
    database: Database,
    keys: SubjectKeys,
    recoveries: RecoveryProgress,
    ledger: Ledger,
    jobs: Jobs,
    clock: Clock,
    settings: Settings,
  ) {
    this.#database = database;
    this.#keys = keys;
    this.#recoveries = recoveries;
    this.#ledger = ledger;
    this.#jobs = jobs;
    this.#clock = clock;
    this.#settings = settings;
  }

  /** Every hour, by one worker. */
  async start(): Promise<void> {
    await this.#jobs.work('identity_clean_up', async () => {
      await this.run();
      await this.#recoveries.run();
    });
    await this.#jobs.schedule('identity_clean_up', '17 * * * *', {});
  }

  /** May be repeated, or done by several at once. @returns how much there was */
  async run(): Promise<Cleared> {
    const now = this.#clock.now();
    const run = <T>(work: (manager: EntityManager) => Promise<T>): Promise<T> =>
      this.#database.run({ kind: 'system' }, work);
    const begin = oldestBegin(now, this.#settings.sessions);
    const [sessions, tickets, changes] = await run(async (manager) => [
      await manager.getRepository(SessionEntity).delete({ createdAt: LessThan(begin) }),
      await manager.getRepository(TicketEntity).delete({ expiresAt: LessThan(now) }),
      await manager.getRepository(PendingChangeEntity).delete({ expiresAt: LessThan(now) }),
    ]);
    const old = new Date(now.getTime() - UNCONFIRMED_MS);
    const accounts = await run((manager) => this.#neverConfirmed(manager, old));
    let gone = 0;
    for (const id of accounts) if (await run((manager) => this.#forget(manager, id))) gone += 1;
    return {
      sessions: sessions?.affected ?? 0,
      tickets: tickets?.affected ?? 0,
      changes: changes?.affected ?? 0,
      accounts: gone,
    };
  }

  async #neverConfirmed(manager: EntityManager, before: Date): Promise<readonly AccountId[]> {
    const accounts = await manager.getRepository(AccountEntity).find({
      select: { id: true },
      where: { status: 'unconfirmed', createdAt: LessThan(before) },
      take: BATCH,
    });
    return accounts.map(({ id }) => id);
  }

  /** An address that somebody gave and nobody confirmed goes, and its key with it. */
  async #forget(manager: EntityManager, id: AccountId): Promise<boolean> {
    const tickets = await manager.getRepository(TicketEntity).countBy({ accountId: id });
    if (tickets > 0) return false;
    const { affected } = await manager.getRepository(AccountEntity).delete({ id, status: 'unconfirmed' });
    if (affected !== 1) return false;
    const subjects = [{ candidate: candidateOf(id), fields: [] }];
    const context = this.#context();
    await this.#ledger.stage(manager, { action: 'account.expired', context, resource: id, subjects });
    this.#database.afterCommit(manager, () => this.#keys.destroy(id, 'never_confirmed'));
    return true;
  }

  #context(): RequestContext<SystemActor> {
    return {
      requestId: newId<'request'>(this.#clock.now().getTime()),
      actor: { kind: 'system', name: 'identity.clean-up' },
      locale: 'fr',
      address: '127.0.0.1',
    };
  }
}
