import type { Rule } from '../../src/modules/unusual-access/rules.ts';
import { seeded } from './chance.ts';
import { type Client, HISTORY_HOURS, isWeekend, pace } from './clients.ts';
import { type Look, type Read, readsIn, spansUntil } from './reading.ts';

export interface Theft {
  readonly name: string;
  /** Candidates an hour, or ids tried where none is found. */
  readonly perHour: number;
  /** Hour of the day at which it begins, in UTC. */
  readonly at: number;
  /** For so many hours of each day, 24 unless it says so. */
  readonly hoursADay?: number;
  /** On so many working days, one unless it says so. */
  readonly days?: number;
  readonly isInOrder?: boolean;
  readonly isGuessing?: boolean;
  /** With a credential that has hardly been used before. */
  readonly isNewcomer?: boolean;
  /** From an agency that reads two candidates an hour and six a day, instead of one that reads twenty. */
  readonly isSmall?: boolean;
}

export const THEFTS: readonly Theft[] = [
  { name: 'a stolen key at full speed, by day', perHour: 50, at: 9 },
  { name: 'a stolen key at full speed, by night', perHour: 50, at: 23 },
  { name: 'ten an hour, by night', perHour: 10, at: 23 },
  { name: 'a list taken along in its order', perHour: 45, at: 9, isInOrder: true },
  { name: 'a new credential at full speed', perHour: 50, at: 9, isNewcomer: true },
  { name: 'ids tried out', perHour: 400, at: 9, isGuessing: true },
];

const SMALL = { at: 9, hoursADay: 3, isSmall: true } as const;

export interface SlowTheft extends Theft {
  /** In how many of all months it is to be noticed. */
  readonly leastNoticed: number;
  /** Candidates that it has got by then, in the worst of these months. */
  readonly mostExposed: number;
}

/** From a small agency, at the hours at which it reads: the slower, the less is noticed. */
export const SLOW_THEFTS: readonly SlowTheft[] = [
  {
    name: 'twenty-four an hour on four days',
    perHour: 24,
    days: 4,
    leastNoticed: 1,
    mostExposed: 70,
    ...SMALL,
  },
  { name: 'ten an hour for a week', perHour: 10, days: 5, leastNoticed: 1, mostExposed: 100, ...SMALL },
  { name: 'five an hour for two weeks', perHour: 5, days: 10, leastNoticed: 0.8, mostExposed: 150, ...SMALL },
  { name: 'three an hour for two weeks', perHour: 3, days: 10, leastNoticed: 0, mostExposed: 150, ...SMALL },
];

/** One that takes as much as its client does: bound by the budget alone, and by canaries. */
export const PATIENT_THEFT: Theft = { name: 'at the client’s own pace', perHour: 2, days: 5, ...SMALL };

const TWENTY_A_DAY: Client = { daily: 20, from: 8, to: 18, isNightly: false, since: 0 };
const SIX_A_DAY: Client = { daily: 6, from: 9, to: 12, isNightly: false, since: 0 };

export interface Noticed {
  /** Different candidates until the first alert; of one that is never noticed, all that it takes. */
  readonly exposed: number;
  readonly isNoticed: boolean;
  readonly by: readonly Rule[];
}

/** A theft after a month of honest reading, which does not go on beside it; looked at after every candidate. */
export function playTheft(look: Look, theft: Theft, seed: number): Noticed {
  const random = seeded(seed);
  const reading = pace(random, theft.isSmall === true ? SIX_A_DAY : TWENTY_A_DAY);
  const begin = HISTORY_HOURS + (24 - (HISTORY_HOURS % 24)) + theft.at;
  const reads: Read[] = [];
  for (let hour = 0; hour < begin - theft.at && theft.isNewcomer !== true; hour += 1)
    reads.push(...readsIn(random, hour, reading(hour), false));
  const isGuessing = theft.isGuessing === true;
  let exposed = 0;
  for (const hour of hoursOf(theft, begin)) {
    const tried = readsIn(random, hour, theft.perHour, theft.isInOrder === true);
    for (const [at, read] of tried.entries()) {
      if (!isGuessing) {
        reads.push(read);
        exposed += 1;
      }
      const findings = look({
        ...spansUntil(reads, read.at),
        misses: isGuessing ? at + 1 : 0,
        refusals: 0,
        pagesListed: Math.ceil((at + 1) / 25),
        readers: 1,
      });
      if (findings.length > 0) return { exposed, isNoticed: true, by: findings.map(({ rule }) => rule) };
    }
  }
  return { exposed, isNoticed: false, by: [] };
}

/** @param begin of a Wednesday */
function hoursOf({ days = 1, hoursADay = 24 }: Theft, begin: number): readonly number[] {
  const mornings: number[] = [];
  for (let morning = begin; mornings.length < days; morning += 24)
    if (!isWeekend(morning)) mornings.push(morning);
  return mornings.flatMap((morning) => Array.from({ length: hoursADay }, (_, hour) => morning + hour));
}
