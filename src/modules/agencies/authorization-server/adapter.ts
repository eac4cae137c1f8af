import type { Adapter, AdapterPayload } from 'oidc-provider';
import type { Clients } from '../clients/clients.js';
import type { RecordStore } from '../persistence/record-store.js';

/** Told before a token is stored: what is not on record is not issued. */
export type BeforeIssue = (payload: AdapterPayload) => Promise<void>;

const unused = (): Promise<undefined> => Promise.resolve(undefined);

/** oidc-provider's view of our tables. Only opaque client-credentials tokens are ever stored. */
export function adapterOf(
  model: string,
  records: RecordStore,
  clients: Clients,
  beforeIssue: BeforeIssue,
): Adapter {
  const stored: Adapter = {
    async upsert(id, payload, expiresIn) {
      if (model === 'ClientCredentials') await beforeIssue(payload);
      if (expiresIn === undefined) throw new Error('Nothing is kept for ever.');
      await records.put(model, id, payload, expiresIn);
    },
    find: (id) => records.find(model, id),
    destroy: (id) => records.remove(model, id),
    // Neither grants nor devices nor one-time records exist in the client-credentials flow.
    consume: unused,
    findByUid: unused,
    findByUserCode: unused,
    revokeByGrantId: unused,
  };
  return model === 'Client' ? { ...stored, find: (id) => clientPayload(clients, id) } : stored;
}

async function clientPayload(clients: Clients, id: string): Promise<AdapterPayload | undefined> {
  const client = await clients.active(id);
  if (client === undefined) return undefined;
  return {
    client_id: client.id,
    client_name: client.name,
    jwks: { keys: client.jwks.keys.map((key) => ({ ...key, kty: key.kty ?? '' })) },
    grant_types: ['client_credentials'],
    response_types: [],
    redirect_uris: [],
    token_endpoint_auth_method: 'private_key_jwt',
    dpop_bound_access_tokens: true,
    scope: client.scopes.join(' '),
  };
}
