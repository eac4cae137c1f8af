import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { typeset, worded } from './wording.js';

describe('French as it is set', () => {
  it.each([
    ["L'offre n'est plus là", 'L\u2019offre n\u2019est plus là'],
    ['Refusé : rien ; non ! Oui ?', 'Refusé\u00A0: rien\u202F; non\u202F! Oui\u202F?'],
    ['la candidature « Archiviste »', 'la candidature «\u00A0Archiviste\u00A0»'],
    ['https://sceau.example.fr/a?b=c;d à 10:30', 'https://sceau.example.fr/a?b=c;d à 10:30'],
    ["le code 'x' en 5'", "le code 'x' en 5'"],
  ])('%s', (typed, set) => {
    expect(typeset(typed)).toBe(set);
    expect(typeset(set)).toBe(set);
  });

  it('is for French alone, and for what was given in both', () => {
    const text = { en: "It isn't here ; no.", fr: "Ce n'est pas là ; non." };
    expect(worded(text, 'en')).toBe(text.en);
    expect(worded(text, 'fr')).toBe('Ce n\u2019est pas là\u202F; non.');
    expect(worded(text.fr, 'fr')).toBe(text.fr);
  });
});

describe('what the product says to people', () => {
  const SOURCE = resolve(import.meta.dirname, '..');
  const PAIR = /\ben: ('[^'\n]*'|"[^"\n]*"|`[^`]*`),\s*fr: ('[^'\n]*'|"[^"\n]*"|`[^`]*`)/g;
  const pairs = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.spec.ts'))
    .flatMap((path) =>
      [...readFileSync(join(SOURCE, path), 'utf8').matchAll(PAIR)].map(
        ([, en = '', fr = '']) => [path, en.slice(1, -1), fr.slice(1, -1)] as const,
      ),
    );

  it('is in French and in English, and the French has its spaces', () => {
    expect(pairs.length).toBeGreaterThan(60);
    const wrong = pairs.filter(([, en, fr]) => {
      const words = fr.replaceAll(/\$\{[^}]*\}|https?:\S+/g, 'x');
      return en === '' || fr === '' || /[^\u00A0\s]:(?!\w)|[^\u202F\u00A0\s][;!?]/.test(words);
    });
    expect(wrong).toEqual([]);
  });

  it('differs, but for words that both languages have', () => {
    const same = pairs.filter(([, en, fr]) => en === fr).map(([, en]) => en);
    expect([...new Set(same)].filter((words) => words !== 'Documents')).toEqual([]);
  });
});
