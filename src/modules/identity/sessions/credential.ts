import { Failure } from '../../../kernel/errors.js';
import type { Request } from '../../../platform/http/index.js';
import type { Transport } from '../persistence/session.entity.js';

/** `__Host-`: sent over TLS to this very host only, and set by nobody else (RFC 6265bis §4.1.3.2). */
export const SESSION_COOKIE = '__Host-sceau';

/** The scheme in any case (RFC 9110 §11.1). */
const BEARER = /^Bearer ([A-Za-z0-9_-]{43})$/i;
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

export interface Credential {
  readonly token: string;
  readonly transport: Transport;
}

/** The session token of a request: the `Authorization` header if there is one, else the cookie. */
export function presentedCredential(request: Request): Credential | undefined {
  const { authorization } = request.headers;
  if (authorization !== undefined) {
    const token = BEARER.exec(authorization)?.[1];
    return token === undefined ? undefined : { token, transport: 'token' };
  }
  const cookie = request.cookies[SESSION_COOKIE];
  return cookie === undefined ? undefined : { token: cookie, transport: 'cookie' };
}

/**
 * A browser sends its cookie whoever asks, so a state change must also show that our own pages asked.
 * @throws Failure `cross_site_request`
 */
export function requireSameSite(request: Request): void {
  if (!SAFE_METHODS.has(request.method)) requireOwnPages(request);
}

/**
 * That one of our own pages asked, which a request must show also where it is about to be given a cookie: else any site
 * could sign somebody in as somebody else.
 * @throws Failure `cross_site_request`
 */
export function requireOwnPages(request: Request): void {
  const isOurs =
    request.headers['sec-fetch-site'] === 'same-origin' && request.headers['x-requested-by'] !== undefined;
  if (!isOurs) throw new Failure('cross_site_request');
}
