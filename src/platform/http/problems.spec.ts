import { type Bilingual, ERROR_CODES } from '../../kernel/errors.js';
import { worded } from '../../kernel/wording.js';
import { FIELD_LIMITS, FIELD_PROBLEMS, PROBLEMS } from './problems.js';

const SENTENCES: readonly (readonly [string, Bilingual])[] = [
  ...Object.entries(PROBLEMS).map(([code, { title }]) => [code, title] as const),
  ...Object.entries(FIELD_PROBLEMS),
  ...Object.entries(FIELD_LIMITS).map(([code, limited]) => [`${code}, 7`, limited(7)] as const),
];

describe('the sentences of problems', () => {
  it('are there for every code', () => {
    expect(Object.keys(PROBLEMS).toSorted()).toEqual([...ERROR_CODES].toSorted());
  });

  it.each(SENTENCES)('%s has one in each language, each of its own', (_, sentence) => {
    const [en, fr] = [worded(sentence, 'en'), worded(sentence, 'fr')];
    for (const text of [en, fr]) expect(text).toMatch(/^[\p{Lu}«].{5,150}\.$/u);
    expect(en).not.toMatch(/\b(le|la|les|une|est|pas|au)\b|[éèà]/i);
    expect(fr).not.toMatch(/\b(the|is|not|of|this|too)\b/i);
    expect(fr).not.toMatch(/'|[^\u00A0]:|[^\u202F][;!?]/);
  });
});
