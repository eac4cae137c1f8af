import { Injectable, type OnModuleInit } from '@nestjs/common';
import Provider, {
  type AccessToken,
  type Client,
  type ClientCredentials,
  type Configuration,
  errors,
  type KoaContextWithOIDC,
  type RefreshToken,
} from 'oidc-provider';
import { Clock } from '../../../kernel/clock.js';
import type { AgencyScope, RequestContext } from '../../../kernel/context.js';
import { newId } from '../../../kernel/ids.js';
import { Randomness } from '../../../kernel/randomness.js';
import { type Action, Ledger, type Outcome } from '../../../ledger/index.js';
import { Settings } from '../../../platform/config/settings.js';
import { Logger } from '../../../platform/logging/logger.js';
import { IndexKeys } from '../../../sealing/index.js';
import { CLIENT_ALGORITHMS } from '../clients/client-keys.js';
import { Clients } from '../clients/clients.js';
import { RecordStore } from '../persistence/record-store.js';
import { ReplayStore } from '../persistence/replay-store.js';
import { adapterOf } from './adapter.js';
import { SigningKey } from './signing-key.js';

export const AGENCY_SCOPES: readonly AgencyScope[] = [
  'vacancies:read',
  'vacancies:write',
  'applications:read',
  'applications:decide',
  'webhooks:manage',
  'usage:read',
];

export const TOKEN_SECONDS = 300;

/** The embedded authorization server: FAPI 2.0, client credentials, private_key_jwt, DPoP, opaque tokens. */
@Injectable()
export class AuthorizationServer implements OnModuleInit {
  readonly issuer: string;
  readonly resource: string;
  readonly #records: RecordStore;
  readonly #replays: ReplayStore;
  readonly #clients: Clients;
  readonly #keys: IndexKeys;
  readonly #signingKey: SigningKey;
  readonly #ledger: Ledger;
  readonly #logger: Logger;
  readonly #clock: Clock;
  readonly #randomness: Randomness;
  #provider: Provider | undefined;

  constructor(
    settings: Settings,
    records: RecordStore,
    replays: ReplayStore,
    clients: Clients,
    keys: IndexKeys,
    signingKey: SigningKey,
    ledger: Ledger,
    logger: Logger,
    clock: Clock,
    randomness: Randomness,
  ) {
    this.issuer = `${settings.publicUrl}/oauth`;
    this.resource = `${settings.publicUrl}/v1`;
    this.#records = records;
    this.#replays = replays;
    this.#clients = clients;
    this.#keys = keys;
    this.#signingKey = signingKey;
    this.#ledger = ledger;
    this.#logger = logger;
    this.#clock = clock;
    this.#randomness = randomness;
  }

