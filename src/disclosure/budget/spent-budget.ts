import { Injectable } from '@nestjs/common';
import type { CandidateId } from '../../kernel/ids.js';
import { Database } from '../../platform/database/database.js';

/** What agencies have spent of their budgets, for whoever erases a candidate. */
@Injectable()
export class SpentBudget {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** It goes on counting that somebody was shown: under an id that is nobody's, one for each agency. */
  async forget(candidate: CandidateId): Promise<void> {
    await this.#database.run({ kind: 'system' }, (manager) =>
      manager.query('SELECT disclosure.rename_erased($1)', [candidate]),
    );
  }
}
