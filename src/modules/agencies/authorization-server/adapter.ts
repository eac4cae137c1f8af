import { AsyncLocalStorage } from 'node:async_hooks';
import { type Adapter, type AdapterPayload, errors } from 'oidc-provider';
import type { RequestContext } from '../../../kernel/context.js';
import type { ActiveClient, Clients } from '../clients/clients.js';
import type { TokenStore } from '../persistence/token-store.js';
import type { TokenEntries } from '../token-entries.js';

export interface Tables {
  readonly clients: Clients;
  readonly tokens: TokenStore;
  readonly entries: TokenEntries;
}

/** Whose request the provider is answering; the library passes it nothing of ours. */
export const currentRequest = new AsyncLocalStorage<RequestContext>();

const nothing = (): Promise<undefined> => Promise.resolve(undefined);
const refuse = (): Promise<never> => Promise.reject(new Error('Only access tokens are ever stored.'));

/** Neither sessions nor grants, devices or one-time records exist in the client-credentials flow. */
const ABSENT: Adapter = {
  upsert: refuse,
  find: nothing,
  destroy: nothing,
  consume: nothing,
  findByUid: nothing,
  findByUserCode: nothing,
  revokeByGrantId: nothing,
};

/** oidc-provider's view of our tables, one per kind of thing it wants to keep. */
export function adapterOf(model: string, tables: Tables): Adapter {
  if (model === 'Client') return { ...ABSENT, find: (id) => clientPayload(tables.clients, id) };
  if (model === 'ClientCredentials') return tokenAdapter(tables);
  return ABSENT;
}

function tokenAdapter({ clients, tokens, entries }: Tables): Adapter {
  return {
    ...ABSENT,
    async upsert(value, payload, expiresIn = 0) {
      const context = requestInProgress();
      const client = await requireActive(context, clients, payload.clientId);
      const isIssued = await tokens.add(value, client.id, payload, expiresIn, (manager, id) =>
        entries.changed(manager, 'token.issued', context, client, id),
      );
      if (!isIssued) throw suspended();
    },
    async find(value) {
      return (await tokens.find(value))?.payload;
    },
    async destroy(value) {
      const context = requestInProgress();
      const client = await requireActive(context, clients, (await tokens.find(value))?.payload.clientId);
      await tokens.remove(value, (manager, id) =>
        entries.changed(manager, 'token.revoked', context, client, id),
      );
    },
  };
}

async function requireActive(
  context: RequestContext,
  clients: Clients,
  clientId: string | undefined,
): Promise<ActiveClient> {
  const client = clientId === undefined ? undefined : await clients.active(context, clientId);
  if (client === undefined) throw suspended();
  return client;
}

const suspended = (): errors.InvalidClientAuth =>
  new errors.InvalidClientAuth('the client was suspended at this very moment');

function requestInProgress(): RequestContext {
  const context = currentRequest.getStore();
  if (context === undefined) throw new Error('The library is asked in answer to a request only.');
  return context;
}

async function clientPayload(clients: Clients, id: string): Promise<AdapterPayload | undefined> {
  const client = await clients.active(requestInProgress(), id);
  if (client === undefined) return undefined;
  return {
    client_id: client.id,
    client_name: client.name,
    // Programs sign with an Ed25519 key under either of its two names.
    jwks: {
      keys: client.jwks.keys.map(({ kty = '', alg, ...key }) => ({
        kty,
        ...key,
        ...(kty === 'OKP' ? {} : { alg }),
      })),
    },
    grant_types: ['client_credentials'],
    response_types: [],
    redirect_uris: [],
    token_endpoint_auth_method: 'private_key_jwt',
    dpop_bound_access_tokens: true,
    // No id token is ever issued; the library wants an algorithm that the server's key can do.
    id_token_signed_response_alg: 'ES256',
    scope: client.scopes.join(' '),
  };
}
