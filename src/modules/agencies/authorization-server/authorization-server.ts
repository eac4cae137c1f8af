import { createHmac } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Injectable } from '@nestjs/common';
import { type KoaContextWithOIDC, Provider } from 'oidc-provider';
import { Clock } from '../../../kernel/clock.js';
import type { RequestContext } from '../../../kernel/context.js';
import { Failure } from '../../../kernel/errors.js';
import { Settings } from '../../../platform/config/settings.js';
import { Logger } from '../../../platform/logging/logger.js';
import { IndexKeys } from '../../../sealing/index.js';
import { Clients } from '../clients/clients.js';
import { ReplayStore } from '../persistence/replay-store.js';
import { TokenStore } from '../persistence/token-store.js';
import { actorOf, TokenEntries } from '../token-entries.js';
import { currentRequest } from './adapter.js';
import { providerConfiguration } from './configuration.js';
import { SigningKey } from './signing-key.js';

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** The embedded authorization server (oidc-provider). It starts with the first process that asks for it. */
@Injectable()
export class AuthorizationServer {
  /** RFC 8414 §2; also the only audience of client assertions. */
  readonly issuer: string;
  /** The only resource that tokens are for (RFC 8707). */
  readonly resource: string;
  readonly #clients: Clients;
  readonly #tokens: TokenStore;
  readonly #replays: ReplayStore;
  readonly #entries: TokenEntries;
  readonly #keys: IndexKeys;
  readonly #signingKey: SigningKey;
  readonly #logger: Logger;
  readonly #clock: Clock;
  #handler: Promise<Handler> | undefined;

  constructor(
    settings: Settings,
    clients: Clients,
    tokens: TokenStore,
    replays: ReplayStore,
    entries: TokenEntries,
    keys: IndexKeys,
    signingKey: SigningKey,
    logger: Logger,
    clock: Clock,
  ) {
    this.issuer = `${settings.publicUrl}/oauth`;
    this.resource = `${settings.publicUrl}/v1`;
    this.#clients = clients;
    this.#tokens = tokens;
    this.#replays = replays;
    this.#entries = entries;
    this.#keys = keys;
    this.#signingKey = signingKey;
    this.#logger = logger;
    this.#clock = clock;
  }

  /**
   * A request handler for `node:http`. It reads the body itself and expects the path below the issuer in `url`.
   * @throws Failure `keys_unavailable` when its keys cannot be had; the next call tries again
   */
  async callback(): Promise<(context: RequestContext, ...exchange: Parameters<Handler>) => Promise<void>> {
    this.#handler ??= this.#start().catch((cause: unknown) => {
      this.#handler = undefined;
      throw cause;
    });
    const handle = await this.#handler;
    const { protocol, host } = new URL(this.issuer);
    return (context, request, response) => {
      // The library makes the address that a DPoP proof must name of these. Whatever ends TLS in front, and whatever a
      // caller says, there is one such address (RFC 9449 §4.3).
      request.headers['x-forwarded-proto'] = protocol.slice(0, -1);
      request.headers['x-forwarded-host'] = host;
      return currentRequest.run(context, () => handle(request, response));
    };
  }

  async #start(): Promise<Handler> {
    const configuration = providerConfiguration({
      issuer: this.issuer,
      resource: this.resource,
      tables: { clients: this.#clients, tokens: this.#tokens, entries: this.#entries },
      signingKey: await this.#signingKey.load(),
      nonceSecret: createHmac('sha256', await this.#keys.key('dpop-nonce'))
        .update('authorization server')
        .digest(),
      clock: this.#clock,
    });
    const provider = new Provider(this.issuer, configuration);
    provider.proxy = true;
    // The library looks first and saves afterwards: of several at once more than one would pass.
    Object.assign(provider.ReplayDetection, {
      unique: (issuer: string, jti: string, expiresAt: number) =>
        this.#replays.isFirstUse('assertion', issuer, jti, new Date(expiresAt * 1_000)),
    });
    this.#watchErrors(provider);
    return provider.callback();
  }

  /** Every refusal is on record before it is answered, and no answer says more than RFC 6749 §5.2 does. */
  #watchErrors(provider: Provider): void {
    const errors = new WeakMap<object, Error>();
    const note = (ctx: KoaContextWithOIDC, error: Error): void => {
      errors.set(ctx, error);
    };
    provider.on('grant.error', note).on('introspection.error', note).on('revocation.error', note);
    provider.on('server_error', note);
    // What faults is logged here; the framework below the library would write to the console.
    provider.silent = true;
    provider.use(async (ctx: KoaContextWithOIDC, next) => {
      await next().catch((error: unknown) => this.#answerFault(ctx, error));
      const error = errors.get(ctx);
      if (error === undefined) return;
      if (ctx.status >= 500) this.#answerFault(ctx, error);
      else await this.#recordRefusal(ctx, error);
    });
  }

  #answerFault(ctx: KoaContextWithOIDC, error: unknown): void {
    this.#logger.fault('authorization server faulted', error);
    const passing = error instanceof Failure && error.code !== 'internal_error';
    ctx.status = passing ? 503 : 500;
    if (passing) ctx.set('retry-after', '1');
    ctx.body = {
      error: passing ? 'temporarily_unavailable' : 'server_error',
      error_description: passing ? 'Try again in a moment.' : 'Something went wrong on our side.',
    };
  }

  async #recordRefusal(ctx: KoaContextWithOIDC, error: Error): Promise<void> {
    const code = 'error' in error && typeof error.error === 'string' ? error.error : 'refused';
    const context = currentRequest.getStore();
    // To be asked for a fresh nonce is how every exchange begins.
    if (code === 'use_dpop_nonce' || context === undefined) return;
    const claimed = await this.#clients.active(context, ctx.oidc.client?.clientId ?? '');
    const proven = ctx.state['authenticated'] === true && code !== 'invalid_client' ? claimed : undefined;
    const actor = proven === undefined ? context.actor : actorOf(proven);
    try {
      await this.#entries.refused({ ...context, actor }, code, { agencyId: claimed?.agencyId });
    } catch (cause) {
      this.#answerFault(ctx, cause);
    }
  }
}
