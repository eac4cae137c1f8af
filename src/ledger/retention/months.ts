/** A month of UTC, `YYYY-MM`; sorts as text. */
export type Month = `${number}-${number}`;

const MONTH = /^[1-9]\d{3}-(0[1-9]|1[0-2])$/;

export const isMonth = (text: string): text is Month => MONTH.test(text);

/** The first month that is kept when so many whole months are: everything before it may go. */
export function keptFrom(now: Date, months: number): Month {
  const first = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - months, 1))
    .toISOString()
    .slice(0, 7);
  if (!isMonth(first)) throw new RangeError('Not a month of our time.');
  return first;
}

/** In UTC, when few are at work. */
const HOUR = 3;
/** A whole month more is over everywhere from then on. */
const FIRST_DAY = 2;

/** Whether it is the hour in which the product drops what is due by itself. */
export const isTimeToDrop = (now: Date): boolean =>
  now.getUTCHours() === HOUR && now.getUTCDate() >= FIRST_DAY;
