import type { RunOptions } from '../harness/benchmark.ts';
import { median } from '../harness/rounds.ts';

/** How long one contender is measured in one round: short, so that the machine's other work falls into few rounds. */
const ROUND_MS = 0.4;

/** Until what runs is compiled: so many calls, or for what is slow so long. */
const WARM_UP_CALLS = 5_000;
const WARM_UP_MS = 400;

export interface Contender {
  readonly once: () => unknown;
  /** How often in a round. */
  readonly times: number;
}

export async function calibrated(once: () => unknown): Promise<Contender> {
  const until = performance.now() + WARM_UP_MS;
  for (let call = 0; call < WARM_UP_CALLS && performance.now() < until; call += 1) await elapsed(once, 1);
  let times = 1;
  while ((await elapsed(once, times)) < ROUND_MS) times *= 2;
  return { once, times };
}

/** @returns the median of each, in microseconds for one call */
export async function inTurn(
  label: string,
  contenders: readonly Contender[],
  { quick, signal, progress }: RunOptions,
): Promise<readonly number[]> {
  const rounds = quick ? 80 : 1_500;
  const results = contenders.map((): number[] => []);
  for (let round = 1; round <= rounds; round += 1) {
    progress(`${label}: round ${round} of ${rounds}`);
    for (const [index, { once, times }] of contenders.entries()) {
      signal.throwIfAborted();
      results[index]?.push(((await elapsed(once, times)) / times) * 1_000);
    }
  }
  return results.map(median);
}

/** Only what is a promise is waited for: waiting costs as much as sealing a small field. */
async function elapsed(once: () => unknown, times: number): Promise<number> {
  const begin = performance.now();
  for (let time = 0; time < times; time += 1) {
    const result = once();
    if (result instanceof Promise) await result;
  }
  return performance.now() - begin;
}
