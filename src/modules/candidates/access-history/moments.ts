import type { Bilingual } from '../../../kernel/errors.js';

const PLACE = { timeZone: 'Europe/Paris', calendar: 'gregory', numberingSystem: 'latn' } as const;
const DATE = { ...PLACE, year: 'numeric', month: 'long', day: 'numeric' } as const;
const TIME = { ...PLACE, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;

const FORMATS = {
  en: { date: new Intl.DateTimeFormat('en-GB', DATE), time: new Intl.DateTimeFormat('en-GB', TIME) },
  fr: { date: new Intl.DateTimeFormat('fr-FR', DATE), time: new Intl.DateTimeFormat('fr-FR', TIME) },
};

const NBSP = '\u00A0';

function partsOf(format: Intl.DateTimeFormat, at: Date): (type: Intl.DateTimeFormatPartTypes) => string {
  const parts = format.formatToParts(at);
  return (type) => parts.find((part) => part.type === type)?.value ?? '';
}

/** A moment in Paris, as a sentence has it: “le 1er novembre 2026 à 9 h 05”, “on 1 November 2026 at 09:05, Paris time”. */
export function momentInWords(at: Date): Bilingual {
  const [en, fr] = [partsOf(FORMATS.en.date, at), partsOf(FORMATS.fr.date, at)];
  const time = partsOf(FORMATS.fr.time, at);
  const day = fr('day') === '1' ? '1er' : fr('day');
  const hour = String(Number(time('hour')));
  return {
    en: `on ${en('day')} ${en('month')} ${en('year')} at ${time('hour')}:${time('minute')}, Paris time`,
    fr: `le ${day}${NBSP}${fr('month')} ${fr('year')} à ${hour}${NBSP}h${NBSP}${time('minute')}`,
  };
}
