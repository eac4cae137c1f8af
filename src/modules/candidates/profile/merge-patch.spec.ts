import fc from 'fast-check';
import { mergePatch, type MergePatch, patched, withoutNulls } from './merge-patch.js';

/** The test cases of RFC 7396, Appendix A: original, patch, result. */
const APPENDIX_A: [string, string, string][] = [
  ['{"a":"b"}', '{"a":"c"}', '{"a":"c"}'],
  ['{"a":"b"}', '{"b":"c"}', '{"a":"b","b":"c"}'],
  ['{"a":"b"}', '{"a":null}', '{}'],
  ['{"a":"b","b":"c"}', '{"a":null}', '{"b":"c"}'],
  ['{"a":["b"]}', '{"a":"c"}', '{"a":"c"}'],
  ['{"a":"c"}', '{"a":["b"]}', '{"a":["b"]}'],
  ['{"a":{"b":"c"}}', '{"a":{"b":"d","c":null}}', '{"a":{"b":"d"}}'],
  ['{"a":[{"b":"c"}]}', '{"a":[1]}', '{"a":[1]}'],
  ['["a","b"]', '["c","d"]', '["c","d"]'],
  ['{"a":"b"}', '["c"]', '["c"]'],
  ['{"a":"foo"}', 'null', 'null'],
  ['{"a":"foo"}', '"bar"', '"bar"'],
  ['{"e":null}', '{"a":1}', '{"e":null,"a":1}'],
  ['[1,2]', '{"a":"b","c":null}', '{"a":"b"}'],
  ['{}', '{"a":{"bb":{"ccc":null}}}', '{"a":{"bb":{}}}'],
];

const parse = (text: string): unknown => JSON.parse(text);
const json = fc.jsonValue({ maxDepth: 4 });
const patches = fc.dictionary(fc.string(), json, { maxKeys: 6 });

describe('mergePatch', () => {
  it.each(APPENDIX_A)('%s patched by %s is %s', (original, patch, result) => {
    expect(mergePatch(parse(original), parse(patch))).toEqual(parse(result));
  });

  it('gives the same when applied twice', () => {
    fc.assert(
      fc.property(json, json, (target, patch) => {
        const once = mergePatch(target, patch);
        expect(mergePatch(once, patch)).toEqual(once);
      }),
    );
  });

  it('leaves a target of objects without nulls free of nulls in objects', () => {
    fc.assert(
      fc.property(patches, (patch) => {
        const members = (value: unknown): unknown[] =>
          typeof value === 'object' && value !== null && !Array.isArray(value)
            ? Object.values(value).flatMap((member) => [member, ...members(member)])
            : [];
        expect(members(mergePatch({}, patch))).not.toContain(null);
      }),
    );
  });

  it('changes neither the target nor what the result shares with the patch', () => {
    fc.assert(
      fc.property(patches, patches, (target, patch) => {
        const before = JSON.stringify([target, patch]);
        const result = mergePatch(target, patch);
        expect(JSON.stringify([target, patch])).toBe(before);
        for (const value of Object.values(result ?? {})) if (Array.isArray(value)) value.push('later');
        expect(JSON.stringify(patch)).toBe(JSON.stringify(JSON.parse(before)[1]));
      }),
    );
  });

  it('makes an ordinary member of __proto__', () => {
    const result = mergePatch({}, parse('{"__proto__":{"polluted":true}}'));
    expect(Object.getPrototypeOf(result)).toBe(Object.prototype);
    expect(Object.hasOwn(result ?? {}, '__proto__')).toBe(true);
    expect('polluted' in {}).toBe(false);
  });

  it('reads instances of classes by their own members', () => {
    class Patch {
      readonly city: string | null = null;
      readonly country = 'FR';
    }
    expect(mergePatch({ city: 'Brest', lines: ['1 rue du Port'] }, new Patch())).toEqual({
      country: 'FR',
      lines: ['1 rue du Port'],
    });
  });
});

describe('patched and withoutNulls', () => {
  interface Place {
    readonly city: string;
    readonly code?: string;
    readonly inner?: { readonly deep?: string };
  }

  it('know the members of what they change', () => {
    const patch: MergePatch<Place> = { inner: { deep: null }, code: null };
    expect(patched<Place>({ city: 'Brest', code: '29200', inner: { deep: 'x' } }, patch)).toEqual({
      city: 'Brest',
      inner: {},
    });
    expect(withoutNulls<Place>({ city: 'Brest', code: null })).toEqual({ city: 'Brest' });
    // @ts-expect-error a member that has to be there cannot say null
    expect(withoutNulls<Place>({ city: null })).toEqual({});
    // @ts-expect-error the patch has a member that the value does not know
    expect(patched<Place>({}, { street: 'x' })).toEqual({ street: 'x' });
  });
});
