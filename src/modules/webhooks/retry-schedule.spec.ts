import fc from 'fast-check';
import { nextAttempt, pauseOf, TRIED_FOR_MS } from './retry-schedule.js';

const START = new Date('2026-11-20T08:00:00Z');
const HOUR_MS = 3_600_000;

/** Every attempt of a delivery that always fails at once, in minutes after the first. */
function attemptsOf(chance: (attempt: number) => number): number[] {
  const expiresAt = new Date(START.getTime() + TRIED_FOR_MS);
  const minutes: number[] = [];
  let at: Date | undefined = START;
  while (at !== undefined && minutes.length < 1_000) {
    minutes.push((at.getTime() - START.getTime()) / 60_000);
    at = nextAttempt(minutes.length, at, expiresAt, 0, chance(minutes.length));
  }
  return minutes;
}

describe('when a failed delivery is tried again', () => {
  it('doubles from a minute to eight hours, and ends after three days', () => {
    expect(attemptsOf(() => 0)).toEqual([
      0, 1, 3, 7, 15, 31, 63, 127, 255, 511, 991, 1_471, 1_951, 2_431, 2_911, 3_391, 3_871, 4_320,
    ]);
  });

  it('is spread by up to a tenth, never sooner, and the last attempt stays at three days', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 30, maxLength: 30 }),
        (chances) => {
          const even = attemptsOf(() => 0);
          const spread = attemptsOf((attempt) => chances[attempt - 1] ?? 0);
          expect(spread.at(-1)).toBe(4_320);
          expect(spread.length).toBeLessThanOrEqual(even.length);
          for (const [index, minutes] of spread.entries()) {
            const before = spread[index - 1];
            if (before === undefined || minutes === 4_320) continue;
            const delay = Math.min(2 ** (index - 1), 480);
            expect(minutes - before).toBeGreaterThanOrEqual(delay - 0.001);
            expect(minutes - before).toBeLessThanOrEqual(delay * 1.1 + 0.001);
          }
        },
      ),
    );
  });

  it('is not before the receiver wants it, for eight hours at most, and no sooner for its sake', () => {
    const expiresAt = new Date(START.getTime() + TRIED_FOR_MS);
    const hours = (attempts: number, pauseMs: number | null, end = expiresAt): number => {
      const at = nextAttempt(attempts, START, end, pauseOf(pauseMs), 0) ?? START;
      return (at.getTime() - START.getTime()) / HOUR_MS;
    };
    expect(hours(1, null)).toBe(1 / 60);
    expect(hours(1, 0)).toBe(1 / 60);
    expect(hours(1, HOUR_MS)).toBe(1);
    expect(hours(1, 1_000 * HOUR_MS)).toBe(8);
    expect(hours(12, HOUR_MS)).toBe(8);
    expect(hours(1, 5 * HOUR_MS, new Date(START.getTime() + 2 * HOUR_MS))).toBe(2);
  });

  it('is never once the time is over, also after a long outage of ours', () => {
    const expiresAt = new Date(START.getTime() + TRIED_FOR_MS);
    expect(nextAttempt(1, expiresAt, expiresAt, 0, 0)).toBeUndefined();
    expect(nextAttempt(1, new Date(expiresAt.getTime() + HOUR_MS), expiresAt, HOUR_MS, 1)).toBeUndefined();
  });
});
