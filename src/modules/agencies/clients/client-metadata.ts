import type { JWK } from 'jose';
import type { AgencyScope } from '../../../kernel/context.js';
import type { Possession } from './possession.js';

/** Public keys (RFC 7517 §5). */
export interface JsonWebKeySet {
  readonly keys: readonly JWK[];
}

/** What an operator registers of a client. */
export interface NewClient {
  readonly name: string;
  readonly jwks: JsonWebKeySet;
  readonly scopes: readonly AgencyScope[];
  /** For good; `dpop` unless told. */
  readonly possession?: Possession;
}

/** A key on its way out. */
export interface RetiringKey {
  readonly kid: string;
  /** RFC 3339 UTC; from this moment on the key is good for nothing. */
  readonly until: string;
}

/** What is kept, sealed, of a client. */
export interface ClientMetadata extends NewClient {
  /** Those of `jwks` that have been replaced. */
  readonly retiring: readonly RetiringKey[];
}
