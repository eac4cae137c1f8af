/** How a load went. */
export interface Load {
  /** Per second. */
  readonly rate: number;
  /** Milliseconds that each took, sorted. */
  readonly latencies: readonly number[];
}

export interface LoadOptions {
  readonly atOnce: number;
  readonly forMs: number;
  readonly signal: AbortSignal;
}

/** Does one thing again and again, so many at once, for so long. @param one is told which of the `atOnce` it is */
export async function underLoad(
  { atOnce, forMs, signal }: LoadOptions,
  one: (lane: number) => Promise<unknown>,
): Promise<Load> {
  const latencies: number[] = [];
  const begin = performance.now();
  const end = begin + forMs;
  const lane = async (_: unknown, number: number): Promise<void> => {
    while (performance.now() < end) {
      signal.throwIfAborted();
      const before = performance.now();
      await one(number);
      latencies.push(performance.now() - before);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  const seconds = (performance.now() - begin) / 1_000;
  return { rate: latencies.length / seconds, latencies: latencies.toSorted((a, b) => a - b) };
}

/** @param share such as 0.99 */
export function quantile({ latencies }: Load, share: number): number {
  const value = latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))];
  if (value === undefined) throw new Error('Nothing was done.');
  return value;
}
