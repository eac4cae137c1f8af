import type { OpenAPIObject } from '@nestjs/swagger';

export interface ExampleBody {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

type Node = Readonly<Record<string, unknown>>;

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const member = (node: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>((below, name) => (isNode(below) ? below[name] : undefined), node);

/** Every body that a reader of the contract would paste: those given whole, else one made of its members' examples. */
export function exampleBodies(contract: OpenAPIObject): readonly ExampleBody[] {
  return Object.entries(contract.paths).flatMap(([path, item]) =>
    Object.entries(item).flatMap(([method, operation]: [string, unknown]) => {
      const media = member(operation, 'requestBody', 'content', 'application/json');
      if (!isNode(media)) return [];
      const given = Object.values(isNode(media['examples']) ? media['examples'] : {});
      const bodies =
        given.length > 0 ? given.map((one) => member(one, 'value')) : [made(contract, media['schema'])];
      return bodies.map((body) => ({ method: method.toUpperCase(), path, body }));
    }),
  );
}

function made(contract: OpenAPIObject, schema: unknown): unknown {
  const reference = member(schema, '$ref');
  if (typeof reference === 'string')
    return made(contract, member(contract, 'components', 'schemas', reference.split('/').at(-1) ?? ''));
  if (!isNode(schema)) return undefined;
  if ('example' in schema) return schema['example'];
  for (const way of ['allOf', 'oneOf', 'anyOf']) {
    const ways = schema[way];
    if (Array.isArray(ways)) return made(contract, ways[0]);
  }
  if (isNode(schema['properties']))
    return Object.fromEntries(
      Object.entries(schema['properties']).map(([name, below]) => [name, made(contract, below)]),
    );
  if ('items' in schema) return [made(contract, schema['items'])];
  return undefined;
}
