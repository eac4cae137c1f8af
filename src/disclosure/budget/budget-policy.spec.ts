import fc from 'fast-check';
import {
  crossesWarning,
  dailyLimit,
  hourOf,
  secondsUntilFreed,
  windowStart,
  WINDOW_MS,
} from './budget-policy.js';

const moments = fc.date({ min: new Date('2020-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });

describe('the disclosure budget', () => {
  it.each([
    [0, 50],
    [250, 50],
    [251, 51],
    [1_000, 200],
    [70_000, 14_000],
  ])('of an agency with %i open applications is %i candidates', (open, limit) => {
    expect(dailyLimit(open)).toBe(limit);
  });

  it('warns once, on the way past four fifths', () => {
    expect(crossesWarning(39, 40, 50)).toBe(true);
    expect(crossesWarning(38, 39, 50)).toBe(false);
    expect(crossesWarning(40, 41, 50)).toBe(false);
    expect(crossesWarning(0, 50, 50)).toBe(true);
  });

  it('counts the running hour and the 23 before it', () => {
    fc.assert(
      fc.property(moments, (moment) => {
        const hour = hourOf(moment);
        expect(hour.getTime()).toBeLessThanOrEqual(moment.getTime());
        expect(moment.getTime() - hour.getTime()).toBeLessThan(3_600_000);
        expect(hour.getTime() - windowStart(moment).getTime()).toBe(23 * 3_600_000);
      }),
    );
  });

  it('says when the oldest hour stops counting, to the second', () => {
    fc.assert(
      fc.property(moments, fc.integer({ min: 0, max: 23 }), (now, hoursAgo) => {
        const oldest = new Date(hourOf(now).getTime() - hoursAgo * 3_600_000);
        const freed = new Date(now.getTime() + secondsUntilFreed(oldest, now) * 1_000);
        expect(windowStart(freed).getTime()).toBeGreaterThan(oldest.getTime());
        expect(secondsUntilFreed(oldest, now)).toBeLessThanOrEqual(WINDOW_MS / 1_000);
      }),
    );
  });
});
