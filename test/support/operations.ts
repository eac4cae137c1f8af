import type { OpenAPIObject } from '@nestjs/swagger';

export type Audience = 'candidate' | 'auditor' | 'operator' | 'agency' | 'person' | 'anyone';

/** One route of the contract, as far as a test of bad input needs to know it. */
export interface Operation {
  readonly method: string;
  readonly path: string;
  readonly audience: Audience;
  /** Of JSON. */
  readonly hasBody: boolean;
  /** Which has tests of its own. */
  readonly hasForm: boolean;
  /** Members of the body, at the top. */
  readonly bodyMembers: readonly string[];
  readonly hasId: boolean;
  readonly headers: readonly string[];
  readonly query: readonly string[];
  /** Those of the query that are dates or moments. */
  readonly dates: readonly string[];
  readonly pathParameters: number;
  /** The path with its parameters replaced by these texts; the last one stands for all that follow. */
  sample(...ids: readonly [string, ...string[]]): string;
}

const METHODS = ['get', 'put', 'post', 'patch', 'delete'] as const;

/** Every route but the OAuth endpoints, whose bodies and errors are those of RFC 6749 and have tests of their own. */
export function operationsOf(contract: OpenAPIObject): readonly Operation[] {
  const paths = Object.entries(contract.paths).filter(([path]) => !path.startsWith('/oauth/'));
  return paths.flatMap(([path, item]) =>
    METHODS.flatMap((method): Operation[] => {
      const operation = item[method];
      if (operation === undefined) return [];
      const parameters = (operation.parameters ?? []).flatMap((entry) => ('name' in entry ? [entry] : []));
      const named = (place: string): string[] =>
        parameters.filter((entry) => entry.in === place).map((entry) => entry.name);
      return [
        {
          method: method.toUpperCase(),
          path,
          audience: audienceOf(
            method,
            path,
            (operation.security ?? []).flatMap((entry) => Object.keys(entry)),
          ),
          hasBody: isJson(operation.requestBody),
          hasForm: operation.requestBody !== undefined && !isJson(operation.requestBody),
          bodyMembers: membersOf(contract, operation.requestBody),
          hasId: named('path').includes('id'),
          headers: named('header'),
          query: named('query'),
          dates: parameters
            .filter(({ in: place, schema }) => place === 'query' && isDate(schema))
            .map(({ name }) => name),
          pathParameters: named('path').length,
          sample: (...ids) => {
            let place = 0;
            return path.replace(/\{[^}]+\}/g, () => ids[Math.min(place++, ids.length - 1)] ?? ids[0]);
          },
        },
      ];
    }),
  );
}

const isJson = (body: unknown): boolean =>
  typeof body === 'object' &&
  body !== null &&
  'content' in body &&
  typeof body.content === 'object' &&
  body.content !== null &&
  Object.keys(body.content).some((type) => /[/+]json$/.test(type));

const isDate = (schema: unknown): boolean =>
  typeof schema === 'object' &&
  schema !== null &&
  'format' in schema &&
  (schema.format === 'date' || schema.format === 'date-time');

function audienceOf(method: string, path: string, schemes: readonly string[]): Audience {
  if (schemes.includes('agency')) return 'agency';
  if (!schemes.includes('session')) return 'anyone';
  if (path.startsWith('/v1/audit/')) return 'auditor';
  if (path.startsWith('/v1/operator/')) return 'operator';
  // The account, which everybody has. To delete it is a candidate's.
  if (path === '/v1/me' && method !== 'delete') return 'person';
  return /^\/v1\/(me\/(sessions|password|email|totp|recovery-codes|passkeys|identities)|sessions)/.test(path)
    ? 'person'
    : 'candidate';
}

function membersOf(contract: OpenAPIObject, body: unknown): readonly string[] {
  const reference = /#\/components\/schemas\/(\w+)/.exec(JSON.stringify(body ?? ''))?.[1];
  const schema = reference === undefined ? undefined : contract.components?.schemas?.[reference];
  return schema !== undefined && 'properties' in schema ? Object.keys(schema.properties ?? {}) : [];
}
