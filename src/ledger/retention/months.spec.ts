import { isMonth, isTimeToDrop, keptFrom } from './months.js';

describe('months', () => {
  it.each([
    ['2026-11-24T22:00:00Z', 12, '2025-11'],
    ['2026-12-01T00:00:00Z', 12, '2025-12'],
    ['2026-11-30T23:59:59Z', 12, '2025-11'],
    ['2026-01-31T00:00:00Z', 12, '2025-01'],
    ['2026-03-31T12:00:00Z', 13, '2025-02'],
    ['2026-11-24T22:00:00Z', 36, '2023-11'],
  ])('on %s with %i months everything before %s goes', (now, months, first) => {
    expect(keptFrom(new Date(now), months)).toBe(first);
  });

  it.each(['2026-13', '2026-00', '2026-1', '26-01', '2026-01-01', '', '2026-01; DROP TABLE audit.leaf'])(
    'does not take “%s” for one',
    (text) => {
      expect(isMonth(text)).toBe(false);
    },
  );

  it.each([
    ['2026-12-01T03:10:00Z', false],
    ['2026-12-02T02:59:59Z', false],
    ['2026-12-02T03:00:00Z', true],
    ['2026-12-31T03:59:59Z', true],
    ['2026-12-31T04:00:00Z', false],
  ])('are dropped at %s: %s', (now, isTime) => {
    expect(isTimeToDrop(new Date(now))).toBe(isTime);
  });
});
