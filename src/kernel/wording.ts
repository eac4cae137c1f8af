import type { Locale } from './context.js';
import type { Bilingual } from './errors.js';

/**
 * A sentence in the reader's language. Sources are typed as keyboards type; French is set as the Imprimerie nationale
 * has it. A text that was given in one language only stays as it is.
 */
export function worded(text: string | Bilingual, locale: Locale): string {
  if (typeof text === 'string') return text;
  return locale === 'fr' ? typeset(text.fr) : text.en;
}

/**
 * French typography: typographic apostrophes, a narrow no-break space before `;`, `!`, `?`, a no-break space before `:`
 * and within guillemets. Only spaces that are there are changed, so that addresses and times stay whole.
 */
export function typeset(french: string): string {
  return french
    .replaceAll(/(?<=\p{L})'(?=\p{L})/gu, '\u2019')
    .replaceAll(/[ \u00A0](?=[;!?])/g, '\u202F')
    .replaceAll(/ (?=[:»])/g, '\u00A0')
    .replaceAll('« ', '«\u00A0');
}
