import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { RequestContext } from '../../../kernel/context.js';
import { type Action, Ledger } from '../../../ledger/index.js';
import { Sealer } from '../../../sealing/index.js';
import { subjectOf } from '../accounts/account-subject.js';
import type { Notice } from '../notices/notice-texts.js';
import { Notices } from '../notices/notices.js';
import type { AccountEntity } from '../persistence/account.entity.js';

/** What happens to an account goes into the ledger under its owner's name, and to the owner by mail. */
@Injectable()
export class AccountJournal {
  readonly #sealer: Sealer;
  readonly #ledger: Ledger;
  readonly #notices: Notices;

  constructor(sealer: Sealer, ledger: Ledger, notices: Notices) {
    this.#sealer = sealer;
    this.#ledger = ledger;
    this.#notices = notices;
  }

  /** In the transaction of what has happened. */
  async note(
    context: RequestContext,
    manager: EntityManager,
    account: AccountEntity,
    action: Action,
    notice?: Notice,
  ): Promise<void> {
    const subjects = await subjectOf(this.#sealer, account);
    await this.#ledger.stage(manager, { action, context, resource: account.id, subjects });
    if (notice !== undefined) await this.#notices.send(manager, account, notice);
  }

  /** Of a token that is not good (any more), whosever it may have been. */
  async refuseToken(context: RequestContext, action: Action): Promise<void> {
    await this.#ledger.append({ action, context, outcome: 'refused', reason: 'token' }, 'staged');
  }

  /** Of what was tried and not done. @param reason a code in snake_case */
  async refuse(
    context: RequestContext,
    account: AccountEntity,
    action: Action,
    reason: string,
  ): Promise<void> {
    const subjects = await subjectOf(this.#sealer, account);
    await this.#ledger.append(
      { action, context, outcome: 'refused', reason, resource: account.id, subjects },
      'staged',
    );
  }
}
