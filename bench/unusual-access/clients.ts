import { type Random, poisson } from './chance.ts';

export const HOUR_MS = 3_600_000;
/** A month which nobody looks at. */
export const HISTORY_HOURS = 720;
/** A Monday. */
export const BEGIN = Date.parse('2026-09-07T00:00:00Z');

/** Of an agency, or more than one of the same. Hours are numbered from the beginning on; times are UTC. */
export interface Client {
  /** Candidates on an ordinary working day. */
  readonly daily: number;
  readonly from: number;
  readonly to: number;
  /** A program that fetches what is new every night, in its order, instead of people who read. */
  readonly isNightly: boolean;
  /** Hour from which on it is there. */
  readonly since: number;
}

/** From two to sixty candidates a day, small ones as many as large ones; some have a program as well. */
export function clientsOf(random: Random, agencies: number): readonly Client[] {
  return Array.from({ length: agencies }, () => {
    const daily = 2 * 30 ** random();
    const people: Client = {
      daily,
      from: 7 + Math.floor(random() * 3),
      to: 17 + Math.floor(random() * 3),
      isNightly: false,
      since: random() < 0.1 ? Math.floor(random() * HISTORY_HOURS) : 0,
    };
    const program: Client = { daily: daily / 2, from: 2, to: 2, isNightly: true, since: 0 };
    return random() < 0.3 ? [people, program] : [people];
  }).flat();
}

export const isWeekend = (hour: number): boolean => Math.floor(hour / 24) % 7 >= 5;

/** Candidates that are to be expected in an hour. */
function expected(client: Client, hour: number, surge: number): number {
  const time = hour % 24;
  if (hour < client.since || isWeekend(hour)) return 0;
  if (client.isNightly) return time === client.from ? client.daily : 0;
  const isMeal = time === 12 || time === 13;
  const length = client.to - client.from;
  if (time >= client.from && time < client.to) return ((client.daily * surge) / length) * (isMeal ? 0.4 : 1);
  // Somebody stays on for an hour now and then.
  return time === client.to ? client.daily / 40 : 0;
}

/** What a client reads hour after hour, which has to be asked for in their order. */
export function pace(random: Random, client: Client): (hour: number) => number {
  let [surge, sitting] = [1, -1];
  return (hour) => {
    if (hour % 24 === 0) {
      // A deadline has passed: everybody reads.
      surge = random() < 1 / 15 ? 2.5 : 1;
      // Every other month somebody takes all applications for one vacancy in one sitting.
      const isSitting = !client.isNightly && random() < 1 / 40;
      sitting = isSitting ? hour + client.from + Math.floor(random() * (client.to - client.from)) : -1;
    }
    const ordinary = poisson(random, expected(client, hour, surge));
    const isAtWork = hour >= client.since && !isWeekend(hour);
    return hour === sitting && isAtWork ? ordinary + 5 + Math.floor(random() * 11) : ordinary;
  };
}
