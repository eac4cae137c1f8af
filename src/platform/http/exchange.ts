import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Actor, Locale, RequestContext } from '../../kernel/context.js';
import type { RequestId } from '../../kernel/ids.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Put here by the passport strategy that recognised the caller. */
    user?: Actor;
    exchange: Exchange;
    /** Of the caller, as far as the proxies in between are to be believed; each look at `ip` works it out again. */
    address: string;
  }
}

/** What is known of every request before anybody looks at it. */
export interface Exchange {
  readonly requestId: RequestId;
  readonly locale: Locale;
  /** W3C trace context, continued from the caller or begun here. */
  readonly traceId: string;
  readonly spanId: string;
}

export type Request = FastifyRequest;
export type Reply = FastifyReply;

const ANONYMOUS: Actor = { kind: 'anonymous' };

/** The context that services take, from the request as it stands. */
export function contextOf(request: Request): RequestContext {
  return {
    requestId: request.exchange.requestId,
    actor: request.user ?? ANONYMOUS,
    locale: request.exchange.locale,
    address: request.address,
    userAgent: request.headers['user-agent'],
  };
}
