import type { Bilingual } from '../../../kernel/errors.js';

/** Sign languages that the locale data have no name for (ISO 639-3): French, Belgian, Swiss and some neighbours. */
const SIGN_LANGUAGES: ReadonlySet<string> = new Set([
  'ase',
  'bfi',
  'csc',
  'fsl',
  'gsg',
  'ise',
  'psr',
  'sfb',
  'ssp',
  'ssr',
]);

/** Whether a text is a well-formed language tag (BCP 47) of a language that somebody speaks or signs. */
export function isLanguage(tag: string): boolean {
  if (SIGN_LANGUAGES.has(tag)) return true;
  try {
    return new Intl.DisplayNames(['fr'], { type: 'language', fallback: 'none' }).of(tag) !== undefined;
  } catch {
    return false;
  }
}

/** The tag as BCP 47 (RFC 5646 §4.5) writes it: `fr-FR` for `FR-fr`. */
export function canonicalLanguage(tag: string): string {
  return Intl.getCanonicalLocales(tag)[0] ?? tag;
}

export const LANGUAGE_FORM: Bilingual = {
  en: 'A language is given by its BCP 47 tag, such as fr, br or fsl.',
  fr: 'Une langue est désignée par son code BCP 47, par exemple fr, br ou fsl.',
};
