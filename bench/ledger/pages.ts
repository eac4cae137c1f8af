import type { Acknowledgement } from '../../src/platform/config/settings.js';
import type { Measurement, RunOptions } from '../harness/benchmark.ts';
import { median, timed } from '../harness/rounds.ts';
import { candidates, reading } from './drafts.ts';
import type { Product } from './product.ts';

const PAGE = 50;
/** The ledger's design: one request is one entry, however many candidates it touches. */
const LIMIT = 1.3;

/** What it costs to record that a page of 50 candidates is shown, against a page of one. The sequencer is at work. */
export async function measurePages(
  { ledger }: Product,
  { quick, signal, progress }: RunOptions,
): Promise<readonly Measurement[]> {
  const known = candidates(PAGE);
  const append = (page: typeof known, acknowledgement: Acknowledgement) => {
    const draft = reading(page);
    return timed(() => ledger.append(draft, acknowledgement));
  };
  await append(known, 'staged');
  const measure = async (
    label: string,
    acknowledgement: Acknowledgement,
    page: (size: number) => typeof known,
  ): Promise<Measurement> => {
    const [ones, fifties]: [number[], number[]] = [[], []];
    const rounds = quick ? 60 : 400;
    for (let round = 0; round < rounds; round += 1) {
      signal.throwIfAborted();
      if (round % 20 === 0) progress(`pages, ${label}: ${round} of ${rounds}`);
      ones.push(await append(page(1), acknowledgement));
      fifties.push(await append(page(PAGE), acknowledgement));
    }
    return {
      name: `page of 50 / page of 1, ${label}`,
      value: median(fifties),
      unit: 'ms',
      baseline: median(ones),
      goal: { of: 'ratio', bound: 'at most', limit: LIMIT },
    };
  };
  const seen = (size: number) => known.slice(0, size);
  return [
    await measure('sequenced', 'sequenced', seen),
    await measure('staged', 'staged', seen),
    await measure('staged, candidates never seen before', 'staged', candidates),
  ];
}
