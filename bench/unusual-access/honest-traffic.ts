import type { Finding, Rule } from '../../src/modules/unusual-access/rules.ts';
import { poisson, seeded } from './chance.ts';
import { clientsOf, HISTORY_HOURS, pace } from './clients.ts';
import { type Look, type Read, readsIn, spansUntil } from './reading.ts';

const WEEK_HOURS = 168;

export interface HonestTraffic {
  readonly clients: number;
  readonly candidates: number;
  /** One rule's for one client is one within its silence, as in the product. */
  readonly alerts: readonly Finding[];
  readonly weeks: number;
}

/**
 * Honest work of so many agencies over weeks that follow a month which nobody looks at. Each reading is looked at.
 * @param silence for how many milliseconds what a rule has found is not told again
 */
export function honestTraffic(
  look: Look,
  silence: (rule: Rule) => number,
  seed: number,
  agencies: number,
  weeks: number,
): HonestTraffic {
  const random = seeded(seed);
  const clients = clientsOf(random, agencies);
  const alerts: Finding[] = [];
  let candidates = 0;
  for (const client of clients) {
    const reads: Read[] = [];
    const toldAt = new Map<Rule, number>();
    const isSilent = (rule: Rule, at: number) =>
      at - (toldAt.get(rule) ?? Number.NEGATIVE_INFINITY) < silence(rule);
    const reading = pace(random, client);
    for (let hour = 0; hour < HISTORY_HOURS + weeks * WEEK_HOURS; hour += 1) {
      const now = readsIn(random, hour, reading(hour), client.isNightly);
      if (hour < HISTORY_HOURS) {
        reads.push(...now);
        continue;
      }
      if (now.length === 0) continue;
      const misses = poisson(random, 0.2);
      const refusals = poisson(random, 0.5);
      const pagesListed = poisson(random, client.isNightly ? 12 : 6);
      const readers = 1 + poisson(random, 0.5);
      for (const read of now) {
        reads.push(read);
        candidates += 1;
        const behaviour = { ...spansUntil(reads, read.at), misses, refusals, pagesListed, readers };
        const found = look(behaviour).filter(({ rule }) => !isSilent(rule, read.at));
        for (const { rule } of found) toldAt.set(rule, read.at);
        alerts.push(...found);
      }
    }
  }
  return { clients: clients.length, candidates, alerts, weeks };
}
