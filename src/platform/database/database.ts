import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Scope } from './scope.js';

/** The one way to business data: a transaction as role `sceau_app` that says on whose behalf it runs. */
@Injectable()
export class Database {
  readonly #source: DataSource;

  constructor(source: DataSource) {
    this.#source = source;
  }

  /**
   * Runs `work` in one transaction under row-level security.
   * Committed when `work` resolves, rolled back when it rejects.
   */
  run<T>(scope: Scope, work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.#source.transaction(async (manager) => {
      await manager.query(
        `SELECT set_config('sceau.scope', $1, true), set_config('sceau.candidate_id', $2, true),
                set_config('sceau.agency_id', $3, true)`,
        [
          scope.kind,
          scope.kind === 'candidate' ? scope.candidateId : '',
          scope.kind === 'agency' ? scope.agencyId : '',
        ],
      );
      return work(manager);
    });
  }
}
