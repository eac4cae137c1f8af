import { Param, type PipeTransform } from '@nestjs/common';
import { ApiParam } from '@nestjs/swagger';
import { Failure } from '../../kernel/errors.js';
import type { FederationProvider } from '../../platform/config/settings.js';
import type { Reply, Request } from '../../platform/http/index.js';
import { FEDERATION_PROVIDERS, type FederationCallbackQuery } from './dtos/federation.dtos.js';

/** `Lax`: the way back from a provider is a navigation from another site. It opens nothing by itself. */
const BROWSER_COOKIE = '__Host-sceau-federation';
const BROWSER = /^[A-Za-z0-9_-]{43}$/;
const SECONDS = 900;

export function browserOf(request: Request): string | undefined {
  const cookie = request.cookies[BROWSER_COOKIE];
  return cookie !== undefined && BROWSER.test(cookie) ? cookie : undefined;
}

export function rememberBrowser(reply: Reply, browser: string): void {
  const options = { path: '/', httpOnly: true, secure: true, sameSite: 'lax', maxAge: SECONDS } as const;
  reply.setCookie(BROWSER_COOKIE, browser, options);
}

export function forgetBrowser(reply: Reply): void {
  reply.clearCookie(BROWSER_COOKIE, { path: '/', secure: true });
}

/** To the page that is configured; in the fragment, which no server and no log ever sees. */
export function sendBack(reply: Reply, page: string, fragment: string): void {
  reply.header('location', `${page}#${fragment}`);
}

export function queryOf(query: FederationCallbackQuery): URLSearchParams {
  const given = Object.entries(query).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return new URLSearchParams(given);
}

/** What a person is told who has come back in vain: a browser shows what it is sent to, not an error document. */
type InVain = 'refused' | 'taken' | 'unavailable';

/** @throws what is not about the person's way there and back */
export function inVain(error: unknown): { readonly kind: InVain } {
  if (!(error instanceof Failure)) throw error;
  switch (error.code) {
    case 'authentication_failed':
      return { kind: 'refused' };
    case 'conflict':
      return { kind: 'taken' };
    case 'service_unavailable':
      return { kind: 'unavailable' };
    default:
      throw error;
  }
}

class ProviderPipe implements PipeTransform<string, FederationProvider> {
  transform(value: string): FederationProvider {
    const provider = FEDERATION_PROVIDERS.find((known) => known === value);
    if (provider === undefined) throw new Failure('not_found');
    return provider;
  }
}

/** The provider in the path. */
export const Provider = (): ParameterDecorator => (target, key, index) => {
  Param('provider', new ProviderPipe())(target, key, index);
  if (key === undefined) return;
  const descriptor = Object.getOwnPropertyDescriptor(target, key);
  if (descriptor)
    ApiParam({ name: 'provider', schema: { type: 'string', enum: [...FEDERATION_PROVIDERS] } })(
      target,
      key,
      descriptor,
    );
};
