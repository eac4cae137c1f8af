const QUARTER_MS = 900_000;

const FRANCE = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/Paris',
  hour: '2-digit',
  hourCycle: 'h23',
  weekday: 'short',
});

interface TimeOfDay {
  readonly hour: number;
  readonly isWeekend: boolean;
}

const TIMES = new Map<number, TimeOfDay>();
/** A month and a few days of quarters. */
const MOST_TIMES = 4_000;

/** Whether both are at the same time in France, an hour earlier or later, on a working day or both on a weekend. */
export function isAroundTimeOf(one: Date, other: Date): boolean {
  const [first, second] = [timeInFrance(one), timeInFrance(other)];
  const apart = (first.hour - second.hour + 24) % 24;
  return first.isWeekend === second.isWeekend && Math.min(apart, 24 - apart) <= 1;
}

function timeInFrance(moment: Date): TimeOfDay {
  // Clocks change, and days begin, at a whole quarter.
  const quarter = Math.floor(moment.getTime() / QUARTER_MS);
  const known = TIMES.get(quarter);
  if (known !== undefined) return known;
  const parts = new Map(FRANCE.formatToParts(moment).map(({ type, value }) => [type, value]));
  const day = parts.get('weekday');
  const time = { hour: Number(parts.get('hour')), isWeekend: day === 'Sat' || day === 'Sun' };
  if (TIMES.size >= MOST_TIMES) TIMES.clear();
  TIMES.set(quarter, time);
  return time;
}
