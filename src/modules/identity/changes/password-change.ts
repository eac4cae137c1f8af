import { Injectable } from '@nestjs/common';
import { Failure } from '../../../kernel/errors.js';
import { Database } from '../../../platform/database/database.js';
import { SessionEnds } from '../sessions/session-ends.js';
import { AccountJournal } from './account-journal.js';
import { OwnAccount, type Person } from './own-account.js';

/** A new password for whoever knows the present one. Every other session ends. */
@Injectable()
export class PasswordChange {
  readonly #database: Database;
  readonly #own: OwnAccount;
  readonly #ends: SessionEnds;
  readonly #journal: AccountJournal;

  constructor(database: Database, own: OwnAccount, ends: SessionEnds, journal: AccountJournal) {
    this.#database = database;
    this.#own = own;
    this.#ends = ends;
    this.#journal = journal;
  }

  /** @throws Failure `authentication_failed`, `password_refused`, `too_many_requests`, `conflict` */
  async change(context: Person, current: string, password: string): Promise<void> {
    const account = await this.#own.reauthenticate(context, current, 'password.changed');
    const passwordHash = await this.#own.newPassword(account, password);
    await this.#database.run({ kind: 'identity' }, async (manager) => {
      const { id, revision } = account;
      const changed = await this.#ends.renew(context, manager, id, context.actor.sessionId, (present) =>
        present.revision === revision ? { passwordHash } : undefined,
      );
      // Somebody has changed the account since its password was checked.
      if (changed === null) throw new Failure('conflict');
      await this.#journal.note(context, manager, changed, 'password.changed', { kind: 'password_changed' });
    });
  }
}
