import type { JWK } from 'jose';
import type { AgencyScope } from '../../../kernel/context.js';
import { Failure } from '../../../kernel/errors.js';
import { isAgencyScope } from '../scopes.js';
import type { ClientMetadata } from './client-metadata.js';

/** @throws Failure `invalid_request` unless it has 1 to 200 characters, spaces around it left out */
export function readName(name: string): string {
  const trimmed = name.trim();
  if (trimmed.length < 1 || trimmed.length > 200) refuse('/name', 'A client’s name has 1 to 200 characters.');
  return trimmed;
}

/** @returns each once. @throws Failure `invalid_request` for none, or one that there is not */
export function readScopes(scopes: readonly string[]): readonly AgencyScope[] {
  const known = [...new Set(scopes)].filter(isAgencyScope);
  if (known.length === 0 || known.length < new Set(scopes).size)
    refuse('/scopes', 'A client needs known scopes.');
  return known;
}

/** The moment from which a key is good for nothing; none for a key that has not been replaced. */
export function endOf({ retiring }: ClientMetadata, { kid }: JWK): Date | undefined {
  const until = retiring.find((key) => key.kid === kid)?.until;
  return until === undefined ? undefined : new Date(until);
}

/** The keys whose signatures count at a moment. */
export function keysAt(metadata: ClientMetadata, now: Date): readonly JWK[] {
  return metadata.jwks.keys.filter((key) => {
    const end = endOf(metadata, key);
    return end === undefined || end > now;
  });
}

export function refuse(pointer: string, detail: string): never {
  throw new Failure('invalid_request', { detail, fields: [{ pointer, code: 'invalid', detail }] });
}
