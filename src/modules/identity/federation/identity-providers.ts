import { Injectable } from '@nestjs/common';
import * as oidc from 'openid-client';
import { Clock } from '../../../kernel/clock.js';
import { Failure } from '../../../kernel/errors.js';
import {
  type FederationProvider,
  type ProviderSettings,
  Settings,
} from '../../../platform/config/settings.js';
import type { ForeignIdentity } from '../persistence/places.js';
import type { Proofs } from './federation-states.js';

const TIMEOUT_SECONDS = 10;
/** Metadata and keys are asked for again after so long; keys that are missing sooner. */
const KNOWN_FOR_MS = 3_600_000;

interface Known {
  readonly until: number;
  readonly configuration: Promise<oidc.Configuration>;
}

/** The two providers as OpenID Connect knows them: sends people there, and reads what they bring back. */
@Injectable()
export class IdentityProviders {
  readonly #settings: Settings;
  readonly #clock: Clock;
  readonly #known = new Map<FederationProvider, Known>();

  constructor(settings: Settings, clock: Clock) {
    this.#settings = settings;
    this.#clock = clock;
  }

  /** @throws Failure `not_found` for a provider that is not configured */
  requireOn(provider: FederationProvider): void {
    this.#of(provider);
  }

  /**
   * Where a browser goes to be recognised.
   * @throws Failure `not_found` for a provider that is not configured, `service_unavailable`
   */
  async authorizationUrl(provider: FederationProvider, state: string, proofs: Proofs): Promise<string> {
    const settings = this.#of(provider);
    const configuration = await this.#configuration(provider, settings);
    const pkce = configuration.serverMetadata().supportsPKCE()
      ? {
          code_challenge: await oidc.calculatePKCECodeChallenge(proofs.codeVerifier),
          code_challenge_method: 'S256',
        }
      : {};
    const url = oidc.buildAuthorizationUrl(configuration, {
      redirect_uri: this.#redirectUri(provider),
      scope: settings.scope,
      state,
      nonce: proofs.nonce,
      ...pkce,
      ...acrRequest(provider, settings.acr),
    });
    return url.href;
  }

  /**
   * Who somebody is there, by the answer that their browser has brought: state, issuer, code, ID token with nonce,
   * audience, signature and acr, and a userinfo that is signed as well.
   * @param query of the callback, as it came
   * @throws Failure `authentication_failed` for whatever is wrong, `service_unavailable`
   */
  async identify(
    provider: FederationProvider,
    query: URLSearchParams,
    state: string,
    { nonce, codeVerifier }: Proofs,
  ): Promise<ForeignIdentity> {
    const settings = this.#of(provider);
    const configuration = await this.#configuration(provider, settings);
    const answer = new URL(this.#redirectUri(provider));
    answer.search = query.toString();
    const hasPkce = configuration.serverMetadata().supportsPKCE();
    try {
      const tokens = await oidc.authorizationCodeGrant(configuration, answer, {
        expectedState: state,
        expectedNonce: nonce,
        idTokenExpected: true,
        ...(hasPkce ? { pkceCodeVerifier: codeVerifier } : {}),
      });
      const claims = tokens.claims();
      if (claims === undefined) throw refusal('no_id_token');
      const { acr } = claims;
      if (typeof acr !== 'string' || !settings.acr.includes(acr)) throw refusal('wrong_acr');
      const userInfo = await oidc.fetchUserInfo(configuration, tokens.access_token, claims.sub);
      // Signed for us and by them, not just signed: else any token of theirs would do.
      const audience: readonly unknown[] = [userInfo['aud']].flat();
      if (userInfo['iss'] !== claims.iss || !audience.includes(settings.clientId))
        throw refusal('wrong_userinfo');
      return { issuer: claims.iss, subject: claims.sub };
    } catch (cause) {
      if (cause instanceof Failure) throw cause;
      throw refusal(reasonOf(cause), cause);
    }
  }

  #of(provider: FederationProvider): ProviderSettings {
    const settings = this.#settings.federation[provider];
    if (settings === undefined) throw new Failure('not_found');
    return settings;
  }

  /** One for each provider, so that an answer is never taken for another's (RFC 9700 §4.4). */
  #redirectUri(provider: FederationProvider): string {
    return `${this.#settings.publicUrl}/v1/federation/${provider}/callback`;
  }

  #configuration(provider: FederationProvider, settings: ProviderSettings): Promise<oidc.Configuration> {
    const now = this.#clock.now().getTime();
    const known = this.#known.get(provider);
    if (known !== undefined && now < known.until) return known.configuration;
    const configuration = discover(settings).catch((cause: unknown) => {
      this.#known.delete(provider);
      throw new Failure('service_unavailable', { privateDetail: `${provider} cannot be discovered`, cause });
    });
    this.#known.set(provider, { until: now + KNOWN_FOR_MS, configuration });
    return configuration;
  }
}

function discover({
  issuer,
  clientId,
  clientSecret,
  signature,
}: ProviderSettings): Promise<oidc.Configuration> {
  // oxlint-disable-next-line typescript/no-deprecated -- marked so to stand out; settings allow it on the loopback only
  const insecure = new URL(issuer).protocol === 'http:' ? [oidc.allowInsecureRequests] : [];
  return oidc.discovery(
    new URL(issuer),
    clientId,
    { id_token_signed_response_alg: signature, userinfo_signed_response_alg: signature },
    oidc.ClientSecretPost(clientSecret),
    { execute: [...insecure, oidc.enableNonRepudiationChecks], timeout: TIMEOUT_SECONDS },
  );
}

/** FranceConnect wants `acr_values`; ProConnect refuses parameters that it does not know, and takes the claim. */
function acrRequest(provider: FederationProvider, acr: readonly string[]): Record<string, string> {
  switch (provider) {
    case 'franceconnect':
      return { acr_values: acr.join(' ') };
    case 'proconnect':
      return { claims: JSON.stringify({ id_token: { acr: { essential: true, values: acr } } }) };
  }
}

const refusal = (reason: string, cause?: unknown): Failure =>
  new Failure('authentication_failed', { privateDetail: reason, cause });

/** The library's code for what was wrong, which holds nothing of anybody. */
function reasonOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : 'unknown';
}
