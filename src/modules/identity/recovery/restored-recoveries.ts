import { Injectable } from '@nestjs/common';
import type { RequestContext } from '../../../kernel/context.js';
import { Database } from '../../../platform/database/database.js';
import { Accounts } from '../accounts/accounts.js';
import { AccountJournal } from '../changes/account-journal.js';
import { Recoveries } from './recoveries.js';

/**
 * Recoveries after the data was restored from a backup: one that has gone on or was stopped since is ended, never taken
 * back. Its owner can ask again; what they have stopped must not begin again by itself.
 */
@Injectable()
export class RestoredRecoveries {
  readonly #database: Database;
  readonly #accounts: Accounts;
  readonly #recoveries: Recoveries;
  readonly #journal: AccountJournal;

  constructor(database: Database, accounts: Accounts, recoveries: Recoveries, journal: AccountJournal) {
    this.#database = database;
    this.#accounts = accounts;
    this.#recoveries = recoveries;
    this.#journal = journal;
  }

  /** Once the accounts were readmitted; may be repeated. @returns how many were ended */
  async end(context: RequestContext): Promise<number> {
    const scope = { kind: 'system' } as const;
    const owners = await this.#database.run(scope, (manager) => this.#recoveries.owners(manager));
    let ended = 0;
    for (const id of owners) {
      const isEnded = await this.#database.run(scope, async (manager) => {
        const account = await this.#accounts.lock(context, manager, id);
        if (account === null || !(await this.#recoveries.endRestored(manager, account))) return false;
        await this.#journal.note(context, manager, account, 'recovery.stopped');
        return true;
      });
      if (isEnded) ended += 1;
    }
    return ended;
  }
}
