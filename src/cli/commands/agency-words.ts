import type { AgencyScope } from '../../kernel/context.js';
import { Failure } from '../../kernel/errors.js';
import { type AgencyId, type ClientId, parseId } from '../../kernel/ids.js';
import { AGENCY_SCOPES } from '../../modules/agencies/index.js';

/** @throws Failure `invalid_request` */
export function readId<T extends AgencyId | ClientId>(word: string): T {
  const id = parseId<T>(word);
  if (id === undefined) throw new Failure('invalid_request', { detail: 'An id is a UUIDv7.' });
  return id;
}

/** Comma-separated. @throws Failure `invalid_request` for one that there is not */
export function readScopeList(word: string): AgencyScope[] {
  return word.split(',').map((entry) => {
    const scope = AGENCY_SCOPES.find((known) => known === entry.trim());
    if (scope === undefined)
      throw new Failure('invalid_request', { detail: `Known scopes: ${AGENCY_SCOPES.join(', ')}` });
    return scope;
  });
}
