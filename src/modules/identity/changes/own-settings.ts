import { Injectable } from '@nestjs/common';
import type { Locale, PersonActor, RequestContext } from '../../../kernel/context.js';
import type { AccountId } from '../../../kernel/ids.js';
import { Database } from '../../../platform/database/database.js';
import { Accounts } from '../accounts/accounts.js';
import type { AccountEntity } from '../persistence/account.entity.js';
import type { Role } from '../persistence/places.js';
import { AccountJournal } from './account-journal.js';
import { OwnAccount } from './own-account.js';

/** An account as its owner sees it; nothing that is sealed. */
export interface AccountSettings {
  readonly id: AccountId;
  readonly role: Role;
  /** Language of the mails. */
  readonly locale: Locale;
  readonly createdAt: Date;
  readonly revision: number;
}

type Person = RequestContext<PersonActor>;

/** What one may change of one’s account without another factor, since nobody signs in with it. */
@Injectable()
export class OwnSettings {
  readonly #database: Database;
  readonly #accounts: Accounts;
  readonly #own: OwnAccount;
  readonly #journal: AccountJournal;

  constructor(database: Database, accounts: Accounts, own: OwnAccount, journal: AccountJournal) {
    this.#database = database;
    this.#accounts = accounts;
    this.#own = own;
    this.#journal = journal;
  }

  /** @throws Failure `unauthenticated` when the account is gone */
  async read(context: Person): Promise<AccountSettings> {
    return settingsOf(context, await this.#own.find(context));
  }

  /** Has mails written in a language from now on. @throws Failure `unauthenticated` when the account is gone */
  async speak(context: Person, locale: Locale): Promise<AccountSettings> {
    await this.#database.run({ kind: 'identity' }, async (manager) => {
      const { accountId } = context.actor;
      const changed = await this.#accounts.change(context, manager, accountId, (account) =>
        account.locale === locale ? undefined : { locale },
      );
      if (changed !== null) await this.#journal.note(context, manager, changed, 'account.locale_changed');
    });
    return this.read(context);
  }
}

function settingsOf({ actor }: Person, account: AccountEntity): AccountSettings {
  const { id, locale, createdAt, revision } = account;
  return { id, role: actor.kind, locale, createdAt, revision };
}
