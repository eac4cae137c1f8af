import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { PersonActor, RequestContext } from '../../../kernel/context.js';
import { Failure } from '../../../kernel/errors.js';
import { Ledger } from '../../../ledger/index.js';
import { Database } from '../../../platform/database/database.js';
import { Sealer } from '../../../sealing/index.js';
import { subjectOf } from '../accounts/account-subject.js';
import { Accounts } from '../accounts/accounts.js';
import { Notices } from '../notices/notices.js';
import type { AccountEntity } from '../persistence/account.entity.js';
import { SessionEnds } from '../sessions/session-ends.js';
import type { PasskeyId } from './passkey-id.js';

type Person = RequestContext<PersonActor>;

/** What every change of somebody's passkeys brings with it. */
@Injectable()
export class PasskeyChanges {
  readonly #database: Database;
  readonly #accounts: Accounts;
  readonly #ends: SessionEnds;
  readonly #sealer: Sealer;
  readonly #notices: Notices;
  readonly #ledger: Ledger;

  constructor(
    database: Database,
    accounts: Accounts,
    ends: SessionEnds,
    sealer: Sealer,
    notices: Notices,
    ledger: Ledger,
  ) {
    this.#database = database;
    this.#accounts = accounts;
    this.#ends = ends;
    this.#sealer = sealer;
    this.#notices = notices;
    this.#ledger = ledger;
  }

  /** @throws Failure `unauthenticated` once the account is no longer active */
  async account(context: Person, manager: EntityManager): Promise<AccountEntity> {
    const id = context.actor.accountId;
    const account = await this.#accounts.find(context, manager, { id, status: 'active' });
    if (account === null) throw new Failure('unauthenticated');
    return account;
  }

  /**
   * Adds or removes one under its account's lock. All of it happens or nothing: the change, its entry, the mail to the
   * owner, and the end of their other sessions, for whoever was signed in elsewhere shows a factor that is still there.
   * @throws Failure `unauthenticated` once the account is no longer active; and as `work`
   */
  async make(
    context: Person,
    what: { readonly passkey: PasskeyId; readonly done: 'added' | 'removed' },
    work: (manager: EntityManager, account: AccountEntity) => Promise<void>,
  ): Promise<void> {
    const { accountId, sessionId } = context.actor;
    const { passkey: resource, done } = what;
    await this.#database.run({ kind: 'identity' }, async (manager) => {
      const changed = await this.#ends.renew(context, manager, accountId, sessionId, async (account) => {
        if (account.status !== 'active') return undefined;
        await work(manager, account);
        return {};
      });
      if (changed === null) throw new Failure('unauthenticated');
      const subjects = await subjectOf(this.#sealer, changed);
      await this.#ledger.stage(manager, { action: `passkey.${done}`, context, resource, subjects });
      await this.#notices.send(manager, changed, { kind: `passkey_${done}` });
    });
  }
}
