import type { Locale } from '../../../../kernel/context.js';

const FORMATS: Readonly<Record<Locale, Intl.DateTimeFormat>> = {
  fr: new Intl.DateTimeFormat('fr-FR', { dateStyle: 'full', timeStyle: 'short', timeZone: 'Europe/Paris' }),
  en: new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'short', timeZone: 'Europe/Paris' }),
};

/** A moment as people read it, by the clocks of Paris: `vendredi 18 décembre 2026 à 18 h 00 (heure de Paris)`. */
export function momentInWords(moment: Date, locale: Locale): string {
  const words = FORMATS[locale].format(moment);
  return locale === 'fr'
    ? `${words.replace(/ 1 /, ' 1er ').replace(/(\d\d):(\d\d)$/, '$1\u00A0h\u00A0$2')} (heure de Paris)`
    : `${words} (Paris time)`;
}
