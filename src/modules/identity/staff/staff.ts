import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { RequestContext } from '../../../kernel/context.js';
import { Failure } from '../../../kernel/errors.js';
import type { AccountId } from '../../../kernel/ids.js';
import { Ledger } from '../../../ledger/index.js';
import { Database } from '../../../platform/database/database.js';
import { Sealer, SubjectKeys } from '../../../sealing/index.js';
import { Accounts } from '../accounts/accounts.js';
import { Notices } from '../notices/notices.js';
import { AccountEntity, type AccountStatus } from '../persistence/account.entity.js';
import { ROLE } from '../persistence/places.js';
import { StaffEntity } from '../persistence/staff.entity.js';
import { SessionEnds } from '../sessions/session-ends.js';

/** A member of staff as an operator sees them: who knows an address finds its account, but nobody is told addresses. */
export interface StaffMember {
  readonly id: AccountId;
  readonly role: 'auditor' | 'operator';
  readonly status: Exclude<AccountStatus, 'unconfirmed'>;
  readonly invitedAt: Date;
}

/** Auditors and operators once they are invited: who they are, and how they are kept out again. */
@Injectable()
export class Staff {
  readonly #database: Database;
  readonly #sealer: Sealer;
  readonly #keys: SubjectKeys;
  readonly #accounts: Accounts;
  readonly #ends: SessionEnds;
  readonly #notices: Notices;
  readonly #ledger: Ledger;

  constructor(
    database: Database,
    sealer: Sealer,
    keys: SubjectKeys,
    accounts: Accounts,
    ends: SessionEnds,
    notices: Notices,
    ledger: Ledger,
  ) {
    this.#database = database;
    this.#sealer = sealer;
    this.#keys = keys;
    this.#accounts = accounts;
    this.#ends = ends;
    this.#notices = notices;
    this.#ledger = ledger;
  }

  /** Everybody, oldest first. */
  async list(context: RequestContext): Promise<readonly StaffMember[]> {
    return this.#database.run({ kind: 'identity' }, async (manager) => {
      const rows = await manager.getRepository(StaffEntity).find({ order: { invitedAt: 'ASC' } });
      const members: StaffMember[] = [];
      for (const row of rows) {
        const account = await this.#accounts.find(context, manager, { id: row.accountId });
        const member = account === null ? undefined : await this.#memberOf(account, row.invitedAt);
        if (member !== undefined) members.push(member);
      }
      await this.#ledger.stage(manager, { action: 'staff.listed', context, count: members.length });
      return members;
    });
  }

  /** @throws Failure `not_found` for an address without an account, and for a candidate's */
  async findByAddress(context: RequestContext, address: string): Promise<StaffMember> {
    return this.#database.run({ kind: 'identity' }, async (manager) => {
      const account = await this.#accounts.findByAddress(context, manager, address);
      const member = account === null ? undefined : await this.#memberOf(account, account.createdAt);
      const found = member === undefined ? { count: 0 } : { count: 1, resource: member.id };
      await this.#ledger.append({ action: 'staff.listed', context, ...found }, 'staged');
      if (member === undefined) throw new Failure('not_found');
      return member;
    });
  }

  /** Keeps a person out: every session and ticket ends at once, in every process. @throws as `#change` */
  async suspend(context: RequestContext, id: AccountId): Promise<void> {
    await this.#change(context, id, async (manager, account) => {
      const changed = await this.#ends.renew(context, manager, id, undefined, ({ status }) =>
        status === 'active' ? { status: 'suspended' } : undefined,
      );
      if (changed === null) throw new Failure('conflict');
      await this.#notices.send(manager, account, { kind: 'staff_suspended' });
      await this.#ledger.stage(manager, { action: 'staff.suspended', context, resource: id });
    });
  }

  /** Lets a suspended person sign in again, with the factors they had. @throws as `#change` */
  async resume(context: RequestContext, id: AccountId): Promise<void> {
    await this.#change(context, id, async (manager, account) => {
      const changed = await this.#accounts.change(context, manager, id, ({ status }) =>
        status === 'suspended' ? { status: 'active' } : undefined,
      );
      if (changed === null) throw new Failure('conflict');
      await this.#notices.send(manager, account, { kind: 'staff_resumed' });
      await this.#ledger.stage(manager, { action: 'staff.resumed', context, resource: id });
    });
  }

  /**
   * Ends an account for good: its key is destroyed, so that a row which comes back with a backup opens nothing.
   * @throws as `#change`
   */
  async remove(context: RequestContext, id: AccountId): Promise<void> {
    await this.#change(context, id, async (manager) => {
      await this.#ledger.stage(manager, { action: 'staff.removed', context, resource: id });
      await manager.getRepository(AccountEntity).delete({ id });
      // Last: were the row to stay after all, it would stand for nobody.
      await this.#keys.destroy(id, 'staff_removed');
    });
  }

  /**
   * @throws Failure `not_found` unless it is a member of staff; `conflict` when the account is not in the state for it,
   * or is the caller's own: whoever is left can always let others in
   */
  async #change(
    context: RequestContext,
    id: AccountId,
    work: (manager: EntityManager, account: AccountEntity) => Promise<void>,
  ): Promise<void> {
    const { actor } = context;
    if ('accountId' in actor && actor.accountId === id) {
      throw new Failure('conflict', {
        detail: {
          en: 'Nobody does this to their own account.',
          fr: 'Personne ne fait cela à son propre compte.',
        },
      });
    }
    await this.#database.run({ kind: 'system' }, async (manager) => {
      const account = await this.#accounts.find(context, manager, { id });
      if (account === null || (await this.#memberOf(account, account.createdAt)) === undefined)
        throw new Failure('not_found');
      await work(manager, account);
    });
  }

  /** Undefined for candidates: what says who is staff is the sealed role. */
  async #memberOf(account: AccountEntity, invitedAt: Date): Promise<StaffMember | undefined> {
    const { id, status } = account;
    const role = await this.#sealer.openOperational(ROLE, { subject: id, row: id }, account.role);
    if (role === 'candidate' || status === 'unconfirmed') return undefined;
    return { id, role, status, invitedAt };
  }
}
