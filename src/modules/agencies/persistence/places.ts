import type { JWK } from 'jose';
import type { AdapterPayload } from 'oidc-provider';
import { place } from '../../../sealing/index.js';
import type { ClientMetadata } from '../clients/client-metadata.js';

export type ClientStatus = 'active' | 'suspended';

/** A token as the provider describes it, and the hash of its value, so that it answers to no other. */
export interface SealedToken {
  readonly digest: string;
  readonly payload: AdapterPayload;
}

export const CLIENT_METADATA = place<ClientMetadata>()('agencies_client.metadata');
export const RECORD_PAYLOAD = place<SealedToken>()('oauth_record.payload');
export const SIGNING_KEY = place<JWK>()('oauth_signing_key.jwk');
