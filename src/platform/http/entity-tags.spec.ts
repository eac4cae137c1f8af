import { isNamed, readEntityTags } from './entity-tags.js';

describe('the entity tags of a condition', () => {
  it.each<[string, ReturnType<typeof readEntityTags>]>([
    ['*', 'any'],
    [' * ', 'any'],
    ['"r1"', ['"r1"']],
    ['W/"r1"', ['W/"r1"']],
    ['"r1", "r2"', ['"r1"', '"r2"']],
    ['"r1","r2" ,W/"r3"', ['"r1"', '"r2"', 'W/"r3"']],
    // A recipient takes empty elements (§5.6.1.2), and a comma may stand within a tag.
    [', "r1",, "a,b" ,', ['"r1"', '"a,b"']],
    ['""', ['""']],
    ['', []],
    ['r1', []],
    ['"r1" r2', []],
    ['"r1", *', []],
    ['w/"r1"', []],
    ['"r1', []],
    ['"r 1"', []],
  ])('%j names %j', (header, tags) => {
    expect(readEntityTags(header)).toEqual(tags);
  });

  it.each<[string | undefined, string, boolean]>([
    [undefined, '"r1"', false],
    ['*', '"r1"', true],
    ['"r1"', '"r1"', true],
    ['W/"r1"', '"r1"', true],
    ['"r1"', 'W/"r1"', true],
    ['"r0", "r1"', '"r1"', true],
    ['"r2"', '"r1"', false],
    ['nonsense', '"r1"', false],
  ])('%j against %j: %s', (header, tag, named) => {
    expect(isNamed(header, tag)).toBe(named);
  });

  it('is read in a time that grows with its length only', () => {
    expect(readEntityTags(`${'"'.repeat(16_000)} ${' '.repeat(16_000)}x`)).toEqual([]);
  });
});
