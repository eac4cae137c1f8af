import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { RequestContext } from '../../../kernel/context.js';
import { Failure, systemCode } from '../../../kernel/errors.js';
import { Database } from '../../../platform/database/database.js';
import { Sealer } from '../../../sealing/index.js';
import { Accounts } from '../accounts/accounts.js';
import { MailAllowance } from '../accounts/mail-allowance.js';
import { Tickets } from '../accounts/tickets.js';
import { Notices } from '../notices/notices.js';
import type { AccountEntity } from '../persistence/account.entity.js';
import { EMAIL } from '../persistence/places.js';
import { SessionEnds } from '../sessions/session-ends.js';
import { AccountJournal } from './account-journal.js';
import { OwnAccount, type Person } from './own-account.js';
import { PendingChanges } from './pending-changes.js';

const LIFETIME_MS = 24 * 3_600_000;
const UNIQUE_VIOLATION = '23505';
const SIDES = ['old', 'new'] as const;
type Side = (typeof SIDES)[number];

/** `waiting`: the other address has not been confirmed yet. */
export type AddressChangeState = 'waiting' | 'changed';

/** Another e-mail address, once whoever asks has shown that both are theirs. */
@Injectable()
export class AddressChange {
  readonly #database: Database;
  readonly #sealer: Sealer;
  readonly #own: OwnAccount;
  readonly #accounts: Accounts;
  readonly #allowance: MailAllowance;
  readonly #tickets: Tickets;
  readonly #pending: PendingChanges;
  readonly #ends: SessionEnds;
  readonly #notices: Notices;
  readonly #journal: AccountJournal;

  constructor(
    database: Database,
    sealer: Sealer,
    own: OwnAccount,
    accounts: Accounts,
    allowance: MailAllowance,
    tickets: Tickets,
    pending: PendingChanges,
    ends: SessionEnds,
    notices: Notices,
    journal: AccountJournal,
  ) {
    this.#database = database;
    this.#sealer = sealer;
    this.#own = own;
    this.#accounts = accounts;
    this.#allowance = allowance;
    this.#tickets = tickets;
    this.#pending = pending;
    this.#ends = ends;
    this.#notices = notices;
    this.#journal = journal;
  }

  /**
   * Writes to both addresses. That the new one has an account already shows in the mail to it alone.
   * @throws Failure `authentication_failed`, `too_many_requests`
   */
  async ask(context: Person, current: string, email: string): Promise<void> {
    const account = await this.#own.reauthenticate(context, current, 'address.change_asked');
    const address = email.trim();
    // Nobody is a mail cannon, and what is done about an address is the same for a known one.
    await this.#allowance.require(address, context.address);
    const { isKnown } = await this.#accounts.approach(context, address);
    const expiresAt = new Date(this.#pending.now().getTime() + LIFETIME_MS).toISOString();
    const epoch = account.credentialEpoch;
    await this.#database.run({ kind: 'identity' }, async (manager) => {
      await this.#pending.put(manager, account, {
        kind: 'address',
        address,
        confirmed: [],
        epoch,
        expiresAt,
      });
      const [old, fresh] = [
        await this.#tickets.issue(manager, account.id, 'email_change_old'),
        await this.#tickets.issue(manager, account.id, 'email_change_new'),
      ];
      const notice = { kind: 'address_change_asked', token: old } as const;
      await this.#journal.note(context, manager, account, 'address.change_asked', notice);
      await this.#notices.send(
        manager,
        await this.#at(account, address),
        isKnown ? { kind: 'address_known' } : { kind: 'confirm_new_address', token: fresh },
      );
    });
  }

  /** @throws Failure `authentication_failed` for a token that is not good (any more), `conflict` */
  async confirm(context: RequestContext, token: string): Promise<AddressChangeState> {
    try {
      return await this.#database.run({ kind: 'identity' }, (manager) =>
        this.#confirm(context, manager, token),
      );
    } catch (error) {
      if (error instanceof Failure && error.code === 'authentication_failed')
        await this.#journal.refuseToken(context, 'address.confirmed');
      if (systemCode(error) !== UNIQUE_VIOLATION) throw error;
      throw new Failure('conflict', {
        detail: { en: 'This address has an account already.', fr: 'Cette adresse a déjà un compte.' },
        cause: error,
      });
    }
  }

  async #confirm(
    context: RequestContext,
    manager: EntityManager,
    token: string,
  ): Promise<AddressChangeState> {
    const { side, id } = await this.#redeem(context, manager, token);
    const account = await this.#accounts.find(context, manager, { id, status: 'active' });
    const pending = account && (await this.#pending.find(manager, account, 'address'));
    if (account === null || pending == null) throw new Failure('authentication_failed');
    const confirmed = SIDES.filter((known) => known === side || pending.confirmed.includes(known));
    if (confirmed.length < SIDES.length) {
      await this.#pending.put(manager, account, { ...pending, confirmed });
      await this.#journal.note(context, manager, account, 'address.confirmed');
      return 'waiting';
    }
    await this.#pending.remove(manager, account, 'address');
    const { address } = pending;
    const sealed = await this.#sealer.seal(EMAIL, { subject: id, row: id }, address);
    await this.#ends.renew(context, manager, id, undefined, () => ({}));
    const changed = await this.#accounts.changeAddress(context, manager, id, address, sealed);
    if (changed === null) throw new Failure('authentication_failed');
    await this.#journal.note(context, manager, changed, 'address.changed', { kind: 'address_changed' });
    await this.#notices.send(manager, account, { kind: 'address_changed' });
    return 'changed';
  }

  async #redeem(
    context: RequestContext,
    manager: EntityManager,
    token: string,
  ): Promise<{ readonly side: Side; readonly id: AccountEntity['id'] }> {
    try {
      const id = await this.#tickets.redeem(manager, token, 'email_change_old', context);
      return { side: 'old', id };
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== 'authentication_failed') throw error;
      return { side: 'new', id: await this.#tickets.redeem(manager, token, 'email_change_new', context) };
    }
  }

  /** The owner, where they say that they are reached as well. */
  async #at({ id, locale }: AccountEntity, address: string) {
    return {
      id,
      locale,
      email: await this.#sealer.seal(EMAIL, { subject: id, row: id }, address),
    };
  }
}
