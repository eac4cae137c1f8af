import type { OpenAPIObject } from '@nestjs/swagger';
import { AGENCY_SCOPES, ENDPOINTS } from '../../modules/agencies/index.js';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;
type Answer = Exclude<Operation['responses'][string], undefined>;
type Schema = Readonly<Record<string, unknown>>;

const text = (example: string, description?: string): Schema => ({
  type: 'string',
  example,
  ...(description === undefined ? {} : { description }),
});

/** How a client proves itself: RFC 7523 §2.2, or its id alone on a connection with its certificate, RFC 8705 §2. */
const ASSERTION = {
  client_id: {
    type: 'string',
    format: 'uuid',
    description: 'Needed of a client without assertions (mutual TLS) only.',
    example: '01935b6e-3c00-7000-8000-000000000000',
  },
  client_assertion_type: {
    type: 'string',
    const: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    example: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
  },
  client_assertion: text(
    'eyJhbGciOiJFUzI1NiJ9.e30.c2ln',
    'A JWT signed with a key of the client; `aud` is the issuer, `jti` is used once, five minutes at most.',
  ),
};

const json = (
  description: string,
  properties: Record<string, Schema>,
  required = Object.keys(properties),
) => ({
  description,
  content: { 'application/json': { schema: { type: 'object', required, properties } } },
});

const refusal = (description: string): Answer =>
  json(
    description,
    { error: text('invalid_client'), error_description: text('client authentication failed') },
    ['error'],
  );

function operation(
  id: string,
  summary: string,
  form: Record<string, Schema>,
  answers: Operation['responses'],
): Operation {
  const properties = { ...form, ...ASSERTION };
  return {
    operationId: `OAuth_${id}`,
    summary,
    tags: ['OAuth'],
    requestBody: {
      required: true,
      content: {
        'application/x-www-form-urlencoded': {
          schema: { type: 'object', required: Object.keys(form), properties },
        },
      },
    },
    responses: {
      ...answers,
      400: refusal('The request is not valid (RFC 6749 §5.2).'),
      401: refusal('The client has not proven itself.'),
      429: refusal('Too many requests: `Retry-After` says when to come again.'),
    },
  };
}

const TOKEN_FORM = { token: text('mF_9.B5f-4.1JqM', 'The access token.') };

/** The authorization server's endpoints, which its library serves: no controller describes them. */
export const OAUTH_PATHS: OpenAPIObject['paths'] = {
  [`/oauth${ENDPOINTS.token}`]: {
    post: {
      ...operation(
        'token',
        'Get an access token of five minutes (RFC 6749 §4.4, RFC 9449, RFC 8705); errors are those of RFC 6749 §5.2',
        {
          grant_type: { type: 'string', const: 'client_credentials', example: 'client_credentials' },
          scope: text(AGENCY_SCOPES.join(' '), 'Separated by spaces; no more than the client was given.'),
          resource: text('https://candidatures.example.fr/v1', 'What the token is for (RFC 8707).'),
        },
        {
          200: json(
            'An opaque token, bound to the key of the proof or to the certificate of the connection.',
            {
              access_token: text('Jk3pB0y0cJ2mGZ5eQqXg3mYH7o9o4b1kqk1m1nq2v5o'),
              token_type: { type: 'string', enum: ['DPoP', 'Bearer'], example: 'DPoP' },
              expires_in: { type: 'integer', example: 300 },
              scope: text('applications:read'),
            },
          ),
        },
      ),
      parameters: [
        {
          name: 'DPoP',
          in: 'header',
          required: false,
          description:
            'A proof of possession (RFC 9449 §4) with the nonce of the answer before. Needed of every client but those with certificates.',
          schema: { type: 'string' },
        },
      ],
    },
  },
  [`/oauth${ENDPOINTS.introspection}`]: {
    post: operation('introspect', 'Whether a token of one’s own is active (RFC 7662)', TOKEN_FORM, {
      200: json(
        'The token’s state; of anything but an active token of one’s own, only that it is not active.',
        { active: { type: 'boolean', example: true }, scope: text('applications:read') },
        ['active'],
      ),
    }),
  },
  [`/oauth${ENDPOINTS.revocation}`]: {
    post: operation('revoke', 'End a token of one’s own, at once and everywhere (RFC 7009)', TOKEN_FORM, {
      200: { description: 'It is active no more, or never was.' },
    }),
  },
  [`/oauth${ENDPOINTS.jwks}`]: {
    get: {
      operationId: 'OAuth_jwks',
      summary: 'The public keys of the server (RFC 7517)',
      tags: ['OAuth'],
      responses: {
        200: json('A key set.', { keys: { type: 'array', items: { type: 'object' }, example: [] } }),
      },
    },
  },
};
