import type { UnusualAccessSettings as Thresholds } from '../../platform/config/settings.js';

/** How many different candidates a client was shown in an hour. */
export interface ShownInHour {
  readonly hour: Date;
  readonly candidates: number;
}

/** What one client has done in the running hour, and what it usually does. */
export interface Behaviour {
  /** The running hour. */
  readonly hour: Date;
  /** Over thirty days, the running hour included; hours without any are left out. */
  readonly shown: readonly ShownInHour[];
  /** Ids that it asked for and that were not its agency’s. */
  readonly misses: number;
  /** Readings that were refused for their stage or fields. */
  readonly refusals: number;
  readonly pagesListed: number;
  /**
   * Ids of applications, in the order of time: of those that were read, of those of which a document was fetched, and
   * of several that were read at once the first.
   */
  readonly read: readonly string[];
  /** Of the candidates it was shown: by how many clients the most wanted one was read within a day. */
  readonly readers: number;
}

export const RULES = ['rate', 'day', 'hours', 'misses', 'refusals', 'pages', 'order', 'readers'] as const;
export type Rule = (typeof RULES)[number];

export interface Finding {
  readonly rule: Rule;
  /** What was counted, of what the rule is about. */
  readonly count: number;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** With fewer hours a client has no history to speak of. */
const KNOWN_HOURS = 20;
const KNOWN_DAYS = 5;

/** What of it is unusual, each rule by itself. A count only rises within the hour, so what is found stays found. */
export function unusual(behaviour: Behaviour, thresholds: Thresholds): readonly Finding[] {
  const counted: readonly (readonly [Rule, number, number])[] = [
    ['rate', inHour(behaviour), hourLimit(behaviour, thresholds)],
    ['day', inDay(behaviour), dayLimit(behaviour, thresholds)],
    ['hours', outsideItsHours(behaviour), thresholds.outsideHours],
    ['misses', behaviour.misses, thresholds.misses],
    ['refusals', behaviour.refusals, thresholds.refusals],
    ['pages', behaviour.pagesListed, thresholds.pages],
    ['order', longestRun(behaviour.read), thresholds.inOrder],
    ['readers', behaviour.readers, thresholds.readers],
  ];
  return counted.flatMap(([rule, count, limit]) => (count >= limit ? [{ rule, count }] : []));
}

const isNow = ({ hour }: Behaviour, shown: ShownInHour): boolean => shown.hour.getTime() === hour.getTime();

const inHour = (behaviour: Behaviour): number =>
  behaviour.shown.find((shown) => isNow(behaviour, shown))?.candidates ?? 0;

const before = (behaviour: Behaviour): readonly ShownInHour[] =>
  behaviour.shown.filter((shown) => !isNow(behaviour, shown));

function hourLimit(behaviour: Behaviour, { factor, leastInHour, newcomerInHour }: Thresholds): number {
  const history = before(behaviour);
  if (history.length < KNOWN_HOURS) return newcomerInHour;
  return Math.max(leastInHour, factor * Math.max(...history.map(({ candidates }) => candidates)));
}

/** Days are counted back from the running hour, so that the one of now is whole. */
function byDay({ hour, shown }: Behaviour): ReadonlyMap<number, number> {
  const days = new Map<number, number>();
  for (const one of shown) {
    const ago = Math.floor((hour.getTime() - one.hour.getTime()) / DAY_MS);
    days.set(ago, (days.get(ago) ?? 0) + one.candidates);
  }
  return days;
}

const inDay = (behaviour: Behaviour): number => byDay(behaviour).get(0) ?? 0;

function dayLimit(behaviour: Behaviour, { factor, leastInDay }: Thresholds): number {
  const history = [...byDay(behaviour)].filter(([ago]) => ago > 0).map(([, candidates]) => candidates);
  if (history.length < KNOWN_DAYS) return Number.POSITIVE_INFINITY;
  return Math.max(leastInDay, factor * Math.max(...history));
}

/** Candidates of the running hour when it never reads around that time on such a day, and 0 when it does. */
function outsideItsHours(behaviour: Behaviour): number {
  const history = before(behaviour);
  const times = history.map((shown) => timeInFrance(shown.hour));
  if (new Set(history.map(({ hour }) => Math.floor(hour.getTime() / DAY_MS))).size < KNOWN_DAYS) return 0;
  const now = timeInFrance(behaviour.hour);
  const isUsual = times.some(
    ({ hour, isWeekend }) =>
      isWeekend === now.isWeekend && Math.min((hour - now.hour + 24) % 24, (now.hour - hour + 24) % 24) <= 1,
  );
  return isUsual ? 0 : inHour(behaviour);
}

/** The longest part of it whose ids rise, or fall, one after the other: whoever takes a list along reads it in order. */
export function longestRun(ids: readonly string[]): number {
  let [longest, rising, falling] = [0, 0, 0];
  let last: string | undefined;
  for (const id of ids) {
    if (id === last) continue;
    rising = last !== undefined && id > last ? rising + 1 : 1;
    falling = last !== undefined && id < last ? falling + 1 : 1;
    longest = Math.max(longest, rising, falling);
    last = id;
  }
  return longest;
}

const FRANCE = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/Paris',
  hour: '2-digit',
  hourCycle: 'h23',
  weekday: 'short',
});
const TIMES = new Map<number, { readonly hour: number; readonly isWeekend: boolean }>();
/** A month and a few days of hours, for every client. */
const MOST_TIMES = 2_000;

function timeInFrance(moment: Date): { readonly hour: number; readonly isWeekend: boolean } {
  const known = TIMES.get(moment.getTime());
  if (known !== undefined) return known;
  const parts = new Map(FRANCE.formatToParts(moment).map(({ type, value }) => [type, value]));
  const day = parts.get('weekday');
  const time = { hour: Number(parts.get('hour')), isWeekend: day === 'Sat' || day === 'Sun' };
  if (TIMES.size >= MOST_TIMES) TIMES.clear();
  TIMES.set(moment.getTime(), time);
  return time;
}
