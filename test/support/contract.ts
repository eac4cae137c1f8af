import type { OpenAPIObject } from '@nestjs/swagger';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Exchange } from '../../tools/client/exchange.ts';

const NAME = 'contract';
const METHODS = ['get', 'put', 'post', 'patch', 'delete'];

/** One schema that carries an example, by JSON Pointer (RFC 6901) into the contract. */
export interface Example {
  readonly pointer: string;
  readonly value: unknown;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const escape = (member: string): string =>
  encodeURIComponent(member.replaceAll('~', '~0').replaceAll('/', '~1'));

/** The contract as a judge: of its own examples, and of what a server really answers. */
export class Contract {
  readonly #document: OpenAPIObject;
  readonly #ajv: Ajv2020;
  readonly #compiled = new Map<string, ValidateFunction>();

  constructor(document: OpenAPIObject) {
    this.#document = document;
    // OpenAPI's own words around the schemas are none of JSON Schema's.
    this.#ajv = new Ajv2020({ strict: false, allErrors: true });
    addFormats.default(this.#ajv);
    this.#ajv.addSchema({ ...document, $id: NAME });
  }

  /** Every example of the document, wherever a schema has one. */
  examples(): readonly Example[] {
    const found: Example[] = [];
    const walk = (node: unknown, pointer: string, isMap: boolean): void => {
      if (Array.isArray(node)) node.forEach((entry, at) => walk(entry, `${pointer}/${at}`, false));
      if (!isObject(node)) return;
      // Below `properties` a member called "example" is a property, not an example.
      if (!isMap && 'example' in node) found.push({ pointer, value: node['example'] });
      for (const [name, below] of Object.entries(node)) {
        if (name !== 'example' || isMap)
          walk(below, `${pointer}/${escape(name)}`, !isMap && (name === 'properties' || name === 'schemas'));
      }
    };
    walk(this.#document, '', false);
    return found;
  }

  /** What is wrong with a value according to the schema at a pointer; empty when nothing is. */
  faults(pointer: string, value: unknown): readonly string[] {
    const validate = this.#at(pointer);
    if (validate(value)) return [];
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
    );
  }

  /** What an answer has that the contract does not promise; empty when all is as promised. */
  surprises({ method, path, status, body, headers }: Exchange): readonly string[] {
    const operation = this.#operationAt(method, path.split('?')[0] ?? '');
    if (operation === undefined) return ['the contract has no such operation'];
    const answers: unknown = this.#member(operation, 'responses');
    if (!isObject(answers) || !(String(status) in answers)) return [`the contract promises no ${status}`];
    const type = headers.get('content-type')?.split(';')[0]?.trim();
    const content = isObject(answers[String(status)])
      ? Object(answers[String(status)])['content']
      : undefined;
    if (body === undefined) return content === undefined ? [] : ['the contract promises a body'];
    if (!isObject(content) || type === undefined || !(type in content))
      return [`the contract promises no ${type} with ${status}`];
    // Bytes are no JSON that a schema could say anything of.
    if (body instanceof Uint8Array) return [];
    return this.faults(`${operation}/responses/${status}/content/${escape(type)}/schema`, body);
  }

  #operationAt(method: string, path: string): string | undefined {
    const template = Object.keys(this.#document.paths).find((candidate) => {
      const pattern = candidate
        .split('/')
        .map((segment) => (segment.startsWith('{') ? '[^/]+' : RegExp.escape(segment)))
        .join('/');
      return new RegExp(`^${pattern}$`).test(path);
    });
    const name = method.toLowerCase();
    if (template === undefined || !METHODS.includes(name)) return undefined;
    const pointer = `/paths/${escape(template)}/${name}`;
    return this.#member(pointer) === undefined ? undefined : pointer;
  }

  /** The node at a pointer, and a member of it when one is named. */
  #member(pointer: string, name?: string): unknown {
    const segments = [...pointer.split('/').slice(1), ...(name === undefined ? [] : [name])];
    return segments.reduce<unknown>(
      (node, segment) =>
        isObject(node)
          ? node[decodeURIComponent(segment).replaceAll('~1', '/').replaceAll('~0', '~')]
          : undefined,
      this.#document,
    );
  }

  #at(pointer: string): ValidateFunction {
    const known = this.#compiled.get(pointer);
    if (known !== undefined) return known;
    const validate = this.#ajv.compile({ $ref: `${NAME}#${pointer}` });
    this.#compiled.set(pointer, validate);
    return validate;
  }
}
