import { createHmac } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Injectable } from '@nestjs/common';
import type { JWK } from 'jose';
import { Provider } from 'oidc-provider';
import { Clock } from '../../../kernel/clock.js';
import { Settings } from '../../../platform/config/settings.js';
import { RateLimits } from '../../../platform/http/index.js';
import { IndexKeys } from '../../../sealing/index.js';
import { Clients } from '../clients/clients.js';
import { IssuedTokens } from '../persistence/issued-tokens.js';
import { markOf } from '../persistence/replay-store.js';
import { TokenStore } from '../persistence/token-store.js';
import { Assertions } from './assertions.js';
import { providerConfiguration } from './configuration.js';
import { Refusals } from './refusals.js';
import { answering, type RequestInProgress, requestInProgress } from './request-in-progress.js';
import { KEYS_READ_EVERY_MS, SigningKeys } from './signing-keys.js';

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** Who asks, as far as the connection tells. */
type Caller = Pick<RequestInProgress, 'context' | 'certificate'>;

interface Running {
  readonly handle: Handler;
  /** The ids of its keys. */
  readonly names: string;
}

/** The embedded authorization server (oidc-provider). It starts with the first process that asks for it. */
@Injectable()
export class AuthorizationServer {
  /** RFC 8414 §2; also the only audience of client assertions. */
  readonly issuer: string;
  /** The only resource that tokens are for (RFC 8707). */
  readonly resource: string;
  readonly #clients: Clients;
  readonly #tokens: TokenStore;
  readonly #issued: IssuedTokens;
  readonly #assertions: Assertions;
  readonly #keys: IndexKeys;
  readonly #signingKeys: SigningKeys;
  readonly #refusals: Refusals;
  readonly #limits: RateLimits;
  readonly #clock: Clock;
  readonly #takesCertificates: boolean;
  #running: Promise<Running> | undefined;
  /** When its keys are read again, in milliseconds since the epoch. */
  #renewAt = 0;

  constructor(
    settings: Settings,
    clients: Clients,
    tokens: TokenStore,
    issued: IssuedTokens,
    assertions: Assertions,
    keys: IndexKeys,
    signingKeys: SigningKeys,
    refusals: Refusals,
    limits: RateLimits,
    clock: Clock,
  ) {
    this.issuer = `${settings.publicUrl}/oauth`;
    this.resource = `${settings.publicUrl}/v1`;
    this.#clients = clients;
    this.#tokens = tokens;
    this.#issued = issued;
    this.#assertions = assertions;
    this.#keys = keys;
    this.#signingKeys = signingKeys;
    this.#refusals = refusals;
    this.#limits = limits;
    this.#clock = clock;
    this.#takesCertificates = settings.http.mutualTls !== undefined;
  }

  /**
   * A request handler for `node:http`. It reads the body itself and expects the path below the issuer in `url`.
   * @throws Failure `keys_unavailable` when its keys cannot be had; the next call tries again
   */
  async callback(): Promise<(caller: Caller, ...exchange: Parameters<Handler>) => Promise<void>> {
    const { handle } = await this.#present();
    const { protocol, host } = new URL(this.issuer);
    return (caller, request, response) => {
      // The library makes the address that a DPoP proof must name of these. Whatever ends TLS in front, and whatever a
      // caller says, there is one such address (RFC 9449 §4.3).
      request.headers['x-forwarded-proto'] = protocol.slice(0, -1);
      request.headers['x-forwarded-host'] = host;
      return answering(caller, () => handle(request, response));
    };
  }

  /** With the keys as they stood a minute ago at the earliest, so that a rotation reaches every process. */
  async #present(): Promise<Running> {
    const now = this.#clock.now().getTime();
    const before = this.#running;
    if (before !== undefined && now < this.#renewAt) return before;
    this.#renewAt = now + KEYS_READ_EVERY_MS;
    const running = this.#renewed(before);
    this.#running = running;
    try {
      return await running;
    } catch (cause) {
      // The next call tries again.
      if (this.#running === running) this.#running = undefined;
      throw cause;
    }
  }

  async #renewed(before: Promise<Running> | undefined): Promise<Running> {
    const keys = await this.#signingKeys.load();
    const names = keys.map(({ kid }) => kid).join();
    const running = await before?.catch(() => undefined);
    return running?.names === names ? running : { names, handle: await this.#start(keys) };
  }

  async #start(signingKeys: readonly JWK[]): Promise<Handler> {
    const configuration = providerConfiguration({
      issuer: this.issuer,
      resource: this.resource,
      tables: {
        clients: this.#clients,
        tokens: this.#tokens,
        issued: this.#issued,
        limits: this.#limits,
      },
      takesCertificates: this.#takesCertificates,
      signingKeys,
      nonceSecret: createHmac('sha256', await this.#keys.key('dpop-nonce'))
        .update('authorization server')
        .digest(),
      clock: this.#clock,
    });
    const provider = new Provider(this.issuer, configuration);
    provider.proxy = true;
    Object.assign(provider.ReplayDetection, {
      unique: (clientId: string, jti: string, expiresAt: number) =>
        this.#isFirstUse(clientId, jti, expiresAt),
    });
    this.#refusals.watch(provider);
    return provider.callback();
  }

  /** The library looks first and saves afterwards: of several at once more than one would pass. */
  async #isFirstUse(clientId: string, jti: string, expiresAt: number): Promise<boolean> {
    const request = requestInProgress();
    const until = new Date(expiresAt * 1_000);
    // The statement that issues the token decides.
    if (request.presented === 'proof') {
      request.proof = markOf('token_proof', clientId, jti, until);
      return true;
    }
    // What comes after the assertion, if anything, is the proof.
    request.presented = 'proof';
    request.assertion = markOf('assertion', clientId, jti, until);
    // Where no token comes of the request after all, it is used before that is answered.
    return request.isForToken || this.#assertions.use(request);
  }
}
