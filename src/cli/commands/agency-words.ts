import { readFile } from 'node:fs/promises';
import type { AgencyScope } from '../../kernel/context.js';
import { Failure } from '../../kernel/errors.js';
import { type AgencyId, type ClientId, parseId } from '../../kernel/ids.js';
import { AGENCY_SCOPES, parseCertificates, parseKeySet } from '../../modules/agencies/index.js';

/** @throws Failure `invalid_request` */
export function readId<T extends AgencyId | ClientId>(word: string): T {
  const id = parseId<T>(word);
  if (id === undefined) throw new Failure('invalid_request', { detail: 'An id is a UUIDv7.' });
  return id;
}

/** As RFC 3339 writes it, to the minute or second. */
const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/;

/** @param detail what to say of anything else. @throws Failure `invalid_request` */
export function readMoment(word: string, detail = 'A moment is like 2026-12-31T18:00:00Z.'): Date {
  const moment = new Date(MOMENT.test(word) ? word : Number.NaN);
  if (Number.isNaN(moment.getTime())) throw new Failure('invalid_request', { detail });
  return moment;
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

/**
 * The keys of a client, from the one file that is named.
 * @throws Failure `invalid_request` for none, two, or one that holds no keys
 */
export async function readKeyFile({
  jwks,
  certificates,
}: {
  readonly jwks?: string;
  readonly certificates?: string;
}): Promise<ReturnType<typeof parseKeySet>> {
  if (jwks !== undefined && certificates === undefined) return parseKeySet(await readFile(jwks, 'utf8'));
  if (certificates !== undefined && jwks === undefined)
    return parseCertificates(await readFile(certificates, 'utf8'));
  throw new Failure('invalid_request', { detail: 'Name one file: --jwks or --certificates.' });
}
