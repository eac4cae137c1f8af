import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OpenAPIObject } from '@nestjs/swagger';
import { Contract } from '../support/contract.js';

const ROOT = join(import.meta.dirname, '..', '..');
const COMMITTED: OpenAPIObject = JSON.parse(readFileSync(join(ROOT, 'openapi', 'openapi.json'), 'utf8'));

describe('the contract', () => {
  it('has examples, and each is valid where it stands', () => {
    const contract = new Contract(COMMITTED);
    const examples = contract.examples();
    expect(examples.length).toBeGreaterThan(100);
    const wrong = examples.flatMap(({ pointer, value }) =>
      contract.faults(pointer, value).map((fault) => `${pointer}: ${fault}`),
    );
    expect(wrong).toEqual([]);
  });

  it('would find an example that is not', () => {
    const schemas = { Bad: { type: 'string', format: 'uuid', example: '42' } };
    const contract = new Contract({ ...COMMITTED, components: { schemas } });
    const faults = contract.examples().flatMap(({ pointer, value }) => contract.faults(pointer, value));
    expect(faults).toEqual([expect.stringContaining('format')]);
  });

  it('declares the parameters of each path, all of them and no others', () => {
    for (const [path, item] of Object.entries(COMMITTED.paths)) {
      const wanted = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      for (const operation of [item.get, item.put, item.post, item.patch, item.delete]) {
        if (operation === undefined) continue;
        const declared = (operation.parameters ?? []).flatMap((entry) =>
          'name' in entry && entry.in === 'path' ? [entry.name] : [],
        );
        expect({ path, declared }).toEqual({ path, declared: wanted });
      }
    }
  });

  it('takes an Idempotency-Key on every POST, or the documentation says why not', () => {
    const page = readFileSync(join(ROOT, 'docs', 'idempotency.md'), 'utf8');
    const excepted = [...page.matchAll(/^\| `POST (\S+)` +\| \S/gm)].map(([, path]) => path);
    const without = Object.entries(COMMITTED.paths).flatMap(([path, { post }]) => {
      const parameters = post?.parameters ?? [];
      const takesKey = parameters.some((entry) => 'name' in entry && entry.name === 'Idempotency-Key');
      return post === undefined || takesKey ? [] : [path];
    });
    expect(without.length).toBeGreaterThan(10);
    expect(new Set(excepted)).toEqual(new Set(without));
  });

  it('names every operation once and says what it is for', () => {
    const operations = Object.values(COMMITTED.paths).flatMap((item) =>
      [item.get, item.put, item.post, item.patch, item.delete].flatMap((entry) => entry ?? []),
    );
    const names = operations.map(({ operationId }) => operationId);
    expect(new Set(names).size).toBe(names.length);
    expect(operations.filter(({ summary, tags }) => !summary || !tags?.length)).toEqual([]);
  });
});
