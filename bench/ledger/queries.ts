import type { LedgerReader } from '../../src/ledger/index.js';
import type { Measurement, RunOptions } from '../harness/benchmark.ts';
import { median, timed } from '../harness/rounds.ts';
import { fill } from './many-entries.ts';
import type { Product } from './product.ts';
import { ledgerFilters } from './query-filters.ts';

const PAGE = 50;
/** A search structure has one level more at the most; half as much again is what the ledger's design allows. */
const LIMIT = 1.5;

/** How long an auditor waits for a page of what a filter finds, as the ledger grows; its own smallest is the baseline. */
export async function measureQueries(
  { owner, reader }: Product,
  { quick, signal, progress }: RunOptions,
): Promise<readonly Measurement[]> {
  const sizes = quick ? [10_000, 50_000] : [10_000, 1_000_000, 5_000_000];
  const rounds = quick ? 25 : 200;
  const first = new Map<string, number>();
  const measurements: Measurement[] = [];
  for (const size of sizes) {
    progress(`queries: filling up to ${size} entries`);
    await fill(owner, size, signal);
    for (const { name, filterOf } of ledgerFilters(size)) {
      signal.throwIfAborted();
      progress(`queries of ${size}: ${name}`);
      const value = await typical(reader, rounds, filterOf);
      const baseline = first.get(name);
      if (baseline === undefined) first.set(name, value);
      else
        measurements.push({
          name: `query by ${name}: ${size.toLocaleString('en')} / ${sizes[0]?.toLocaleString('en')} entries`,
          value,
          unit: 'ms',
          baseline,
          goal: { of: 'ratio', bound: 'at most', limit: LIMIT },
        });
    }
  }
  return measurements;
}

type FilterOf = ReturnType<typeof ledgerFilters>[number]['filterOf'];

async function typical(reader: LedgerReader, rounds: number, filterOf: FilterOf): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    times.push(
      await timed(async () => {
        const found = await reader.list(filterOf(round), PAGE);
        if (found.length === 0) throw new Error('A query has found nothing.');
      }),
    );
  }
  return median(times);
}
