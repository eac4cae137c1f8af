import { type Adapter, type AdapterPayload, errors } from 'oidc-provider';
import type { RateLimits } from '../../../platform/http/index.js';
import { certificateThumbprint, thumbprintOfKey } from '../clients/client-certificates.js';
import type { ActiveClient } from '../clients/active-client.js';
import type { Clients } from '../clients/clients.js';
import type { CountedMark, IssuedTokens } from '../persistence/issued-tokens.js';
import type { TokenStore } from '../persistence/token-store.js';
import { type RequestInProgress, requestInProgress, take } from './request-in-progress.js';

export interface Tables {
  readonly clients: Clients;
  readonly tokens: TokenStore;
  readonly issued: IssuedTokens;
  readonly limits: RateLimits;
}

/** RFC 8705 §2.2. */
export const MUTUAL_TLS = 'self_signed_tls_client_auth' as const;

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
  if (model === 'Client') return { ...ABSENT, find: (id) => clientPayload(tables, id) };
  if (model === 'ClientCredentials') return tokenAdapter(tables);
  return ABSENT;
}

function tokenAdapter({ clients, tokens, issued, limits }: Tables): Adapter {
  return {
    ...ABSENT,
    async upsert(value, payload, expiresIn = 0) {
      const request = requestInProgress();
      let client = ownerOf(payload, request);
      // Whether it stands as it did when it authenticated is looked at where the token is added.
      const { context } = request;
      const key = keyOf(payload);
      for (;;) {
        const shown = {
          assertion: await takeCounted(request, client, limits),
          proof: take('proof', request),
        };
        const token = { value, payload, seconds: expiresIn, ...shown };
        const { outcome, counted } = await issued.add({ context, client, key }, token);
        if (outcome === 'assertion_replayed')
          throw new errors.InvalidClientAuth('the assertion was used before');
        if (counted !== undefined) await limits.judge('oauth_client', counted, context);
        if (outcome === 'issued') return;
        if (outcome === 'proof_replayed') throw new errors.InvalidGrant('the proof was used before');
        if (outcome === 'limited') throw new Error('What is beyond the limit is judged so.');
        const present = await clients.active(context, client.id);
        if (present === undefined || hasLostKeys(client, present))
          throw new errors.InvalidClientAuth(
            'the client was suspended or got other keys at this very moment',
          );
        client = present;
      }
    },
    async find(value) {
      return (await tokens.find(value))?.payload;
    },
    async destroy(value) {
      const request = requestInProgress();
      const token = await tokens.find(value);
      if (token === undefined) return;
      const client = ownerOf(token.payload, request);
      await tokens.remove({ context: request.context, client, key: keyOf(token.payload) }, value);
    },
  };
}

/** The assertion, whose first use counts against the client's limit. */
async function takeCounted(
  request: RequestInProgress,
  client: ActiveClient,
  limits: RateLimits,
): Promise<CountedMark | undefined> {
  const mark = take('assertion', request);
  return mark && { ...mark, attempt: await limits.attempt('oauth_client', client.id) };
}

/** What the token is bound to (RFC 7800 §3.1). */
function keyOf({ jkt, 'x5t#S256': certificate }: AdapterPayload): string | undefined {
  return jkt ?? certificate;
}

/** A client is given and takes away its own tokens only. */
function ownerOf({ clientId }: AdapterPayload, { client }: RequestInProgress): ActiveClient {
  if (client === undefined || client.id !== clientId) throw new Error('The token is of another client.');
  return client;
}

/** Whoever has authenticated with a key that is replaced meanwhile gets no token for it. */
function hasLostKeys(before: ActiveClient, { jwks }: ActiveClient): boolean {
  const present = new Set(jwks.keys.map((key) => JSON.stringify(key)));
  return before.jwks.keys.some((key) => !present.has(JSON.stringify(key)));
}

/** As the library finds it too, a moment later: the connection is that of a client with a registered certificate. */
function isRecognised({ possession, jwks }: ActiveClient, { certificate }: RequestInProgress): boolean {
  if (possession !== 'mutual_tls' || certificate.kind !== 'presented') return false;
  const presented = certificateThumbprint(certificate.certificate);
  return jwks.keys.some((key) => thumbprintOfKey(key) === presented);
}

async function clientPayload({ clients, limits }: Tables, id: string): Promise<AdapterPayload | undefined> {
  const request = requestInProgress();
  const client = await clients.active(request.context, id);
  if (client === undefined) return undefined;
  request.client = client;
  if (!request.isProven && isRecognised(client, request)) {
    request.isProven = true;
    await limits.enforce('oauth_client', client.id, request.context);
  }
  const isBoundByProof = client.possession === 'dpop';
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
    token_endpoint_auth_method: client.possession === 'mutual_tls' ? MUTUAL_TLS : 'private_key_jwt',
    dpop_bound_access_tokens: isBoundByProof,
    ...(isBoundByProof ? {} : { tls_client_certificate_bound_access_tokens: true }),
    // No id token is ever issued; the library wants an algorithm that the server's key can do.
    id_token_signed_response_alg: 'ES256',
    scope: client.scopes.join(' '),
  };
}
