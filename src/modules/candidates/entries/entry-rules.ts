import type { FieldError } from '../../../kernel/errors.js';
import { isBefore, isMonthOrDay } from '../profile/dates.js';
import { LANGUAGE } from '../profile/profile-rules.js';
import { isLanguage } from '../profile/territory.js';
import type { LanguageSkill, Period } from './entry.js';

const DATE = {
  en: 'This is not a month (YYYY-MM) or a day (YYYY-MM-DD) of the calendar.',
  fr: "Ce n'est ni un mois (AAAA-MM) ni un jour (AAAA-MM-JJ) du calendrier.",
};
const ORDER = { en: 'The end is before the beginning.', fr: 'La fin précède le début.' };

export function periodProblems({ from, to }: Period): readonly FieldError[] {
  const dates = [
    { pointer: '/from', date: from },
    { pointer: '/to', date: to },
  ];
  const wrong = dates.filter(({ date }) => date !== undefined && !isMonthOrDay(date));
  if (wrong.length > 0) return wrong.map(({ pointer }) => ({ pointer, code: 'format', detail: DATE }));
  if (to !== undefined && isBefore(to, from)) return [{ pointer: '/to', code: 'not_allowed', detail: ORDER }];
  return [];
}

export function languageProblems({ language }: LanguageSkill): readonly FieldError[] {
  return isLanguage(language) ? [] : [{ pointer: '/language', code: 'not_allowed', detail: LANGUAGE }];
}

/** Newest first: what still goes on before what has ended, then the later end, then the later beginning. */
export function comparePeriods(a: Period, b: Period): number {
  return descending(a.to ?? '9999', b.to ?? '9999') || descending(a.from, b.from);
}

/** Negative when the greater text is `a`. */
export function descending(a: string, b: string): number {
  if (a === b) return 0;
  return a > b ? -1 : 1;
}
