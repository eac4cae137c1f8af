import { Injectable } from '@nestjs/common';
import { type EntityManager, LessThan } from 'typeorm';
import { Clock } from '../../kernel/clock.js';
import type { AccountId } from '../../kernel/ids.js';
import { Settings } from '../../platform/config/settings.js';
import { ownContext } from '../../kernel/own-context.js';
import { Database } from '../../platform/database/database.js';
import { Rounds } from '../../platform/jobs/rounds.js';
import { UnconfirmedAccounts } from './accounts/unconfirmed-accounts.js';
import { AccountEntity } from './persistence/account.entity.js';
import { PendingChangeEntity } from './persistence/pending-change.entity.js';
import { PendingPasswordEntity } from './persistence/pending-password.entity.js';
import { RegistrationRequestEntity } from './persistence/registration-request.entity.js';
import { RequestEntity } from './persistence/request.entity.js';
import { SessionEntity } from './persistence/session.entity.js';
import { TicketEntity } from './persistence/ticket.entity.js';
import { RecoveryProgress } from './recovery/recovery-progress.js';
import { oldestBegin } from './sessions/session-lifetime.js';

/** Long after the last link to confirm it has run out. */
const UNCONFIRMED_MS = 7 * 24 * 3_600_000;
/** Longer than a worker tries to look into what was asked for. */
const ASKED_MS = 24 * 3_600_000;
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
  readonly #unconfirmed: UnconfirmedAccounts;
  readonly #recoveries: RecoveryProgress;
  readonly #rounds: Rounds;
  readonly #clock: Clock;
  readonly #settings: Settings;

  constructor(
    database: Database,
    unconfirmed: UnconfirmedAccounts,
    recoveries: RecoveryProgress,
    rounds: Rounds,
    clock: Clock,
    settings: Settings,
  ) {
    this.#database = database;
    this.#unconfirmed = unconfirmed;
    this.#recoveries = recoveries;
    this.#rounds = rounds;
    this.#clock = clock;
    this.#settings = settings;
  }

  /** Every hour. */
  async start(): Promise<void> {
    await this.#rounds.every(60, 'identity_clean_up', async () => {
      await this.run();
      await this.#recoveries.run();
    });
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
      await manager.getRepository(PendingPasswordEntity).delete({ expiresAt: LessThan(now) }),
      await manager.getRepository(RegistrationRequestEntity).delete({ expiresAt: LessThan(now) }),
      await manager
        .getRepository(RequestEntity)
        .delete({ createdAt: LessThan(new Date(now.getTime() - ASKED_MS)) }),
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
    return this.#unconfirmed.giveWay(ownContext('identity.clean-up', this.#clock.now()), manager, {
      id,
      status: 'unconfirmed',
    });
  }
}
