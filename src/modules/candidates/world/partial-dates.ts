const PARTIAL_DATE = /^\d{4}(?:-\d{2}(?:-\d{2})?)?$/;

/** Whether a text is a year (`YYYY`), a month (`YYYY-MM`) or a day (`YYYY-MM-DD`) of the calendar. */
export function isPartialDate(text: string): boolean {
  if (!PARTIAL_DATE.test(text) || text.startsWith('0000')) return false;
  const day = `${text}${'-01-01'.slice(text.length - 4)}`;
  const parsed = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(day);
}

/** Whether `a` is before `b`, as far as both are given: a month is neither before a day in it nor after. */
export function isBefore(a: string, b: string): boolean {
  const length = Math.min(a.length, b.length);
  return a.slice(0, length) < b.slice(0, length);
}

/** Sorts by the last day that each may mean: 2017 is with December 2017, after June 2017. Negative: `a` is later. */
export function latestFirst(a: string, b: string): number {
  const [last, other] = [lastDay(a), lastDay(b)];
  if (last === other) return 0;
  return last > other ? -1 : 1;
}

/** Not a day that exists in every month, but one after which there is none. */
const lastDay = (date: string): string => `${date}${'-12-31'.slice(date.length - 4)}`;

/** The same date, that many years later, as far as a comparison needs it: 29 February stays one. */
export function yearsLater(date: string, years: number): string {
  return `${String(Number(date.slice(0, 4)) + years).padStart(4, '0')}${date.slice(4)}`;
}

/** Today's date in France, `YYYY-MM-DD`. */
export function todayInFrance(now: Date): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Paris' }).format(now);
}
