import type { JWK } from 'jose';
import type { AgencyScope } from '../../../kernel/context.js';

/** Public keys (RFC 7517 §5). */
export interface JsonWebKeySet {
  readonly keys: readonly JWK[];
}

/** What an operator registers of a client. */
export interface ClientMetadata {
  readonly name: string;
  readonly jwks: JsonWebKeySet;
  readonly scopes: readonly AgencyScope[];
}
