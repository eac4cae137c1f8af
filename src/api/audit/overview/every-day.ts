import type { Summary } from '../../../ledger/index.js';

const DAY_MS = 86_400_000;

type Group = Summary['groups'][number];

/** Adds the days on which nothing happened, so that a chart has no holes. @param to exclusive */
export function everyDay(groups: readonly Group[], from: Date, to: Date): readonly Group[] {
  const known = new Map(groups.map((group) => [group.key, group]));
  const days: Group[] = [];
  const first = Math.floor(from.getTime() / DAY_MS) * DAY_MS;
  for (let day = first; day < to.getTime(); day += DAY_MS) {
    const key = new Date(day).toISOString().slice(0, 10);
    days.push(known.get(key) ?? { key, entries: 0, allowed: 0, refused: 0, failed: 0, count: 0 });
  }
  return days;
}
