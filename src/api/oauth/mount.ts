import type { IncomingMessage, ServerResponse } from 'node:http';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AuthorizationServer } from '../../modules/agencies/index.js';

/** All that the client-credentials flow needs; the library's other endpoints do not exist here. */
const ENDPOINTS = new Set(['/oauth/token', '/oauth/introspect', '/oauth/revoke', '/oauth/jwks']);

/** Mounts the authorization server in front of the routes. Paths that are not its own go on to them. */
export function mountAuthorizationServer(app: NestFastifyApplication): void {
  const server = app.get(AuthorizationServer, { strict: false });
  const handle = server.callback();
  const issuer = new URL(server.issuer);
  const middleware = (request: IncomingMessage, response: ServerResponse, next: () => void): void => {
    const { originalUrl = request.url ?? '' } = request as IncomingMessage & { originalUrl?: string };
    if (!ENDPOINTS.has(originalUrl.split('?')[0] ?? '')) {
      next();
      return;
    }
    // What clients sign names the address they know, not the one a proxy talks to.
    request.headers.host = issuer.host;
    request.headers['x-forwarded-proto'] = issuer.protocol.slice(0, -1);
    delete request.headers['x-forwarded-host'];
    delete request.headers['x-forwarded-for'];
    response.setHeader('cache-control', 'no-store');
    void handle(request, response);
  };
  app.use('/oauth', middleware);
}
