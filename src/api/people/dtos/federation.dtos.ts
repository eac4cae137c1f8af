import { Instant, Nested, OneOf, Text, Uuid } from '../../../platform/http/fields.js';
import { CODE, TOKEN, TRANSPORTS } from './credential-fields.js';
import { ASSERTION_EXAMPLE, PasskeyAssertionDto } from './passkey.dtos.js';

export const FEDERATION_PROVIDERS = ['proconnect', 'franceconnect'] as const;

/** The authorization response (OpenID Connect Core §3.1.2.5, RFC 9207). */
export class FederationCallbackQuery {
  @Text({ max: 200, example: TOKEN.example, optional: true })
  readonly state?: string;

  @Text({ max: 2_000, example: 'SplxlOBeZQQYbYS6WxSbIA', optional: true })
  readonly code?: string;

  @Text({ max: 500, example: 'https://oidc.franceconnect.gouv.fr/api/v2', optional: true })
  readonly iss?: string;

  @Text({ max: 500, example: 'a1b2c3', optional: true })
  readonly session_state?: string;

  @Text({ max: 200, example: 'access_denied', optional: true })
  readonly error?: string;

  @Text({ max: 1_000, example: 'User auth aborted', optional: true })
  readonly error_description?: string;

  @Text({ max: 1_000, example: 'https://example.org/errors', optional: true })
  readonly error_uri?: string;
}

export const RETURNS =
  'To the page that is configured, with #federation-ticket=… for a known identity, else with what has become of it: ' +
  '#federation=linked, unlinked (nobody has linked this identity), cancelled, refused, taken or unavailable';

export class FederationDepartureDto {
  @Text({
    max: 8_000,
    example: 'https://oidc.franceconnect.gouv.fr/api/v2/authorize?client_id=a1b2',
    description: 'Where the browser that has got the cookie is to go',
  })
  readonly url: string;
}

export class FederatedSignInDto {
  @Text({ ...TOKEN, description: 'From the fragment that the browser has come back with' })
  readonly ticket: string;

  @Text({ ...CODE, optional: true, description: 'From the authenticator; this or passkey' })
  readonly code?: string;

  @Nested(() => PasskeyAssertionDto, { optional: true, description: 'Answer to a challenge for sign_in' })
  readonly passkey?: PasskeyAssertionDto;

  @OneOf(TRANSPORTS, { optional: true, description: 'How the session travels; cookie unless told' })
  readonly transport: 'cookie' | 'token' = 'cookie';
}

const TICKET = { ticket: TOKEN.example, transport: 'cookie' };

/** One body for each second factor: together they are refused. */
export const FEDERATED_SIGN_IN_EXAMPLES = {
  authenticator: { summary: 'With the authenticator', value: { ...TICKET, code: CODE.example } },
  passkey: { summary: 'With a passkey', value: { ...TICKET, passkey: ASSERTION_EXAMPLE } },
};

export class LinkedIdentityDto {
  @Uuid()
  readonly id: string;

  @OneOf(FEDERATION_PROVIDERS)
  readonly provider: string;

  @Instant()
  readonly createdAt: string;
}
