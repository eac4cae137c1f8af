import type { EntityManager } from 'typeorm';
import type { Scope } from './scope.js';

/** Says on whose behalf the rest of the transaction runs. */
export async function enterScope(manager: EntityManager, scope: Scope): Promise<void> {
  await manager.query(
    `SELECT set_config('sceau.scope', $1, true), set_config('sceau.candidate_id', $2, true),
            set_config('sceau.agency_id', $3, true)`,
    [
      scope.kind,
      scope.kind === 'candidate' ? scope.candidateId : '',
      scope.kind === 'agency' ? scope.agencyId : '',
    ],
  );
}
