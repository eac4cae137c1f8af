const PARTIAL_DATE = /^\d{4}-\d{2}(?:-\d{2})?$/;

/** Whether a text is a month (`YYYY-MM`) or a day (`YYYY-MM-DD`) that exists. */
export function isMonthOrDay(text: string): boolean {
  if (!PARTIAL_DATE.test(text)) return false;
  const day = text.length === 7 ? `${text}-01` : text;
  const parsed = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(day);
}

/** Whether `a` is before `b`, as far as both are given: a month is not before a day in it, nor after. */
export function isBefore(a: string, b: string): boolean {
  const length = Math.min(a.length, b.length);
  return a.slice(0, length) < b.slice(0, length);
}

/** Today's date in France, `YYYY-MM-DD`. */
export function todayInFrance(now: Date): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Paris' }).format(now);
}
