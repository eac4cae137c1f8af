import { randomUUID } from 'node:crypto';
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
    await this.#database.run({ kind: 'system' }, async (manager) => {
      const agencies: { id: string }[] = await manager.query(
        'SELECT DISTINCT agency_id AS id FROM disclosure.spent WHERE candidate_id = $1',
        [candidate],
      );
      for (const { id } of agencies)
        await manager.query(
          'UPDATE disclosure.spent SET candidate_id = $3 WHERE candidate_id = $1 AND agency_id = $2',
          [candidate, id, randomUUID()],
        );
    });
  }
}
