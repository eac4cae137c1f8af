import scalar from '@scalar/fastify-api-reference';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import cookie from '@fastify/cookie';
import { mountAuthorizationServer, OAUTH_PATHS } from './api/oauth/index.js';
import { mountWelcome } from './api/public/welcome/mount.js';
import { AppModule } from './app.module.js';
import { Clock, SystemClock } from './kernel/clock.js';
import type { Sources } from './platform/config/config.module.js';
import type { Settings } from './platform/config/settings.js';
import { addClientCertificates } from './platform/http/client-certificates.js';
import { describeContract } from './platform/http/documentation/contract.js';
import type { Reply, Request } from './platform/http/exchange.js';
import { addForms } from './platform/http/forms/form.js';
import { addJsonParsers } from './platform/http/json-body.js';
import { addRequestHooks } from './platform/http/request.hooks.js';
import { RouteTable } from './platform/http/route-table.js';
import { UnreadableRequests } from './platform/http/unreadable.js';
import { Logger } from './platform/logging/logger.js';
import { MetricsServer } from './platform/metrics/metrics-server.js';
import { VERSION } from './version.js';

const BODY_LIMIT_BYTES = 256 * 1_024;

/** The reference page brings its own script and styles; nothing is fetched from anywhere else. */
const REFERENCE_POLICY =
  "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
  "font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** The HTTP application, complete but not listening yet. */
export async function createApplication(
  settings: Settings,
  sources: Sources = {},
): Promise<NestFastifyApplication> {
  const unreadable = new UnreadableRequests(sources.clock ?? new SystemClock());
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_LIMIT_BYTES,
    trustProxy: settings.http.trustedProxies.length > 0 ? [...settings.http.trustedProxies] : false,
    // Ten megabytes over a slow line; headers alone have a minute.
    requestTimeout: 300_000,
    // An id of any length is one that does not exist.
    routerOptions: { maxParamLength: 16_384 },
    frameworkErrors: (_: Error, request: Request, reply: Reply) => unreadable.answer(request.raw, reply.raw),
    clientErrorHandler: (error, socket) => unreadable.answerConnection(error, socket),
  });
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.with(settings, sources), adapter, {
    bodyParser: false,
    logger: false,
    abortOnError: false,
  });
  const instance = adapter.getInstance();
  app.get(RouteTable).watch(instance);
  addRequestHooks(instance, app.get(Clock), app.get(Logger));
  addClientCertificates(instance, settings.http, app.get(Clock));
  await app.register(cookie);
  addJsonParsers(instance);
  await addForms(instance);
  mountAuthorizationServer(app);
  await mountReference(app);
  await mountWelcome(app);
  await app.get(MetricsServer).start();
  return app;
}

async function mountReference(app: NestFastifyApplication): Promise<void> {
  const instance = app.getHttpAdapter().getInstance();
  const contract = describeContract(app, VERSION, OAUTH_PATHS);
  instance.get('/openapi.json', (_, reply) => reply.type('application/json; charset=utf-8').send(contract));
  instance.addHook('onSend', (request, reply, payload, done) => {
    if (request.url === '/docs' || request.url.startsWith('/docs/')) {
      reply.header('content-security-policy', REFERENCE_POLICY);
    }
    done(null, payload);
  });
  await app.register(scalar, {
    routePrefix: '/docs',
    configuration: {
      url: '/openapi.json',
      withDefaultFonts: false,
      telemetry: false,
      hideClientButton: true,
    },
  });
}
