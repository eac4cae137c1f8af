import type { Bilingual, FieldError } from '../../../kernel/errors.js';
import { canonicalLanguage, isLanguage, LANGUAGE_FORM } from '../world/languages.js';
import { isBefore, isPartialDate, latestFirst, yearsLater } from '../world/partial-dates.js';
import type { LanguageSkill, Period } from './entry.js';

const EARLIEST = '1900';
/** What is agreed already may begin within two years; a thesis or a contract may end within ten. */
const FURTHEST = { from: 2, to: 10 } as const;

const DATE: Bilingual = {
  en: 'This is not a year (YYYY), a month (YYYY-MM) or a day (YYYY-MM-DD) of the calendar.',
  fr: "Ce n'est ni une année (AAAA), ni un mois (AAAA-MM), ni un jour (AAAA-MM-JJ) du calendrier.",
};
const ORDER: Bilingual = { en: 'The end is before the beginning.', fr: 'La fin précède le début.' };
const EARLY: Bilingual = { en: 'This is before 1900.', fr: 'Cette date est antérieure à 1900.' };
const far = (years: number): Bilingual => ({
  en: `This is more than ${years} years from now.`,
  fr: `Cette date est dans plus de ${years} ans.`,
});

/** @param today `YYYY-MM-DD` */
export function periodProblems({ from, to }: Period, today: string): readonly FieldError[] {
  const problems = [
    ...dateProblems('from', from, today),
    ...(to === undefined ? [] : dateProblems('to', to, today)),
  ];
  if (problems.length > 0 || to === undefined || !isBefore(to, from)) return problems;
  return [{ pointer: '/to', code: 'not_allowed', detail: ORDER }];
}

function dateProblems(end: keyof typeof FURTHEST, date: string, today: string): readonly FieldError[] {
  const pointer = `/${end}`;
  if (!isPartialDate(date)) return [{ pointer, code: 'format', detail: DATE }];
  if (isBefore(date, EARLIEST)) return [{ pointer, code: 'not_allowed', detail: EARLY }];
  const years = FURTHEST[end];
  if (isBefore(yearsLater(today, years), date)) return [{ pointer, code: 'not_allowed', detail: far(years) }];
  return [];
}

export function languageProblems({ language }: LanguageSkill): readonly FieldError[] {
  return isLanguage(language) ? [] : [{ pointer: '/language', code: 'not_allowed', detail: LANGUAGE_FORM }];
}

export function inCanonicalTag(skill: LanguageSkill): LanguageSkill {
  return isLanguage(skill.language) ? { ...skill, language: canonicalLanguage(skill.language) } : skill;
}

/** Newest first: what has no end before what has one, then the later end, then the later beginning. */
export function comparePeriods(a: Period, b: Period): number {
  return latestFirst(a.to ?? '9999', b.to ?? '9999') || latestFirst(a.from, b.from);
}

/** Negative when the greater text is `a`. */
export function descending(a: string, b: string): number {
  if (a === b) return 0;
  return a > b ? -1 : 1;
}
