import { delayAfter, DELAYS, FULL } from './delays.js';

describe('the delay after attempts that were wrong', () => {
  it('is none for a few, doubles from then on, and ends at a quarter of an hour', () => {
    expect([1, 2, 3, 4].map(delayAfter)).toEqual([0, 0, 0, 0]);
    expect([5, 6, 7, 8, 12].map(delayAfter)).toEqual([1, 2, 4, 8, 128]);
    expect([15, 50, 99].map(delayAfter)).toEqual([900, 900, 900]);
  });

  it('never falls, and a hundred in a row are the most that are looked at (NIST SP 800-63B-4 §3.2.2)', () => {
    expect(DELAYS).toHaveLength(FULL);
    expect(DELAYS.toSorted((one, other) => one - other)).toEqual(DELAYS);
    expect(DELAYS.at(-1)).toBe(30 * 24 * 3_600);
    expect(FULL).toBe(100);
  });
});
