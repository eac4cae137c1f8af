import { dueMs } from './due.js';

const HOUR_MS = 3_600_000;
const NOW = new Date('2026-11-23T09:30:00.000Z');
const ago = (milliseconds: number): Date => new Date(NOW.getTime() - milliseconds);

describe('when a sink is due', () => {
  it.each([
    ['has the newest', { size: 42, behindSince: null }, 0, undefined],
    ['lacks one and takes each', { size: 42, behindSince: ago(1_000) }, 0, 1_000],
    ['rests', { size: 42, behindSince: ago(HOUR_MS - 1_000) }, HOUR_MS, -1_000],
    ['has rested', { size: 42, behindSince: ago(HOUR_MS + 1_000) }, HOUR_MS, 1_000],
    ['has never had one, and rests for nothing', { size: 0, behindSince: ago(1_000) }, HOUR_MS, 1_000],
  ])('that %s', (_, state, restMs, expected) => {
    expect(dueMs(state, restMs, NOW)).toBe(expected);
  });
});
