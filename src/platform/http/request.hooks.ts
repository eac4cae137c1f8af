import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyInstance } from 'fastify';
import Negotiator from 'negotiator';
import type { Locale } from '../../kernel/context.js';
import type { Clock } from '../../kernel/clock.js';
import { newId } from '../../kernel/ids.js';
import { canonicalAddress } from '../../kernel/ip-network.js';
import { SystemRandomness } from '../../kernel/randomness.js';
import type { Exchange } from './exchange.js';
import { PROTECTION } from './protection.js';
import type { Logger } from '../logging/logger.js';

const TRACEPARENT = /^00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/;

/** More than a browser sends; what follows is not read. */
const LONGEST_HEADER = 500;

/** Few browsers send anything of their own: each wish is looked at once, and what is remembered is bounded. */
const WISHES = new Map<string, Locale>();
const MOST_WISHES = 1_000;

/** For names that nobody has to guess, many at once. */
const RANDOMNESS = new SystemRandomness();

/** The language to answer in (RFC 9110 §12.5.4): French for whoever prefers neither, unless they refuse it. */
export function localeOf(header = ''): Locale {
  const wish = header.slice(0, LONGEST_HEADER);
  const known = WISHES.get(wish);
  if (known !== undefined) return known;
  const headers = { 'accept-language': `${wish}, *;q=0.001` };
  const [best] = new Negotiator({ headers }).languages(['fr', 'en']);
  const locale = best === 'en' ? 'en' : 'fr';
  if (WISHES.size >= MOST_WISHES) WISHES.clear();
  WISHES.set(wish, locale);
  return locale;
}

function traceIdOf(header: string | undefined): string {
  const given = TRACEPARENT.exec(header ?? '')?.[1];
  return given === undefined || /^0+$/.test(given) ? RANDOMNESS.bytes(16).toString('hex') : given;
}

/** What is known of a request from its headers alone. */
export function exchangeOf(headers: IncomingHttpHeaders, clock: Clock): Exchange {
  const { 'accept-language': language, traceparent } = headers;
  return {
    requestId: newId<'request'>(clock.now().getTime()),
    locale: localeOf(language),
    traceId: traceIdOf(Array.isArray(traceparent) ? traceparent[0] : traceparent),
    spanId: RANDOMNESS.bytes(8).toString('hex'),
  };
}

/** What every answer says, whatever it is, and of the request it belongs to. */
export function standingHeaders({ requestId, locale, traceId, spanId }: Exchange): Record<string, string> {
  return {
    ...PROTECTION,
    'x-request-id': requestId,
    traceparent: `00-${traceId}-${spanId}-01`,
    'content-language': locale,
    vary: 'accept-language',
  };
}

/** Gives every request its id, language and trace, every answer its standing headers, and the log its one line. */
export function addRequestHooks(instance: FastifyInstance, clock: Clock, logger: Logger): void {
  instance.decorateRequest('exchange', null, []);
  instance.decorateRequest('address', '');
  instance.addHook('onRequest', (request, reply, done) => {
    request.exchange = exchangeOf(request.headers, clock);
    request.address = canonicalAddress(request.ip);
    reply.headers(standingHeaders(request.exchange));
    done();
  });
  instance.addHook('onSend', (_, reply, payload, done) => {
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
    done(null, payload);
  });
  instance.addHook('onResponse', (request, reply, done) => {
    logger.request(request, reply.statusCode, reply.elapsedTime);
    done();
  });
}
