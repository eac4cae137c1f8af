import { worded } from '../../kernel/wording.js';
import { REASON_WORDS, STATUS_WORDS } from './application.wording.js';

const EVERYTHING = { ...STATUS_WORDS, ...REASON_WORDS };
const OTHER = { fr: /\b(the|has|not|was|is|offer)\b/i, en: /\b(le|la|les|une?|est|pas|sans)\b|[éèêà]/i };

describe.each(['fr', 'en'] as const)('what becomes of an application, in %s', (locale) => {
  it.each(Object.entries(EVERYTHING))('is said in that language only: %s', (_, words) => {
    expect(worded(words, locale)).toMatch(/^\p{Lu}[^']{4,99}$/u);
    expect(words[locale]).not.toMatch(OTHER[locale]);
  });

  it('is said in other words for each state and each reason', () => {
    const said = Object.values(EVERYTHING).map((words) => words[locale]);
    expect(new Set(said).size).toBe(said.length);
  });
});
