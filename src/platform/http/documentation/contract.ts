import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { ERROR_CODES, type ErrorCode } from '../../../kernel/errors.js';
import { PROBLEMS } from '../problems.js';
import { REFUSALS } from './refuses.js';
import { rewriteNullable } from './nullable.js';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;
type PathItem = OpenAPIObject['paths'][string];

const METHODS = ['get', 'put', 'post', 'patch', 'delete'] as const;

const PROBLEM_SCHEMA = {
  type: 'object',
  description:
    'An error answer (RFC 9457). Switch on `code`, which is stable; show `title` and `detail` to people.',
  required: ['type', 'title', 'status', 'instance', 'code', 'requestId'],
  properties: {
    type: { type: 'string', format: 'uri-reference', example: '/problems/not_found' },
    title: { type: 'string', example: "Il n'y a rien ici." },
    status: { type: 'integer', example: 404 },
    detail: { type: 'string' },
    instance: { type: 'string', format: 'uri' },
    code: { type: 'string', enum: [...ERROR_CODES], example: 'not_found' },
    requestId: { type: 'string', format: 'uuid' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['pointer', 'code', 'detail'],
        properties: {
          pointer: { type: 'string', description: 'JSON Pointer (RFC 6901)', example: '/address/postalCode' },
          code: { type: 'string', example: 'format' },
          detail: { type: 'string', example: "Ce champ n'a pas le format attendu." },
        },
      },
    },
  },
};

/**
 * The contract of the running application, from its routes and the classes they validate with.
 * @param others paths that no controller serves
 */
export function describeContract(
  app: INestApplication,
  version: string,
  others: OpenAPIObject['paths'],
): OpenAPIObject {
  const outline = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Sceau')
    .setDescription(
      'Applications to the French civil service: sealed on arrival, released through one door, every read on a provable record.',
    )
    .setVersion(version)
    .setLicense('EUPL-1.2', 'https://eupl.eu/1.2/en/')
    .addServer('/', 'This server')
    .addSecurity('session', {
      type: 'http',
      scheme: 'bearer',
      description: 'A session token from POST /v1/sessions with "transport": "token".',
    })
    .addSecurity('sessionCookie', {
      type: 'apiKey',
      in: 'cookie',
      name: '__Host-sceau',
      description: 'The session cookie. State changes also need the header X-Requested-By.',
    })
    .addSecurity('agency', {
      type: 'http',
      scheme: 'DPoP',
      description:
        'An access token from POST /oauth/token, bound to a key (RFC 9449); send a DPoP proof with it. One that is bound to a TLS certificate (RFC 8705) goes as Bearer, on a connection with that certificate.',
    })
    .build();
  const document = SwaggerModule.createDocument(app, outline, {
    operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '')}_${method}`,
  });
  document.components = { ...document.components };
  document.components.schemas = { ...document.components.schemas, Problem: PROBLEM_SCHEMA };
  for (const item of Object.values(document.paths)) {
    dropWildcards(item);
    addProblems(item);
  }
  document.paths = { ...document.paths, ...others };
  rewriteNullable(document);
  return document;
}

/** A route's `*` is no parameter of OpenAPI; what stands for it is declared under its own name. */
function dropWildcards(item: PathItem): void {
  for (const method of METHODS) {
    const operation = item[method];
    if (operation?.parameters === undefined) continue;
    operation.parameters = operation.parameters.filter((entry) => !('name' in entry && entry.name === '*'));
  }
}

function addProblems(item: PathItem): void {
  for (const method of METHODS) {
    const operation = item[method];
    if (operation === undefined) continue;
    const codes = new Set([...codesOfShape(operation), ...statedCodes(operation)]);
    for (const status of new Set([...codes].map((code) => PROBLEMS[code].status)))
      operation.responses[status] ??= problemAnswer(
        [...codes].filter((code) => PROBLEMS[code].status === status),
      );
  }
}

/** What every route with such a body, path or credential can answer. */
function codesOfShape(operation: Operation): readonly ErrorCode[] {
  const parameters = (operation.parameters ?? []).flatMap((parameter) =>
    'name' in parameter ? [parameter] : [],
  );
  const has = (place: string, name?: string): boolean =>
    parameters.some((entry) => entry.in === place && (name === undefined || entry.name === name));
  const schemes = (operation.security ?? []).flatMap((entry) => Object.keys(entry));
  return [
    ...(has('query') ? (['invalid_query', 'unknown_member'] as const) : []),
    ...(has('query', 'cursor') ? (['invalid_cursor'] as const) : []),
    ...(schemes.includes('session')
      ? (['unauthenticated', 'forbidden_role', 'cross_site_request', 'totp_enrolment_required'] as const)
      : []),
    ...(schemes.includes('agency')
      ? (['token_refused', 'forbidden_scope', 'too_many_requests'] as const)
      : []),
    ...(has('path') ? (['not_found'] as const) : []),
    'not_acceptable',
    ...(has('header', 'If-Match') ? (['precondition_failed', 'precondition_required'] as const) : []),
    ...(operation.requestBody === undefined
      ? []
      : ([
          'malformed_request',
          'unknown_member',
          'payload_too_large',
          'unsupported_media_type',
          'invalid_request',
        ] as const)),
    'internal_error',
    'ledger_unavailable',
    'keys_unavailable',
    'service_unavailable',
  ];
}

/** What the route's decorators say, which no reader of the contract needs to see twice. */
function statedCodes(operation: Operation): readonly ErrorCode[] {
  return Object.entries(operation).flatMap(([name, value]) => {
    if (!name.startsWith(REFUSALS)) return [];
    Reflect.deleteProperty(operation, name);
    const stated: unknown[] = Array.isArray(value) ? value : [];
    return ERROR_CODES.filter((code) => stated.includes(code));
  });
}

function problemAnswer(codes: readonly ErrorCode[]): Operation['responses'][string] {
  return {
    description: codes.map((code) => `\`${code}\`: ${PROBLEMS[code].title.en}`).join(' '),
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  };
}
