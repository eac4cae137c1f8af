import fc from 'fast-check';
import {
  countsUntil,
  defaultAllowance,
  hourOf,
  limitCode,
  limitOf,
  reachesWarning,
  type Window,
  WINDOW_HOURS,
  WINDOWS,
  windowStart,
} from './budget-policy.js';
import { freedAt, secondsUntil, type Shown, usedWithin } from './shown.js';

const HOUR_MS = 3_600_000;
const moments = fc.date({ min: new Date('2020-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });
const windows = fc.constantFrom(...WINDOWS);

describe('the disclosure budget', () => {
  it.each([
    [0, 50, 100, 300],
    [40, 50, 100, 300],
    [200, 50, 100, 300],
    [201, 50, 100, 302],
    [1_000, 100, 250, 1_500],
    [70_000, 7_000, 17_500, 105_000],
  ])('of an agency with %i open applications is %i an hour, %i a day, %i in 30 days', (open, ...limits) => {
    const [hour, day, month] = limits;
    expect(defaultAllowance(open)).toEqual({ hour, day, month });
  });

  it('is any client’s as a whole, and a purpose’s in part', () => {
    const allowance = { hour: 50, day: 101, month: 300 };
    const limits = (reach: Parameters<typeof limitOf>[1]) =>
      WINDOWS.map((window) => limitOf(allowance, reach, window));
    expect(limits({ kind: 'agency' })).toEqual([50, 101, 300]);
    expect(limits({ kind: 'client', client: 'any' })).toEqual([50, 101, 300]);
    expect(limits({ kind: 'purpose', purpose: 'review' })).toEqual([50, 101, 300]);
    expect(limits({ kind: 'purpose', purpose: 'interview' })).toEqual([25, 51, 150]);
    expect(limits({ kind: 'purpose', purpose: 'offer' })).toEqual([13, 26, 75]);
    expect(limits({ kind: 'purpose', purpose: 'onboarding' })).toEqual([13, 26, 75]);
  });

  it('has a code for each limit, and one no two share', () => {
    const client = { kind: 'client', client: '0190' } as const;
    expect(limitCode(client, 'day')).toBe('client_day');
    expect(limitCode({ kind: 'agency' }, 'hour')).toBe('agency_hour');
    expect(limitCode({ kind: 'purpose', purpose: 'offer' }, 'month')).toBe('offer_month');
  });

  it.each([
    [39, 50, false],
    [40, 50, true],
    [0, 1, false],
    [1, 1, true],
  ])('with %i of %i used deserves a warning: %s', (used, limit, expected) => {
    expect(reachesWarning(used, limit)).toBe(expected);
  });

  it('counts the running hour and those before it', () => {
    fc.assert(
      fc.property(moments, windows, (moment, window) => {
        const hour = hourOf(moment);
        expect(hour.getTime()).toBeLessThanOrEqual(moment.getTime());
        expect(moment.getTime() - hour.getTime()).toBeLessThan(HOUR_MS);
        const start = windowStart(window, moment);
        expect(hour.getTime() - start.getTime()).toBe((WINDOW_HOURS[window] - 1) * HOUR_MS);
        expect(windowStart(window, countsUntil(window, start)).getTime()).toBe(start.getTime() + HOUR_MS);
      }),
    );
  });

  const shownBefore = (now: Date, hoursAgo: readonly number[]): Shown[] =>
    hoursAgo.map((ago) => ({ hour: new Date(hourOf(now).getTime() - ago * HOUR_MS), candidates: ago + 1 }));
  const ages = fc.uniqueArray(fc.integer({ min: 0, max: 800 }), { maxLength: 20 });

  it('frees exactly so many at the moment that it says, and not a second earlier', () => {
    fc.assert(
      fc.property(
        moments,
        ages,
        windows,
        fc.integer({ min: 1, max: 400 }),
        (now, hoursAgo, window, units) => {
          const shown = shownBefore(now, hoursAgo);
          const used = usedWithin(shown, window, now);
          const freed = freedAt(shown, window, now, units);
          expect(freed === undefined).toBe(used < units);
          if (freed === undefined) return;
          const at = (moment: Date) => used - usedWithin(shown, window, moment);
          expect(at(freed)).toBeGreaterThanOrEqual(units);
          expect(at(new Date(freed.getTime() - 1))).toBeLessThan(units);
          const wait = secondsUntil(freed, now);
          expect(at(new Date(now.getTime() + wait * 1_000))).toBeGreaterThanOrEqual(units);
          expect(wait).toBeLessThanOrEqual(WINDOW_HOURS[window] * 3_600);
        },
      ),
    );
  });

  it('frees as many as an hour has shown once that hour counts no more', () => {
    const now = new Date('2026-11-30T10:20:00Z');
    const shown = shownBefore(now, [0, 1, 23]);
    const freed = (units: number) => freedAt(shown, 'day', now, units)?.toISOString();
    expect([24, 25, 26, 27, 28].map(freed)).toEqual([
      '2026-11-30T11:00:00.000Z',
      '2026-12-01T09:00:00.000Z',
      '2026-12-01T09:00:00.000Z',
      '2026-12-01T10:00:00.000Z',
      undefined,
    ]);
  });

  it('counts nothing that is older than its window', () => {
    const now = new Date('2026-11-30T10:20:00Z');
    const shown = shownBefore(now, [0, 1, 23, 24, 719, 720]);
    const used = (window: Window) => usedWithin(shown, window, now);
    expect([used('hour'), used('day'), used('month')]).toEqual([1, 27, 772]);
  });
});
