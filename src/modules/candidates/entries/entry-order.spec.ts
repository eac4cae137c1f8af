import fc from 'fast-check';
import type { Education } from './entry.js';
import { EDUCATION, LANGUAGES } from './entry-kinds.js';
import { inOrder, pageAfter, type Position, readPosition } from './entry-order.js';
import { inCanonicalTag, languageProblems, periodProblems } from './entry-rules.js';

const education = (id: string, from: string, to?: string): { id: string; value: Education } => ({
  id,
  value: { institution: 'x', degree: 'y', from, ...(to === undefined ? {} : { to }) },
});

describe('the order of entries', () => {
  it('is what goes on, then the later end, then the later beginning, then the later entry', () => {
    const entries = [
      education('1', '2010-09', '2012-06'),
      education('2', '2018-01'),
      education('3', '2012-09', '2017-06'),
      education('4', '2014-09', '2017-06'),
      education('5', '2014-09', '2017-06'),
      { id: '6', value: null },
      education('7', '2019-01'),
      education('8', '2014', '2017'),
      education('9', '2012', '2012-03'),
    ];
    expect(inOrder(EDUCATION, entries).map(({ id }) => id)).toEqual([
      '7',
      '2',
      '8',
      '5',
      '4',
      '3',
      '1',
      '9',
      '6',
    ]);
  });

  it('of languages is the one added last first', () => {
    const value = { language: 'fr', level: 'native' } as const;
    expect(
      inOrder(LANGUAGES, [
        { id: 'a', value },
        { id: 'c', value },
        { id: 'b', value },
      ]).map(({ id }) => id),
    ).toEqual(['c', 'b', 'a']);
  });
});

describe('pages of entries', () => {
  const ids = fc.uniqueArray(fc.uuid(), { maxLength: 40 });

  it('hold every entry once, in order, whatever their size', () => {
    fc.assert(
      fc.property(ids, fc.integer({ min: 1, max: 50 }), (list, limit) => {
        const entries = list.map((id) => ({ id }));
        const seen: string[] = [];
        let after: Position | undefined;
        do {
          const page = pageAfter(entries, limit, after);
          expect(page.items.length).toBeLessThanOrEqual(limit);
          seen.push(...page.items.map(({ id }) => id));
          after = page.next && readPosition([page.next.id, String(page.next.at)]);
        } while (after !== undefined);
        expect(seen).toEqual(list);
      }),
    );
  });

  it('miss nothing when the last entry of a page is deleted in between', () => {
    const entries = ['a', 'b', 'c', 'd'].map((id) => ({ id }));
    const { next } = pageAfter(entries, 2, undefined);
    const rest = entries.filter(({ id }) => id !== 'b');
    expect(pageAfter(rest, 2, next).items.map(({ id }) => id)).toEqual(['c', 'd']);
  });

  it.each([[[]], [['a']], [['a', 'x']], [['a', '-1']], [['a', '1.5']]])('refuse the position %j', (parts) => {
    expect(() => readPosition(parts)).toThrow(expect.objectContaining({ code: 'invalid_cursor' }));
  });
});

describe('entries', () => {
  it.each([
    ['2012-09', '2017-06', []],
    ['2012-09', undefined, []],
    ['2012-09', '2012-09-30', []],
    ['2012', '2012', []],
    ['2012-09', '2012', []],
    ['2012', '2011-12', ['/to']],
    ['2028-11', '2036-11-23', []],
    ['2028-12', undefined, ['/from']],
    ['2026', '2036', []],
    ['2026', '2037', ['/to']],
    ['1899', '1900', ['/from']],
    ['2012-13', '2011-02-30', ['/from', '/to']],
    ['2017-06', '2012-09', ['/to']],
  ])('from %s to %s are wrong at %j', (from, to, pointers) => {
    const period = to === undefined ? { from } : { from, to };
    expect(periodProblems(period, '2026-11-23').map(({ pointer }) => pointer)).toEqual(pointers);
  });

  it('are in a language that exists', () => {
    expect(languageProblems({ language: 'fsl', level: 'B2' })).toEqual([]);
    expect(languageProblems({ language: 'xx', level: 'B2' })).toHaveLength(1);
    expect(inCanonicalTag({ language: 'PT-br', level: 'B2' })).toEqual({ language: 'pt-BR', level: 'B2' });
  });
});
