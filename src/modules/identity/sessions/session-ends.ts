import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../../kernel/clock.js';
import type { PersonActor, RequestContext } from '../../../kernel/context.js';
import { Failure } from '../../../kernel/errors.js';
import type { AccountId, SessionId } from '../../../kernel/ids.js';
import { Ledger } from '../../../ledger/index.js';
import { Settings } from '../../../platform/config/settings.js';
import { Database } from '../../../platform/database/database.js';
import { Sealer } from '../../../sealing/index.js';
import { subjectOf } from '../accounts/account-subject.js';
import { type AccountChange, Accounts } from '../accounts/accounts.js';
import { hashToken } from '../opaque-token.js';
import type { AccountEntity } from '../persistence/account.entity.js';
import type { SessionEntity } from '../persistence/session.entity.js';
import { nextEpoch, withoutSession } from './session-floors.js';
import { isOver, oldestBegin } from './session-lifetime.js';
import { Recoveries } from '../recovery/recoveries.js';
import type { Credential } from './credential.js';
import { SessionRows } from './session-rows.js';

type Person = RequestContext<PersonActor>;

/** Ends sessions, for every process at once and for good: the account's record says which are over. */
@Injectable()
export class SessionEnds {
  readonly #database: Database;
  readonly #sealer: Sealer;
  readonly #accounts: Accounts;
  readonly #rows: SessionRows;
  readonly #recoveries: Recoveries;
  readonly #ledger: Ledger;
  readonly #clock: Clock;
  readonly #settings: Settings;

  constructor(
    database: Database,
    sealer: Sealer,
    accounts: Accounts,
    rows: SessionRows,
    recoveries: Recoveries,
    ledger: Ledger,
    clock: Clock,
    settings: Settings,
  ) {
    this.#database = database;
    this.#sealer = sealer;
    this.#accounts = accounts;
    this.#rows = rows;
    this.#recoveries = recoveries;
    this.#ledger = ledger;
    this.#clock = clock;
    this.#settings = settings;
  }

  /** @throws Failure `not_found` for a session that is not one's own or has ended */
  async end(context: Person, id: SessionId): Promise<void> {
    const { accountId } = context.actor;
    await this.#database.run({ kind: 'identity' }, async (manager) => {
      if (!(await this.#endOne(context, manager, accountId, id))) throw new Failure('not_found');
    });
  }

  /** @param keep one that goes on */
  async endAll(context: Person, keep?: SessionId): Promise<void> {
    await this.#database.run({ kind: 'identity' }, (manager) =>
      this.renew(context, manager, context.actor.accountId, keep, () => ({})),
    );
  }

  /** Ends the session that a request presents, if any, whosever it is: whoever brings it is signing in anew. */
  async endPresented(context: RequestContext, presented: Credential | undefined): Promise<void> {
    if (presented === undefined) return;
    await this.#database.run({ kind: 'identity' }, async (manager) => {
      const found = await this.#rows.find(context, manager, { tokenHash: hashToken(presented.token) });
      if (found !== undefined) await this.#endOne(context, manager, found.account.id, found.session.id);
    });
  }

  /**
   * Changes an account's record, and in the same transaction ends its sessions and recovery and voids its tickets.
   * @param keep a session that goes on
   * @param decide as for `Accounts.change`
   * @returns the changed account, or `null` when none stands or nothing was to be changed
   */
  async renew(
    context: RequestContext,
    manager: EntityManager,
    id: AccountId,
    keep: SessionId | undefined,
    decide: (account: AccountEntity) => AccountChange | undefined | Promise<AccountChange | undefined>,
  ): Promise<AccountEntity | null> {
    let kept: SessionEntity | undefined;
    const changed = await this.#accounts.change(context, manager, id, async (account) => {
      const change = await decide(account);
      if (change === undefined) return undefined;
      kept = (await this.#rows.of(manager, account)).find((session) => session.id === keep);
      return { ...change, ...nextEpoch(account) };
    });
    if (changed === null) return null;
    if (kept !== undefined)
      await this.#rows.replace(manager, kept, { ...kept, credentialEpoch: changed.credentialEpoch });
    const count = await this.#rows.deleteOld(manager, changed);
    if (count > 0) await this.#record(context, manager, changed, { count });
    if (await this.#recoveries.endVoid(context, manager, changed)) {
      const subjects = await subjectOf(this.#sealer, changed);
      const entry = { action: 'recovery.stopped', context, resource: changed.id, subjects } as const;
      await this.#ledger.stage(manager, entry);
    }
    return changed;
  }

  async #endOne(
    context: RequestContext,
    manager: EntityManager,
    accountId: AccountId,
    id: SessionId,
  ): Promise<boolean> {
    const now = this.#clock.now();
    const since = oldestBegin(now, this.#settings.sessions);
    const changed = await this.#accounts.change(context, manager, accountId, async (account) => {
      const open = (await this.#rows.of(manager, account)).find((session) => session.id === id);
      const isOpen = open !== undefined && !isOver(open, now, this.#settings.sessions);
      return isOpen ? withoutSession(account, id, since) : undefined;
    });
    if (changed === null) return false;
    await this.#rows.delete(manager, accountId, id);
    await this.#rows.deleteOld(manager, changed);
    await this.#record(context, manager, changed, { count: 1, resource: id });
    return true;
  }

  async #record(
    context: RequestContext,
    manager: EntityManager,
    account: AccountEntity,
    what: { readonly count: number; readonly resource?: SessionId },
  ): Promise<void> {
    const subjects = await subjectOf(this.#sealer, account);
    await this.#ledger.stage(manager, { action: 'session.ended', context, subjects, ...what });
  }
}
