import { timeZoneOf } from './departments.js';
import type { VacancyContent } from './vacancy.js';

/** A moment, or a day (`YYYY-MM-DD`) to the end of which one can apply, by the clocks of the vacancy's time zone. */
export type DeadlineWish = Date | string;

/** What an agency says when it drafts a vacancy. Without a time zone it is that of the department. */
export type NewVacancy = Omit<VacancyContent, 'deadline' | 'timeZone'> & {
  readonly deadline: DeadlineWish;
  readonly timeZone?: string;
};

/** A change: what is left out stays. */
export type VacancyChanges = Partial<Omit<VacancyContent, 'deadline'>> & { readonly deadline?: DeadlineWish };

export function drafted(wish: NewVacancy): VacancyContent {
  const timeZone = wish.timeZone ?? timeZoneOf(wish.department);
  return { ...wish, timeZone, deadline: momentOf(wish.deadline, timeZone) };
}

export function changed(before: VacancyContent, { deadline, ...changes }: VacancyChanges): VacancyContent {
  const after = { ...before, ...changes };
  return deadline === undefined ? after : { ...after, deadline: momentOf(deadline, after.timeZone) };
}

const momentOf = (wish: DeadlineWish, timeZone: string): Date =>
  typeof wish === 'string' ? endOfDay(wish, timeZone) : wish;

/** The last millisecond of a day. */
export function endOfDay(day: string, timeZone: string): Date {
  const asUtc = Date.parse(`${day}T23:59:59.999Z`);
  // Once more, because clocks may have been changed between the two.
  const nearly = asUtc - offsetMs(asUtc, timeZone);
  return new Date(asUtc - offsetMs(nearly, timeZone));
}

/** By how much the clocks of a time zone are ahead of UTC, negative west of it. */
function offsetMs(at: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' }).formatToParts(at);
  const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign, hours = 0, minutes = 0] = /^GMT([+-])(\d{2}):(\d{2})$/.exec(name) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}
