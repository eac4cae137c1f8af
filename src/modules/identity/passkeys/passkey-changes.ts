import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { PersonActor, RequestContext } from '../../../kernel/context.js';
import { Failure } from '../../../kernel/errors.js';
import { Ledger } from '../../../ledger/index.js';
import { Sealer } from '../../../sealing/index.js';
import { subjectOf } from '../accounts/account-subject.js';
import { Accounts } from '../accounts/accounts.js';
import { Notices } from '../notices/notices.js';
import type { AccountEntity } from '../persistence/account.entity.js';
import type { PasskeyId } from './passkey-id.js';

type Person = RequestContext<PersonActor>;

/** What every change of somebody's passkeys brings with it. */
@Injectable()
export class PasskeyChanges {
  readonly #accounts: Accounts;
  readonly #sealer: Sealer;
  readonly #notices: Notices;
  readonly #ledger: Ledger;

  constructor(accounts: Accounts, sealer: Sealer, notices: Notices, ledger: Ledger) {
    this.#accounts = accounts;
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

  /** In the transaction of the change: the ledger has it and its owner is told if and only if it is made. */
  async tell(
    context: Person,
    manager: EntityManager,
    account: AccountEntity,
    what: { readonly passkey: PasskeyId; readonly done: 'added' | 'removed' },
  ): Promise<void> {
    const subjects = await subjectOf(this.#sealer, account);
    const { passkey: resource, done } = what;
    await this.#ledger.stage(manager, { action: `passkey.${done}`, context, resource, subjects });
    await this.#notices.send(manager, account, { kind: `passkey_${done}` });
  }
}
