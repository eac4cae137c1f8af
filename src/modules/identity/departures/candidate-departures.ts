import { Injectable } from '@nestjs/common';
import { type EntityManager, In } from 'typeorm';
import type { RequestContext } from '../../../kernel/context.js';
import { Failure } from '../../../kernel/errors.js';
import { type AccountId, type CandidateId, parseId } from '../../../kernel/ids.js';
import { Database } from '../../../platform/database/database.js';
import { Sealer } from '../../../sealing/index.js';
import { candidateOf } from '../accounts/account-subject.js';
import { Accounts } from '../accounts/accounts.js';
import { Notices } from '../notices/notices.js';
import type { ErasureNotice } from '../notices/texts/erasure-notices.js';
import { AccountEntity } from '../persistence/account.entity.js';
import { OutgoingMailEntity } from '../persistence/outgoing-mail.entity.js';
import { ROLE } from '../persistence/places.js';

/** Candidates' accounts on their way out, for whoever erases candidates. Staff leave another way: see `Staff.remove`. */
@Injectable()
export class CandidateDepartures {
  readonly #database: Database;
  readonly #sealer: Sealer;
  readonly #accounts: Accounts;
  readonly #notices: Notices;

  constructor(database: Database, sealer: Sealer, accounts: Accounts, notices: Notices) {
    this.#database = database;
    this.#sealer = sealer;
    this.#accounts = accounts;
    this.#notices = notices;
  }

  /** @returns the candidate at an address; `undefined` also where it is a member of staff's */
  findByAddress(context: RequestContext, address: string): Promise<CandidateId | undefined> {
    return this.#database.run({ kind: 'identity' }, async (manager) => {
      const account = await this.#accounts.findByAddress(context, manager, address);
      return account !== null && (await this.#isCandidate(account)) ? candidateOf(account.id) : undefined;
    });
  }

  /** Whether there is such an account; of one that is erased and has come back with a backup there is none. */
  isThere(context: RequestContext, candidate: CandidateId): Promise<boolean> {
    return this.#database.run({ kind: 'identity' }, async (manager) => {
      const account = await this.#accounts.find(context, manager, { id: accountOf(candidate) });
      return account !== null && (await this.#isCandidate(account));
    });
  }

  /** Which of these have an account. */
  async present(candidates: readonly CandidateId[]): Promise<ReadonlySet<CandidateId>> {
    const accounts = await this.#database.run({ kind: 'identity' }, (manager) =>
      manager
        .getRepository(AccountEntity)
        .find({ select: { id: true }, where: { id: In(candidates.map(accountOf)) } }),
    );
    return new Set(accounts.map(({ id }) => candidateOf(id)));
  }

  /**
   * Takes the account's lock until the transaction ends: of several who want to erase a candidate, one does.
   * @throws Failure `not_found` when there is none (any more), or it is no candidate's
   */
  async lock(
    context: RequestContext,
    manager: EntityManager,
    candidate: CandidateId,
  ): Promise<AccountEntity> {
    const account = await this.#accounts.lock(context, manager, accountOf(candidate));
    if (account === null || !(await this.#isCandidate(account))) throw new Failure('not_found');
    return account;
  }

  /**
   * Deletes the account with all that signs in to it: sessions, factors, tickets and the index of its address go with
   * its row, and so does every mail that waits. One mail more is queued, which the account's key does not open.
   */
  async leave(manager: EntityManager, account: AccountEntity, farewell: ErasureNotice): Promise<void> {
    await this.#notices.bidFarewell(manager, account, farewell);
    await manager.getRepository(OutgoingMailEntity).delete({ accountId: account.id });
    await manager.getRepository(AccountEntity).delete({ id: account.id });
  }

  /** What may have been written meanwhile by somebody who had begun before. */
  async removeLeftovers(candidate: CandidateId): Promise<void> {
    const id = accountOf(candidate);
    await this.#database.run({ kind: 'system' }, async (manager) => {
      await manager.getRepository(OutgoingMailEntity).delete({ accountId: id });
      await manager.getRepository(AccountEntity).delete({ id });
    });
  }

  async #isCandidate({ id, role }: AccountEntity): Promise<boolean> {
    return (await this.#sealer.openOperational(ROLE, { subject: id, row: id }, role)) === 'candidate';
  }
}

/** The way back from `candidateOf`. */
function accountOf(candidate: CandidateId): AccountId {
  const id = parseId<AccountId>(candidate);
  if (id === undefined) throw new Error('A candidate has the id of their account.');
  return id;
}
