import type { ClientReading, ShownInSpan } from '../../disclosure/index.js';
import type { UnusualAccessSettings as Thresholds } from '../../platform/config/settings.js';
import { isAroundTimeOf } from './time-of-day.js';

/** What one client has done within sixty minutes, and what it usually reads. */
export interface Behaviour extends Omit<ClientReading, 'clientId'> {
  /** When the sixty minutes end, and the spans of its reading. */
  readonly at: Date;
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
}

export const RULES = [
  'rate',
  'day',
  'week',
  'hours',
  'misses',
  'refusals',
  'pages',
  'order',
  'readers',
] as const;
export type Rule = (typeof RULES)[number];

export interface Finding {
  readonly rule: Rule;
  /** What was counted, of what the rule is about. */
  readonly count: number;
}

const HOUR_MS = 3_600_000;
const DAY_HOURS = 24;
const WEEK_DAYS = 7;
/** Of those before this one, the whole ones within thirty days. */
const WEEKS_BEFORE = [1, 2, 3] as const;
/** With fewer hours a client has no history to speak of. */
const KNOWN_HOURS = 20;
const KNOWN_DAYS = 5;

/** For how long the same is not told again of the same client, in milliseconds: as long as what it counts. */
export function silenceAfter(rule: Rule): number {
  return rule === 'week' ? WEEK_DAYS * DAY_HOURS * HOUR_MS : DAY_HOURS * HOUR_MS;
}

/** What of it is unusual, each rule by itself. */
export function unusual(behaviour: Behaviour, thresholds: Thresholds): readonly Finding[] {
  const { hours, days, weeks } = behaviour;
  const counted: readonly (readonly [Rule, number, number])[] = [
    ['rate', present(hours), hourLimit(behaviour, thresholds)],
    ['day', present(days), dayLimit(behaviour, thresholds)],
    ['week', present(weeks), weekLimit(behaviour, thresholds)],
    ['hours', outsideItsHours(behaviour), thresholds.outsideHours],
    ['misses', behaviour.misses, thresholds.misses],
    ['refusals', behaviour.refusals, thresholds.refusals],
    ['pages', behaviour.pagesListed, thresholds.pages],
    ['order', longestRun(behaviour.read), thresholds.inOrder],
    ['readers', behaviour.readers, thresholds.readers],
  ];
  return counted.flatMap(([rule, count, limit]) => (count >= limit ? [{ rule, count }] : []));
}

const present = (spans: readonly ShownInSpan[]): number =>
  spans.find(({ ago }) => ago === 0)?.candidates ?? 0;

const since = (spans: readonly ShownInSpan[], ago: number): readonly ShownInSpan[] =>
  spans.filter((span) => span.ago >= ago);

const highest = (spans: readonly ShownInSpan[]): number =>
  Math.max(0, ...spans.map(({ candidates }) => candidates));

/** Against the days before: what is taken today does not become usual by the hour. */
function hourLimit({ hours, days }: Behaviour, thresholds: Thresholds): number {
  const history = since(hours, DAY_HOURS);
  if (history.length < KNOWN_HOURS) return thresholds.newcomerInHour;
  const { leastInHour, knownInHour } = thresholds;
  return limitOf(highest(history), since(days, 1).length, leastInHour, knownInHour, thresholds);
}

function dayLimit({ days }: Behaviour, thresholds: Thresholds): number {
  const history = since(days, 1);
  if (history.length < KNOWN_DAYS) return Number.POSITIVE_INFINITY;
  const { leastInDay, knownInDay } = thresholds;
  return limitOf(highest(history), history.length, leastInDay, knownInDay, thresholds);
}

/**
 * So many times the highest, and `least` at least; of a client that is known well that falls to a greater multiple of
 * the highest, yet not below `knownLeast`.
 */
function limitOf(
  most: number,
  days: number,
  least: number,
  knownLeast: number,
  { factor, knownFactor, knownDays }: Thresholds,
): number {
  const floor = days >= knownDays ? Math.min(least, Math.max(knownLeast, knownFactor * most)) : least;
  return Math.max(floor, factor * most);
}

/**
 * What is taken slowly adds up to more than its usual weeks, of which one in the middle counts: one busy week, or a
 * first one of a theft, is not yet usual.
 */
function weekLimit({ days, weeks }: Behaviour, { weekFactor, knownDays, knownInWeek }: Thresholds): number {
  if (since(days, WEEK_DAYS).length < knownDays) return Number.POSITIVE_INFINITY;
  const before = WEEKS_BEFORE.map((week) => weeks.find(({ ago }) => ago === week)?.candidates ?? 0);
  const usual = before.toSorted((one, other) => one - other)[1] ?? 0;
  return Math.max(knownInWeek, weekFactor * usual);
}

/** Candidates of the sixty minutes when it never reads around that time on such a day, and 0 when it does. */
function outsideItsHours({ at, hours, days }: Behaviour): number {
  if (since(days, 1).length < KNOWN_DAYS) return 0;
  const isUsual = since(hours, DAY_HOURS).some(({ ago }) =>
    isAroundTimeOf(at, new Date(at.getTime() - ago * HOUR_MS)),
  );
  return isUsual ? 0 : present(hours);
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
