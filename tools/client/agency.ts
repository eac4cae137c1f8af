import * as oauth from 'openid-client';
import { importJWK, type JWK } from 'jose';
import { type Exchange, jsonRequest, type Listener, readBody, type RequestOptions } from './exchange.ts';

export interface AgencyCredentials {
  readonly clientId: string;
  /** Private key of the client, whose public half the operator registered. */
  readonly privateKey: JWK & { readonly alg: string; readonly kid: string };
}

/** An agency's program on an unmodified OAuth client library: private_key_jwt, DPoP, client credentials. */
export class AgencyClient {
  readonly #base: string;
  readonly #config: oauth.Configuration;
  readonly #dpop: oauth.DPoPHandle;
  readonly #listen: Listener | undefined;
  #token: string | undefined;

  constructor(base: string, config: oauth.Configuration, dpop: oauth.DPoPHandle, listen?: Listener) {
    this.#base = base;
    this.#config = config;
    this.#dpop = dpop;
    this.#listen = listen;
  }

  static async connect(
    base: string,
    credentials: AgencyCredentials,
    listen?: Listener,
  ): Promise<AgencyClient> {
    const key = await importJWK(credentials.privateKey, credentials.privateKey.alg);
    if (!(key instanceof CryptoKey)) throw new Error('The agency key must be an asymmetric one.');
    // oxlint-disable-next-line typescript/no-deprecated -- marked so to stand out; on the loopback there is no TLS
    const insecure = new URL(base).protocol === 'http:' ? [oauth.allowInsecureRequests] : [];
    const config = await oauth.discovery(
      new URL('/oauth', base),
      credentials.clientId,
      {},
      oauth.PrivateKeyJwt({ key, kid: credentials.privateKey.kid }),
      { algorithm: 'oauth2', execute: insecure },
    );
    const dpop = oauth.getDPoPHandle(config, await oauth.randomDPoPKeyPair('ES256'));
    return new AgencyClient(base, config, dpop, listen);
  }

  /** Gets an access token for these scopes; it is used from then on. */
  async authorise(scopes: readonly string[]): Promise<void> {
    const answer = await oauth.clientCredentialsGrant(
      this.#config,
      { scope: scopes.join(' '), resource: new URL('/v1', this.#base).href },
      { DPoP: this.#dpop },
    );
    this.#token = answer.access_token;
    this.#listen?.({
      method: 'POST',
      path: '/oauth/token',
      status: 200,
      headers: new Headers(),
      body: undefined,
    });
  }

  get token(): string {
    if (this.#token === undefined) throw new Error('Call authorise() first.');
    return this.#token;
  }

  async request(path: string, options: RequestOptions = {}): Promise<Exchange> {
    const init = jsonRequest(options);
    const method = init.method ?? 'GET';
    const response = await oauth
      .fetchProtectedResource(
        this.#config,
        this.token,
        new URL(path, this.#base),
        method,
        typeof init.body === 'string' ? init.body : undefined,
        new Headers(init.headers),
        { DPoP: this.#dpop },
      )
      .catch((error: unknown) => refusedAnswer(error));
    const exchange: Exchange = {
      method,
      path,
      status: response.status,
      headers: response.headers,
      body: await readBody(response),
    };
    this.#listen?.(exchange);
    return exchange;
  }
}

/** The library throws on a `WWW-Authenticate` challenge; to us that is an answer like any other. */
function refusedAnswer(error: unknown): Response {
  if (error instanceof oauth.WWWAuthenticateChallengeError) return error.response;
  throw error;
}
