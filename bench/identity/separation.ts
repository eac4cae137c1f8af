/**
 * Largest distance between the shares of two samples that are below any one value (two-sample Kolmogorov–Smirnov).
 * @returns 0, where both are alike, to 1, where one value tells them apart
 */
export function kolmogorovDistance(one: readonly number[], other: readonly number[]): number {
  const [a, b] = [one.toSorted(ascending), other.toSorted(ascending)];
  let [distance, i, j] = [0, 0, 0];
  while (i < a.length && j < b.length) {
    const value = Math.min(a[i] ?? 0, b[j] ?? 0);
    while (i < a.length && (a[i] ?? 0) <= value) i += 1;
    while (j < b.length && (b[j] ?? 0) <= value) j += 1;
    distance = Math.max(distance, Math.abs(i / a.length - j / b.length));
  }
  return distance;
}

/** The distance that two samples of one source exceed in one run of a thousand (Smirnov's asymptotic form). */
export function criticalDistance(one: number, other: number): number {
  return Math.sqrt((-Math.log(0.001 / 2) / 2) * ((one + other) / (one * other)));
}

/**
 * How far the ranks of one sample lie from those of the other, in standard deviations (Mann–Whitney, with ties).
 * Beyond 3.29 once in a thousand runs for samples of one source.
 */
export function rankDeviation(one: readonly number[], other: readonly number[]): number {
  const all = [
    ...one.map((value) => ({ value, isOne: true })),
    ...other.map((value) => ({ value, isOne: false })),
  ].toSorted((a, b) => a.value - b.value);
  let [sum, ties] = [0, 0];
  for (let begin = 0; begin < all.length;) {
    let end = begin + 1;
    while (end < all.length && all[end]?.value === all[begin]?.value) end += 1;
    const rank = (begin + end + 1) / 2;
    for (const { isOne } of all.slice(begin, end)) sum += isOne ? rank : 0;
    ties += (end - begin) ** 3 - (end - begin);
    begin = end;
  }
  const [n, m] = [one.length, other.length];
  const total = n + m;
  const deviation = Math.sqrt(((n * m) / 12) * (total + 1 - ties / (total * (total - 1))));
  return Math.abs(sum - (n * (n + 1)) / 2 - (n * m) / 2) / deviation;
}

const ascending = (a: number, b: number): number => a - b;
