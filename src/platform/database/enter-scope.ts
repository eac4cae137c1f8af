import type { QueryConfig } from 'pg';
import type { EntityManager } from 'typeorm';
import type { Scope } from './scope.js';

const TEXT = `SELECT set_config('sceau.scope', $1, true), set_config('sceau.candidate_id', $2, true),
  set_config('sceau.agency_id', $3, true)`;

/** The statement that says on whose behalf the rest of the transaction runs, prepared once by each connection. */
export const entering = (scope: Scope): QueryConfig => ({
  name: 'enter-scope',
  text: TEXT,
  values: valuesOf(scope),
});

/** The same for a transaction that is at something already. */
export async function enterScope(manager: EntityManager, scope: Scope): Promise<void> {
  await manager.query(TEXT, valuesOf(scope));
}

function valuesOf(scope: Scope): string[] {
  return [
    scope.kind,
    scope.kind === 'candidate' ? scope.candidateId : '',
    scope.kind === 'agency' ? scope.agencyId : '',
  ];
}