  async onModuleInit(): Promise<void> {
    const provider = new Provider(this.issuer, await this.#configuration());
    provider.proxy = true;
    // The library looks first and saves afterwards, so of several at once more than one would pass.
    Object.assign(provider.ReplayDetection, {
      unique: (issuer: string, jti: string, expiresAt: number) =>
        this.#replays.isFirstUse('oauth', issuer, jti, new Date(expiresAt * 1_000)),
    });
    provider.on('server_error', (_, error) => this.#logger.fault('authorization server faulted', error));
    const refused = (ctx: KoaContextWithOIDC, error: Error): void => this.#recordRefusal(ctx, error);
    provider.on('grant.error', refused).on('introspection.error', refused).on('revocation.error', refused);
    provider.on('client_credentials.destroyed', (token: ClientCredentials) => {
      void this.#record('token.revoked', 'allowed', token.clientId).catch((error: unknown) =>
        this.#logger.fault('revocation not recorded', error),
      );
    });
    this.#provider = provider;
  }

  /** A request handler for `node:http`, to be mounted at the issuer's path. */
  callback(): ReturnType<Provider['callback']> {
    return this.#ready().callback();
  }

  /** @returns the token if it is alive; whether its client still is, the caller checks */
  async findToken(value: string): Promise<ClientCredentials | undefined> {
    const token = await this.#ready().ClientCredentials.find(value);
    return token?.isValid === true ? token : undefined;
  }

  #ready(): Provider {
    if (this.#provider === undefined) throw new Error('The authorization server starts with its module.');
    return this.#provider;
  }

  async #configuration(): Promise<Configuration> {
    const nonceSecret = (await this.#keys.key('dpop-nonce')).export();
    const { resource } = this;
    return {
      adapter: (model: string) =>
        adapterOf(model, this.#records, this.#clients, (payload) =>
          this.#record('token.issued', 'allowed', payload.clientId),
        ),
      jwks: { keys: [{ ...(await this.#signingKey.load()), kty: 'EC' }] },
      cookies: { keys: [this.#randomness.bytes(32).toString('base64url')] },
      routes: { token: '/token', introspection: '/introspect', revocation: '/revoke', jwks: '/jwks' },
      scopes: [...AGENCY_SCOPES],
      responseTypes: [],
      clientAuthMethods: ['private_key_jwt'],
      enabledJWA: {
        clientAuthSigningAlgValues: [...CLIENT_ALGORITHMS],
        dPoPSigningAlgValues: [...CLIENT_ALGORITHMS],
      },
      ttl: { ClientCredentials: TOKEN_SECONDS },
      features: {
        devInteractions: { enabled: false },
        userinfo: { enabled: false },
        rpInitiatedLogout: { enabled: false },
        clientCredentials: { enabled: true },
        dPoP: { enabled: true, nonceSecret, requireNonce: () => true },
        fapi: { enabled: true, profile: '2.0' },
        introspection: { enabled: true, allowedPolicy: ownTokensOnly },
        revocation: { enabled: true, allowedPolicy: ownTokensOnly },
        resourceIndicators: {
          enabled: true,
          defaultResource: () => {
            throw new errors.InvalidTarget('resource is required');
          },
          getResourceServerInfo: (_, indicator) => {
            if (indicator !== resource) throw new errors.InvalidTarget();
            return {
              scope: AGENCY_SCOPES.join(' '),
              audience: resource,
              accessTokenTTL: TOKEN_SECONDS,
              accessTokenFormat: 'opaque',
            };
          },
        },
      },
    };
  }

  /** What is refused is on record too, though nobody waits for it: the caller gets nothing either way. */
  #recordRefusal(ctx: KoaContextWithOIDC, error: Error): void {
    const reason = 'error' in error && typeof error.error === 'string' ? error.error : 'refused';
    void this.#record('token.refused', 'refused', ctx.oidc.client?.clientId, reason).catch((fault: unknown) =>
      this.#logger.fault('refusal not recorded', fault),
    );
  }

  async #record(
    action: Action,
    outcome: Outcome,
    clientId: string | undefined,
    reason?: string,
  ): Promise<void> {
    const client = clientId === undefined ? undefined : await this.#clients.active(clientId);
    await this.#ledger.append(
      {
        action,
        outcome,
        context: this.#context(client),
        ...(reason === undefined ? {} : { reason }),
      },
      'staged',
    );
  }

  #context(client: Awaited<ReturnType<Clients['active']>>): RequestContext {
    const address = Provider.ctx?.ip ?? 'unknown';
    return {
      requestId: newId<'request'>(this.#clock.now().getTime()),
      actor:
        client === undefined
          ? { kind: 'anonymous' }
          : { kind: 'agency', agencyId: client.agencyId, clientId: client.id, scopes: client.scopes },
      locale: 'en',
      address,
    };
  }
}

/** The library lets any client look at any token; here each sees its own. */
function ownTokensOnly(
  _: KoaContextWithOIDC,
  client: Client,
  token: AccessToken | ClientCredentials | RefreshToken,
): boolean {
  return token.clientId === client.clientId;
}
