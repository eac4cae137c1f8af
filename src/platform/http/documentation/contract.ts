import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { ERROR_CODES } from '../../../kernel/errors.js';
import { PROBLEMS } from '../problems.js';
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

/** The contract of the running application, from its routes and the classes they validate with. */
export function describeContract(app: INestApplication, version: string): OpenAPIObject {
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
        'An access token from POST /oauth/token, bound to a key (RFC 9449); send a DPoP proof with it.',
    })
    .build();
  const document = SwaggerModule.createDocument(app, outline, {
    operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '')}_${method}`,
  });
  document.components = { ...document.components };
  document.components.schemas = { ...document.components.schemas, Problem: PROBLEM_SCHEMA };
  for (const item of Object.values(document.paths)) addProblems(item);
  rewriteNullable(document);
  return document;
}

function addProblems(item: PathItem): void {
  for (const method of METHODS) {
    const operation = item[method];
    if (operation === undefined) continue;
    for (const status of problemStatuses(operation)) operation.responses[status] ??= problemAnswer(status);
  }
}

function problemStatuses(operation: Operation): readonly number[] {
  const parameters = (operation.parameters ?? []).flatMap((parameter) =>
    'name' in parameter ? [parameter] : [],
  );
  const has = (place: string, name?: string): boolean =>
    parameters.some((entry) => entry.in === place && (name === undefined || entry.name === name));
  const secured = (operation.security ?? []).length > 0;
  return [
    ...(has('query') || operation.requestBody !== undefined ? [400] : []),
    ...(secured ? [401, 403] : []),
    ...(has('path') ? [404] : []),
    406,
    ...(has('header', 'If-Match') ? [412, 428] : []),
    ...(operation.requestBody === undefined ? [] : [413, 415, 422]),
    500,
    503,
  ];
}

function problemAnswer(status: number): Operation['responses'][string] {
  const codes = ERROR_CODES.filter((code) => PROBLEMS[code].status === status);
  return {
    description: codes.map((code) => `\`${code}\`: ${PROBLEMS[code].title.en}`).join(' '),
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  };
}
