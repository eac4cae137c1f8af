import type { AdapterPayload } from 'oidc-provider';
import type { JWK } from 'jose';
import type { AgencyScope } from '../../../kernel/context.js';
import { place } from '../../../sealing/index.js';

export interface JsonWebKeySet {
  readonly keys: readonly JWK[];
}

/** What an operator has registered of a client. */
export interface ClientMetadata {
  readonly name: string;
  readonly jwks: JsonWebKeySet;
  readonly scopes: readonly AgencyScope[];
}

export const CLIENT_METADATA = place<ClientMetadata>()('agencies_client.metadata');
export const RECORD_PAYLOAD = place<AdapterPayload>()('oauth_record.payload');
export const SIGNING_KEY = place<JWK>()('oauth_signing_key.jwk');
