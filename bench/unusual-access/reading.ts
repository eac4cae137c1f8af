import type { Behaviour, Finding } from '../../src/modules/unusual-access/rules.ts';
import type { Random } from './chance.ts';
import { BEGIN, HISTORY_HOURS, HOUR_MS } from './clients.ts';

/** What looks at sixty minutes of one client. */
export type Look = (behaviour: Behaviour) => readonly Finding[];

/** One candidate, for the first time. */
export interface Read {
  /** Milliseconds. */
  readonly at: number;
  readonly id: string;
}

let given = 0;
const nextId = (): string => String((given += 1)).padStart(12, '0');

/** So many at some moments of an hour. What people read they come to; a program takes the order of the list. */
export function readsIn(random: Random, hour: number, count: number, isInOrder: boolean): readonly Read[] {
  const moments = Array.from({ length: count }, () => BEGIN + (hour + random()) * HOUR_MS).toSorted(
    (one, other) => one - other,
  );
  const ids = moments.map(nextId);
  const order = isInOrder ? ids : ids.toSorted(() => random() - 0.5);
  return moments.map((at, position) => ({ at, id: order[position] ?? '' }));
}

/** What has been read by a moment, in the spans that the rules count in. @param reads in the order of time, none later */
export function spansUntil(
  reads: readonly Read[],
  at: number,
): Pick<Behaviour, 'at' | 'hours' | 'days' | 'weeks' | 'read'> {
  const hours = new Uint16Array(HISTORY_HOURS);
  for (let position = reads.length - 1; position >= 0; position -= 1) {
    const ago = Math.floor((at - (reads[position]?.at ?? 0)) / HOUR_MS);
    if (ago >= HISTORY_HOURS) break;
    hours[ago] = (hours[ago] ?? 0) + 1;
  }
  return {
    at: new Date(at),
    hours: spansOf(hours, 1),
    days: spansOf(hours, 24),
    weeks: spansOf(hours, 168),
    read: reads.slice(reads.length - (hours[0] ?? 0)).map(({ id }) => id),
  };
}

/** So many hours together. */
function spansOf(hours: Uint16Array, length: number): Behaviour['hours'] {
  const spans: { ago: number; candidates: number }[] = [];
  for (let from = 0; from < hours.length; from += length) {
    let candidates = 0;
    for (let hour = from; hour < from + length; hour += 1) candidates += hours[hour] ?? 0;
    if (candidates > 0) spans.push({ ago: from / length, candidates });
  }
  return spans;
}
