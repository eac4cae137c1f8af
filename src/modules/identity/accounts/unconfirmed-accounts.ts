import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { RequestContext } from '../../../kernel/context.js';
import { Ledger } from '../../../ledger/index.js';
import { Database } from '../../../platform/database/database.js';
import { SubjectKeys } from '../../../sealing/index.js';
import { AccountEntity } from '../persistence/account.entity.js';
import { candidateOf } from './account-subject.js';

/** Accounts at addresses that somebody gave and nobody has confirmed: they are nobody's. */
@Injectable()
export class UnconfirmedAccounts {
  readonly #database: Database;
  readonly #keys: SubjectKeys;
  readonly #ledger: Ledger;

  constructor(database: Database, keys: SubjectKeys, ledger: Ledger) {
    this.#database = database;
    this.#keys = keys;
    this.#ledger = ledger;
  }

  /**
   * Deletes such an account, its links and then its key, so that nobody keeps an address from others by asking for an
   * account at it.
   * @returns whether it was one
   */
  async giveWay(
    context: RequestContext,
    manager: EntityManager,
    { id, status }: Pick<AccountEntity, 'id' | 'status'>,
  ): Promise<boolean> {
    if (status !== 'unconfirmed') return false;
    const { affected } = await manager.getRepository(AccountEntity).delete({ id, status });
    if (affected !== 1) return false;
    const subjects = [{ candidate: candidateOf(id), fields: [] }];
    await this.#ledger.stage(manager, { action: 'account.expired', context, resource: id, subjects });
    this.#database.afterCommit(manager, () => this.#keys.destroy(id, 'never_confirmed'));
    return true;
  }
}
