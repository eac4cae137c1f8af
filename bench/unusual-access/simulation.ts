import type { Behaviour, Finding } from '../../src/modules/unusual-access/rules.ts';

/** What looks at an hour of one client. */
export type Look = (behaviour: Behaviour) => readonly Finding[];

const HOUR_MS = 3_600_000;
const HISTORY_HOURS = 720;
const BEGIN = Date.parse('2026-09-07T00:00:00Z');
const WEEK_HOURS = 168;

/** Mulberry32: the same numbers for the same seed, everywhere. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A number of events when so many are to be expected (Knuth). */
function poisson(random: () => number, mean: number): number {
  const limit = Math.exp(-mean);
  let [count, product] = [0, random()];
  while (product > limit) {
    count += 1;
    product *= random();
  }
  return count;
}

interface Client {
  /** Candidates on an ordinary working day. */
  readonly daily: number;
  readonly from: number;
  readonly to: number;
  /** A program that fetches what is new every night, in its order, instead of people who read. */
  readonly isNightly: boolean;
  /** Hour from which on it is there. */
  readonly since: number;
}

function clientsOf(random: () => number, agencies: number): readonly Client[] {
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

/** Candidates that are to be expected in an hour. */
function expected(client: Client, hour: number, surge: number): number {
  const day = Math.floor(hour / 24) % 7;
  const time = hour % 24;
  if (hour < client.since || day >= 5) return 0;
  if (client.isNightly) return time === client.from ? client.daily : 0;
  const isMeal = time === 12 || time === 13;
  if (time >= client.from && time < client.to) return ((client.daily * surge) / 10) * (isMeal ? 0.4 : 1);
  // Somebody stays on for an hour now and then.
  return time === client.to ? client.daily / 40 : 0;
}

let given = 0;
const nextId = (): string => String((given += 1)).padStart(12, '0');

/** What is read by people is read as they come to it; a program takes the order of the list. */
function readIds(random: () => number, count: number, isInOrder: boolean): readonly string[] {
  const some = Array.from({ length: count }, nextId);
  return isInOrder ? some : some.toSorted(() => random() - 0.5);
}

export interface HonestTraffic {
  readonly clients: number;
  readonly hoursLookedAt: number;
  readonly candidates: number;
  /** Alerts of one rule for one client within a day are one, as in the product. */
  readonly alerts: readonly Finding[];
  readonly weeks: number;
}

/** Honest work of so many agencies over weeks that follow a month which nobody looks at. */
export function honestTraffic(look: Look, seed: number, agencies: number, weeks: number): HonestTraffic {
  const random = seeded(seed);
  const clients = clientsOf(random, agencies);
  const alerts: Finding[] = [];
  let [hoursLookedAt, candidates] = [0, 0];
  for (const client of clients) {
    const shown: { hour: Date; candidates: number }[] = [];
    const alerted = new Map<string, number>();
    let surge = 1;
    for (let hour = 0; hour < HISTORY_HOURS + weeks * WEEK_HOURS; hour += 1) {
      // A deadline has passed: everybody reads.
      if (hour % 24 === 0) surge = random() < 1 / 15 ? 2.5 : 1;
      const count = poisson(random, expected(client, hour, surge));
      if (count === 0) continue;
      const now = new Date(BEGIN + hour * HOUR_MS);
      shown.push({ hour: now, candidates: count });
      if (hour < HISTORY_HOURS) continue;
      hoursLookedAt += 1;
      candidates += count;
      const behaviour: Behaviour = {
        hour: now,
        shown: shown.filter((one) => now.getTime() - one.hour.getTime() < HISTORY_HOURS * HOUR_MS),
        misses: poisson(random, 0.2),
        refusals: poisson(random, 0.5),
        pagesListed: client.isNightly ? poisson(random, 12) : poisson(random, 6),
        read: readIds(random, count, client.isNightly),
        readers: 1 + poisson(random, 0.5),
      };
      for (const finding of look(behaviour)) {
        if (hour - (alerted.get(finding.rule) ?? -24) < 24) continue;
        alerted.set(finding.rule, hour);
        alerts.push(finding);
      }
    }
  }
  return { clients: clients.length, hoursLookedAt, candidates, alerts, weeks };
}

export interface Theft {
  readonly name: string;
  /** Candidates an hour, or ids tried where none is found. */
  readonly perHour: number;
  /** Hour of the day at which it begins, in UTC. */
  readonly at: number;
  readonly isInOrder?: boolean;
  readonly isGuessing?: boolean;
  /** With a credential that has hardly been used before. */
  readonly isNewcomer?: boolean;
}

export const THEFTS: readonly Theft[] = [
  { name: 'a stolen key at full speed, by day', perHour: 50, at: 9 },
  { name: 'a stolen key at full speed, by night', perHour: 50, at: 23 },
  { name: 'ten an hour, by night', perHour: 10, at: 23 },
  { name: 'a list taken along in its order', perHour: 45, at: 9, isInOrder: true },
  { name: 'a new credential at full speed', perHour: 50, at: 9, isNewcomer: true },
  { name: 'ids tried out', perHour: 400, at: 9, isGuessing: true },
];

/** One that stays below everything its client has ever done: bound by the budget alone, and by canaries. */
export const PATIENT_THEFT: Theft = { name: 'at the client’s own pace', perHour: 6, at: 9 };

export interface Noticed {
  /** Different candidates until the first alert; of one that is never noticed, all within `hours`. */
  readonly exposed: number;
  readonly isNoticed: boolean;
  readonly by: readonly string[];
}

/** A theft from an agency that reads some twenty candidates a day, looked at after every one. */
export function playTheft(look: Look, theft: Theft, seed: number, hours = 24): Noticed {
  const random = seeded(seed);
  const client: Client = { daily: 20, from: 8, to: 18, isNightly: false, since: 0 };
  const shown: { hour: Date; candidates: number }[] = [];
  for (let hour = 0; hour < HISTORY_HOURS && theft.isNewcomer !== true; hour += 1) {
    const candidates = poisson(random, expected(client, hour, 1));
    if (candidates > 0) shown.push({ hour: new Date(BEGIN + hour * HOUR_MS), candidates });
  }
  let exposed = 0;
  // A Wednesday.
  const begin = HISTORY_HOURS + (24 - (HISTORY_HOURS % 24)) + theft.at;
  for (let hour = begin; hour < begin + hours; hour += 1) {
    const now = new Date(BEGIN + hour * HOUR_MS);
    const read: string[] = [];
    const ids = readIds(random, theft.perHour, theft.isInOrder === true);
    for (const [at, id] of ids.entries()) {
      const found = theft.isGuessing === true ? 0 : at + 1;
      if (found > 0) read.push(id);
      const findings = look({
        hour: now,
        shown: found === 0 ? shown : [...shown, { hour: now, candidates: found }],
        misses: theft.isGuessing === true ? at + 1 : 0,
        refusals: 0,
        pagesListed: Math.ceil((at + 1) / 25),
        read,
        readers: 1,
      });
      exposed += found === 0 ? 0 : 1;
      if (findings.length > 0) return { exposed, isNoticed: true, by: findings.map(({ rule }) => rule) };
    }
    if (theft.isGuessing !== true) shown.push({ hour: now, candidates: theft.perHour });
  }
  return { exposed, isNoticed: false, by: [] };
}
