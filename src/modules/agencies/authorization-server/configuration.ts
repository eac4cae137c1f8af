import type { JWK } from 'jose';
import {
  type AccessToken,
  type Client,
  type ClientCredentials,
  type Configuration,
  errors,
  type KoaContextWithOIDC,
  type RefreshToken,
} from 'oidc-provider';
import type { Clock } from '../../../kernel/clock.js';
import { SIGNATURE_ALGORITHMS } from '../algorithms.js';
import { AGENCY_SCOPES } from '../scopes.js';
import { adapterOf, MUTUAL_TLS, type Tables } from './adapter.js';
import { requestInProgress } from './request-in-progress.js';

const TOKEN_SECONDS = 300;

/** How far ahead a clock may be (FAPI 2.0 Security Profile §5.3.2.1). */
const MOST_SECONDS_AHEAD = 60;

/** An assertion is made for one request; one that lives longer was made to be kept. */
const MOST_ASSERTION_SECONDS = 300;

/** Where the endpoints are below the issuer. */
export const ENDPOINTS = {
  token: '/token',
  introspection: '/introspect',
  revocation: '/revoke',
  jwks: '/jwks',
} as const;

export interface ConfigurationParts {
  readonly issuer: string;
  /** The one audience of every token (RFC 8707). */
  readonly resource: string;
  readonly tables: Tables;
  /** The server’s own, the one that signs first. */
  readonly signingKeys: readonly JWK[];
  /** 32 bytes, the same in every process. */
  readonly nonceSecret: Buffer;
  readonly clock: Clock;
  /** Whether clients may prove themselves by TLS certificates (RFC 8705). */
  readonly takesCertificates: boolean;
}

/** FAPI 2.0 Security Profile with client credentials, opaque tokens, private_key_jwt and DPoP or mutual TLS, and nothing else. */
export function providerConfiguration(parts: ConfigurationParts): Configuration {
  return {
    adapter: (model: string) => adapterOf(model, parts.tables),
    jwks: { keys: parts.signingKeys.map(({ kty = '', ...key }) => ({ kty, ...key })) },
    routes: ENDPOINTS,
    scopes: AGENCY_SCOPES,
    responseTypes: [],
    clientAuthMethods: parts.takesCertificates ? ['private_key_jwt', MUTUAL_TLS] : ['private_key_jwt'],
    enabledJWA: {
      clientAuthSigningAlgValues: SIGNATURE_ALGORITHMS,
      dPoPSigningAlgValues: SIGNATURE_ALGORITHMS,
    },
    ttl: { ClientCredentials: TOKEN_SECONDS },
    assertJwtClientAuthClaimsAndHeader: ({ oidc }, claims) => {
      assertAssertion(claims, parts);
      // The signature is right; whether it is used for the first time is asked next.
      const isForToken = oidc.route === 'token';
      Object.assign(requestInProgress(), { isProven: true, isForToken, presented: 'assertion' });
    },
    clientBasedCORS: () => false,
    renderError: (ctx, out) => {
      ctx.type = 'json';
      ctx.body = out;
    },
    features: {
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      clientCredentials: { enabled: true },
      dPoP: { enabled: true, nonceSecret: parts.nonceSecret, requireNonce: () => true },
      mTLS: {
        enabled: parts.takesCertificates,
        certificateBoundAccessTokens: true,
        selfSignedTlsClientAuth: true,
        getCertificate: () => {
          const { certificate } = requestInProgress();
          return certificate.kind === 'presented' ? certificate.certificate : undefined;
        },
      },
      fapi: { enabled: true, profile: '2.0' },
      introspection: { enabled: true, allowedPolicy: ownTokensOnly },
      revocation: { enabled: true, allowedPolicy: ownTokensOnly },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => {
          throw new errors.InvalidTarget(`resource is required: ${parts.resource}`);
        },
        getResourceServerInfo: (ctx, indicator, client) => {
          if (indicator !== parts.resource) throw new errors.InvalidTarget();
          assertRequest(ctx, client);
          return {
            scope: AGENCY_SCOPES.join(' '),
            audience: parts.resource,
            accessTokenTTL: TOKEN_SECONDS,
            accessTokenFormat: 'opaque',
          };
        },
      },
    },
  };
}

/** FAPI 2.0 Security Profile §5.3.2.1: the issuer, as a single string, is the only audience. */
function assertAssertion(claims: Record<string, unknown>, { issuer, clock }: ConfigurationParts): void {
  if (claims['aud'] !== issuer) throw new errors.InvalidClientAuth('the audience is not the issuer');
  const now = clock.now().getTime() / 1_000;
  const { iat, nbf } = claims;
  if ([iat, nbf].some((time) => typeof time === 'number' && time - now > MOST_SECONDS_AHEAD))
    throw new errors.InvalidClientAuth('the assertion is of the future');
  const expires = typeof claims['exp'] === 'number' ? claims['exp'] : Number.POSITIVE_INFINITY;
  if (expires - now > MOST_ASSERTION_SECONDS)
    throw new errors.InvalidClientAuth('the assertion lives too long');
  const jti = claims['jti'];
  if (typeof jti !== 'string' || jti.length > 256)
    throw new errors.InvalidClientAuth('the jti is not usable');
}

/** What the library would let pass or answer unclearly. */
function assertRequest(ctx: KoaContextWithOIDC, client: Client): void {
  if (client.dpopBoundAccessTokens === true && ctx.get('DPoP') === '')
    throw new errors.InvalidDpopProof('a DPoP proof is required');
  const registered = new Set(client.scope?.split(' '));
  const requested = [...ctx.oidc.requestParamScopes];
  if (requested.length === 0) throw new errors.InvalidScope('scope is required', [...registered].join(' '));
  const beyond = requested.find((scope) => !registered.has(scope));
  if (beyond !== undefined) throw new errors.InvalidScope('requested scope is not allowed', beyond);
}

/** The library lets any client look at any token; here each sees and revokes its own. */
function ownTokensOnly(
  _: KoaContextWithOIDC,
  client: Client,
  token: AccessToken | ClientCredentials | RefreshToken,
): boolean {
  return token.clientId === client.clientId;
}
