import { retryAfterOf } from './retry-after.js';

const NOW = new Date('2026-11-30T09:00:00.000Z');

describe('Retry-After', () => {
  it.each([
    ['0', 0],
    ['120', 120_000],
    ['999999999', 999_999_999_000],
    ['Mon, 30 Nov 2026 09:02:00 GMT', 120_000],
    ['Monday, 30-Nov-26 09:02:00 GMT', 120_000],
    ['Mon Nov 30 09:02:00 2026', 120_000],
    ['Tue Dec  1 09:00:00 2026', 24 * 3_600_000],
    ['Sun, 29 Nov 2026 09:02:00 GMT', 0],
  ])('takes seconds, and dates in each form of HTTP: %s', (value, expected) => {
    expect(retryAfterOf(value, NOW)).toBe(expected);
  });

  it.each([
    undefined,
    '',
    '-1',
    '1.5',
    '1e3',
    '12 minutes',
    '9999999999',
    'soon',
    'Mon, 30 Nov 2026 09:02:00 +0200',
    'Mon, 99 Nov 2026 09:02:00 GMT',
    '2026-11-30T09:02:00Z',
  ])('is nothing when it is neither: %s', (value) => {
    expect(retryAfterOf(value, NOW)).toBeNull();
  });
});
