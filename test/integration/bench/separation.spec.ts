import { criticalDistance, kolmogorovDistance, rankDeviation } from '../../../bench/identity/separation.ts';

/** Evenly spread, in an order that says nothing. */
const spread = (count: number, from = 0): readonly number[] =>
  Array.from({ length: count }, (_, at) => from + ((at * 7_919) % count));

describe('whether two samples can be told apart', () => {
  it('has the values that hand calculation gives', () => {
    expect(kolmogorovDistance([1, 2, 3, 4], [3, 4, 5, 6])).toBeCloseTo(0.5);
    expect(kolmogorovDistance([1, 1, 2], [1, 2, 2])).toBeCloseTo(1 / 3);
    // D(α = 0.001) = 1.949 √(2/n)
    expect(criticalDistance(800, 800)).toBeCloseTo(1.949 * Math.sqrt(2 / 800), 3);
    // U = 1 of 9, so 3.5 from the middle; σ² = 9·7/12
    expect(rankDeviation([1, 2, 4], [3, 5, 6])).toBeCloseTo(3.5 / Math.sqrt(5.25));
  });

  it('is no for one source and yes for a shifted one, in both measures', () => {
    const [one, same, shifted] = [spread(1_000), spread(1_000), spread(1_000, 100)];
    const limit = criticalDistance(1_000, 1_000);
    expect(kolmogorovDistance(one, same)).toBe(0);
    expect(rankDeviation(one, same)).toBeCloseTo(0);
    expect(kolmogorovDistance(one, shifted)).toBeGreaterThan(limit);
    expect(rankDeviation(one, shifted)).toBeGreaterThan(3.29);
    expect(kolmogorovDistance([1, 2], [3, 4])).toBe(1);
  });
});
