import { randomBytes } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { Locale } from '../../kernel/context.js';
import type { Clock } from '../../kernel/clock.js';
import { newId } from '../../kernel/ids.js';
import type { Logger } from '../logging/logger.js';

const TRACEPARENT = /^00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/;

/** The better of the two languages for an `Accept-Language` header (RFC 9110 §12.5.4); French unless English is preferred. */
export function localeOf(header: string | undefined): Locale {
  const weights = { fr: 0, en: 0 };
  for (const part of (header ?? '').slice(0, 500).split(',')) {
    const [range = '', ...parameters] = part.trim().toLowerCase().split(';');
    const quality = Number(
      parameters
        .find((entry) => entry.trim().startsWith('q='))
        ?.trim()
        .slice(2) ?? '1',
    );
    const language = range.split('-')[0];
    if ((language === 'fr' || language === 'en') && quality >= 0 && quality <= 1) {
      weights[language] = Math.max(weights[language], quality);
    }
  }
  return weights.en > weights.fr ? 'en' : 'fr';
}

function traceIdOf(header: string | undefined): string {
  const given = TRACEPARENT.exec(header ?? '')?.[1];
  return given === undefined || /^0+$/.test(given) ? randomBytes(16).toString('hex') : given;
}

/** Gives every request its id, language and trace, every answer its standing headers, and the log its one line. */
export function addRequestHooks(instance: FastifyInstance, clock: Clock, logger: Logger): void {
  instance.decorateRequest('exchange', null, []);
  instance.addHook('onRequest', (request, reply, done) => {
    const { 'accept-language': language, traceparent } = request.headers;
    request.exchange = {
      requestId: newId<'request'>(clock.now().getTime()),
      locale: localeOf(language),
      traceId: traceIdOf(Array.isArray(traceparent) ? traceparent[0] : traceparent),
      spanId: randomBytes(8).toString('hex'),
    };
    reply.header('x-request-id', request.exchange.requestId);
    reply.header('traceparent', `00-${request.exchange.traceId}-${request.exchange.spanId}-01`);
    reply.header('content-language', request.exchange.locale);
    done();
  });
  instance.addHook('onSend', (_, reply, payload, done) => {
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
    reply.header('vary', 'accept-language');
    done(null, payload);
  });
  instance.addHook('onResponse', (request, reply, done) => {
    logger.request(request, reply.statusCode, reply.elapsedTime);
    done();
  });
}
