import type { RunOptions } from './benchmark.ts';

export interface Comparison {
  /** For the line that shows progress. */
  readonly label: string;
  readonly rounds: number;
  /** No round begins after this many milliseconds, the first excepted. Default: no limit. */
  readonly budgetMs?: number;
  /** One round of the baseline. @returns the number measured */
  readonly baseline: () => Promise<number>;
  /** One round of what is measured. @returns the number measured, in the baseline's unit */
  readonly measured: () => Promise<number>;
}

/**
 * Measures both in turn, so that whatever else the machine does meets both alike.
 * @returns the median of each
 */
export async function compare(
  { label, rounds, budgetMs = Number.POSITIVE_INFINITY, baseline, measured }: Comparison,
  { signal, progress }: Pick<RunOptions, 'signal' | 'progress'>,
): Promise<{ readonly value: number; readonly baseline: number }> {
  const begin = performance.now();
  const baselines: number[] = [];
  const values: number[] = [];
  do {
    signal.throwIfAborted();
    progress(`${label}: round ${values.length + 1} of ${rounds}`);
    baselines.push(await baseline());
    signal.throwIfAborted();
    values.push(await measured());
  } while (values.length < rounds && performance.now() - begin < budgetMs);
  return { value: median(values), baseline: median(baselines) };
}

/** @throws Error when there are no numbers */
export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  if (upper === undefined || lower === undefined) throw new Error('There is no median of no numbers.');
  return (lower + upper) / 2;
}

/** @returns milliseconds until the work was done */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}
