import type { Measurement, RunOptions } from '../harness/benchmark.ts';
import { median } from '../harness/rounds.ts';
import { Baselines } from './baselines.ts';
import { candidates, readings } from './drafts.ts';
import { underLoad } from './load.ts';
import type { Product } from './product.ts';

const AT_ONCE = [1, 8, 32, 128] as const;
/** Concurrent requests for which the ledger's design sets the goals: a shared commit makes up for what it does more. */
const BUSY = 32;
const OF_INSERT = 0.8;
const OF_CHAIN = 4;
/** Fewer share less of a commit: what is signed, hashed and written may cost as much as the commit itself. */
const ALONE_OF_INSERT = 0.5;
const ALONE_OF_CHAIN = 0.5;

/** Durable appends a second. @returns the measurements, and the rate at 32 at once */
export async function measureAppending(
  product: Product,
  { quick, signal, progress }: RunOptions,
): Promise<{ readonly measurements: readonly Measurement[]; readonly busy: number }> {
  const next = readings(candidates(200));
  const append = () => product.ledger.append(next(), 'staged');
  for (let warm = 0; warm < 200; warm += 1) await append();
  const baselines = await Baselines.connect(product.ownerUrl, Math.max(...AT_ONCE), await rowBytes(product));
  const [rounds, forMs] = quick ? [2, 500] : [7, 1_500];
  const measurements: Measurement[] = [];
  let busy = 0;
  try {
    for (const atOnce of AT_ONCE) {
      const [rates, inserts, chains]: [number[], number[], number[]] = [[], [], []];
      for (let round = 0; round < rounds; round += 1) {
        progress(`appending, ${atOnce} at once: round ${round + 1} of ${rounds}`);
        const load = { atOnce, forMs, signal };
        inserts.push((await underLoad(load, (lane) => baselines.insert(lane))).rate);
        rates.push((await underLoad(load, append)).rate);
        chains.push((await underLoad(load, (lane) => baselines.chain(lane))).rate);
      }
      const value = median(rates);
      if (atOnce === BUSY) busy = value;
      const isBusy = atOnce >= BUSY;
      const name = `durable appends, ${atOnce} at once`;
      measurements.push(
        {
          name: `${name} / plain INSERT`,
          value,
          unit: '1/s',
          baseline: median(inserts),
          goal: { of: 'ratio', bound: 'at least', limit: isBusy ? OF_INSERT : ALONE_OF_INSERT },
        },
        {
          name: `${name} / hash chain`,
          value,
          unit: '1/s',
          baseline: median(chains),
          goal: { of: 'ratio', bound: 'at least', limit: isBusy ? OF_CHAIN : ALONE_OF_CHAIN },
        },
      );
    }
    return { measurements, busy };
  } finally {
    await baselines.close();
  }
}

/** Bytes of a staged entry about one candidate. */
async function rowBytes({ owner }: Product): Promise<number> {
  const { rows } = await owner.query<{ bytes: number }>(
    'SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY pg_column_size(s)) AS bytes FROM audit.staging s',
  );
  return rows[0]?.bytes ?? 0;
}
