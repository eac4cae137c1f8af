import { Injectable } from '@nestjs/common';
import { errors, type KoaContextWithOIDC, type Provider } from 'oidc-provider';
import { Failure } from '../../../kernel/errors.js';
import { originOf } from '../../../kernel/ip-network.js';
import { type CertificateProblem, rateHeaders, RateLimits } from '../../../platform/http/index.js';
import { Logger } from '../../../platform/logging/logger.js';
import { actorOf, TokenEntries } from '../token-entries.js';
import { Assertions } from './assertions.js';
import { requestInProgress } from './request-in-progress.js';

/** What the authorization server does not grant: on record before it is answered, and no more often than is bearable. */
@Injectable()
export class Refusals {
  readonly #assertions: Assertions;
  readonly #entries: TokenEntries;
  readonly #limits: RateLimits;
  readonly #logger: Logger;

  constructor(assertions: Assertions, entries: TokenEntries, limits: RateLimits, logger: Logger) {
    this.#assertions = assertions;
    this.#entries = entries;
    this.#limits = limits;
    this.#logger = logger;
  }

  /** Watches over everything that the provider answers; no answer says more than RFC 6749 §5.2 does. */
  watch(provider: Provider): void {
    const noted = new WeakMap<object, Error>();
    const note = (ctx: KoaContextWithOIDC, error: Error): void => {
      noted.set(ctx, error);
    };
    provider.on('grant.error', note).on('introspection.error', note).on('revocation.error', note);
    provider.on('server_error', note);
    // What faults is logged here; the framework below the library would write to the console.
    provider.silent = true;
    provider.use(async (ctx: KoaContextWithOIDC, next) => {
      try {
        if (ctx.method === 'POST') await this.#count(ctx);
        const request = requestInProgress();
        const { certificate } = request;
        if (certificate.kind === 'refused') return await this.#refuse(ctx, certificate.reason);
        await next();
        // Whatever else is wrong is not for whoever shows an assertion again to know.
        if (!(await this.#assertions.use(request))) return await this.#refuseRepeated(ctx);
        const error = noted.get(ctx);
        if (error === undefined) return;
        if (ctx.status >= 500) this.#answerFault(ctx, error);
        else await this.#record(error);
      } catch (error) {
        this.#answerFault(ctx, error);
      }
    });
  }

  /** Before anything else is done: whoever has yet to prove anything costs us work too. */
  async #count(ctx: KoaContextWithOIDC): Promise<void> {
    const { context } = requestInProgress();
    const state = await this.#limits.enforce('oauth', originOf(context.address), context);
    ctx.set(rateHeaders('oauth', state));
  }

  /** Whoever forwards a certificate and is not to be believed, or one that is good for nothing, is told no more than others. */
  async #refuse(ctx: KoaContextWithOIDC, reason: CertificateProblem): Promise<void> {
    const { context } = requestInProgress();
    await this.#limits.enforce('agency_refusals', originOf(context.address), context);
    await this.#entries.refused(context, reason);
    answerUnauthenticated(ctx);
  }

  async #refuseRepeated(ctx: KoaContextWithOIDC): Promise<void> {
    await this.#record(new errors.InvalidClientAuth('the assertion was used before'));
    answerUnauthenticated(ctx);
  }

  async #record(error: Error): Promise<void> {
    const code = 'error' in error && typeof error.error === 'string' ? error.error : 'refused';
    // To be asked for a fresh nonce is how every exchange begins.
    if (code === 'use_dpop_nonce') return;
    const { context, client, isProven } = requestInProgress();
    await this.#limits.enforce('agency_refusals', originOf(context.address), context);
    const actor =
      isProven && client !== undefined && code !== 'invalid_client' ? actorOf(client) : context.actor;
    await this.#entries.refused({ ...context, actor }, code, { agencyId: client?.agencyId });
  }

  #answerFault(ctx: KoaContextWithOIDC, error: unknown): void {
    const failure = error instanceof Failure && error.code !== 'internal_error' ? error : undefined;
    const isLimit = failure?.code === 'too_many_requests';
    if (!isLimit) this.#logger.fault('authorization server faulted', error);
    ctx.status = isLimit ? 429 : failure === undefined ? 500 : 503;
    if (failure !== undefined) ctx.set({ 'retry-after': '1', ...failure.headers });
    ctx.body = {
      error: failure === undefined ? 'server_error' : 'temporarily_unavailable',
      error_description: descriptionOf(ctx.status),
    };
  }
}

function answerUnauthenticated(ctx: KoaContextWithOIDC): void {
  ctx.status = 401;
  ctx.body = { error: 'invalid_client', error_description: 'client authentication failed' };
}

function descriptionOf(status: number): string {
  switch (status) {
    case 429:
      return 'Too many requests. Try again later.';
    case 503:
      return 'Try again in a moment.';
    default:
      return 'Something went wrong on our side.';
  }
}
