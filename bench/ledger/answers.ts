import type { Measurement, RunOptions } from '../harness/benchmark.ts';
import { Baselines } from './baselines.ts';
import { candidates, readings } from './drafts.ts';
import { quantile, underLoad } from './load.ts';
import type { Product } from './product.ts';

const AT_ONCE = 8;
/** Milliseconds that nobody notices in a page, and those that somebody does. */
const LIMITS = { staged: { 0.5: 25, 0.99: 200 }, sequenced: { 0.5: 75, 0.99: 500 } } as const;

/** How long callers wait for both acknowledgements while the sequencer is at work, beside a plain INSERT's commit. */
export async function measureAnswers(
  product: Product,
  { quick, signal, progress }: RunOptions,
): Promise<readonly Measurement[]> {
  const { ledger, ownerUrl, owner } = product;
  const next = readings(candidates(200));
  await owner.query('DROP SCHEMA IF EXISTS bench CASCADE');
  const baselines = await Baselines.connect(ownerUrl, AT_ONCE, 1_000);
  const load = { atOnce: AT_ONCE, forMs: quick ? 1_500 : 10_000, signal };
  try {
    progress('answers');
    const plain = await underLoad(load, (lane) => baselines.insert(lane));
    const measurements: Measurement[] = [];
    for (const acknowledgement of ['staged', 'sequenced'] as const) {
      progress(`answers, ${acknowledgement}`);
      // Entries are sequenced in their order: what the load before has left would be waited for first.
      await product.rest(signal);
      const own = await underLoad(load, () => ledger.append(next(), acknowledgement));
      for (const share of [0.5, 0.99] as const)
        measurements.push({
          name: `answer ${acknowledgement}, ${AT_ONCE} at once, p${share * 100} / plain INSERT`,
          value: quantile(own, share),
          unit: 'ms',
          baseline: quantile(plain, share),
          goal: { of: 'value', bound: 'at most', limit: LIMITS[acknowledgement][share] },
        });
    }
    return measurements;
  } finally {
    await baselines.close();
  }
}
