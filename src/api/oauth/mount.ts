import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AuthorizationServer, ENDPOINTS } from '../../modules/agencies/index.js';
import { contextOf, type Reply, type Request } from '../../platform/http/index.js';

/** The authorization server's endpoints. What else its library can do has no route and does not exist here. */
const ROUTES = [
  { method: 'POST', path: ENDPOINTS.token },
  { method: 'POST', path: ENDPOINTS.introspection },
  { method: 'POST', path: ENDPOINTS.revocation },
  { method: 'GET', path: ENDPOINTS.jwks },
] as const;

/** Adds the authorization server's routes. Call before the application listens. */
export function mountAuthorizationServer(app: NestFastifyApplication): void {
  const server = app.get(AuthorizationServer, { strict: false });
  const forward = async (request: Request, reply: Reply): Promise<void> => {
    const handle = await server.callback();
    reply.hijack();
    for (const [name, value] of Object.entries(reply.getHeaders())) {
      if (value !== undefined) reply.raw.setHeader(name, value);
    }
    reply.raw.setHeader('cache-control', 'no-store');
    // The library expects the path below its issuer, and makes addresses of the original.
    Object.assign(request.raw, { originalUrl: request.url, url: request.url.replace(/^\/oauth/, '') });
    const caller = { context: contextOf(request), certificate: request.clientCertificate };
    await handle(caller, request.raw, reply.raw);
  };
  const instance = app.getHttpAdapter().getInstance();
  for (const { method, path } of ROUTES) {
    // As a hook, because the library reads the body itself: Fastify does so before it calls a handler.
    instance.route({ method, url: `/oauth${path}`, onRequest: forward, handler: forward });
  }
}
