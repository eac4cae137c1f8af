import type { LedgerReader } from '../../src/ledger/index.js';
import type { Measurement, RunOptions } from '../harness/benchmark.ts';
import { median, timed } from '../harness/rounds.ts';
import { fill } from './many-entries.ts';
import type { Product } from './product.ts';
import { ledgerFilters } from './query-filters.ts';

const PAGE = 50;
const SMALL = 10_000;
/** A search structure has one level more at the most; half as much again is what the ledger's design allows. */
const LIMIT = 1.5;

/**
 * How long an auditor waits for a page of what a filter finds, in a large ledger and in a small one beside it, in turn.
 * Each question is asked twice and the second answer counts: what is measured is the search, not that the small ledger
 * lies in the server's memory as a whole.
 */
export async function measureQueries(
  small: Product,
  large: Product,
  { quick, signal, progress }: RunOptions,
): Promise<readonly Measurement[]> {
  const sizes = quick ? [50_000] : [1_000_000, 5_000_000];
  const rounds = quick ? 25 : 200;
  await fill(small.owner, SMALL, signal);
  const usual = new Map(ledgerFilters(SMALL).map(({ name, filterOf }) => [name, filterOf]));
  const measurements: Measurement[] = [];
  for (const size of sizes) {
    progress(`queries: filling up to ${size} entries`);
    await fill(large.owner, size, signal);
    for (const { name, filterOf } of ledgerFilters(size)) {
      const filterOfSmall = usual.get(name) ?? filterOf;
      const [values, baselines]: [number[], number[]] = [[], []];
      progress(`queries of ${size}: ${name}`);
      for (let round = 0; round < rounds; round += 1) {
        signal.throwIfAborted();
        baselines.push(await milliseconds(small.reader, filterOfSmall(round)));
        values.push(await milliseconds(large.reader, filterOf(round)));
      }
      measurements.push({
        name: `query by ${name}: ${size.toLocaleString('en')} / ${SMALL.toLocaleString('en')} entries`,
        value: median(values),
        unit: 'ms',
        baseline: median(baselines),
        goal: { of: 'ratio', bound: 'at most', limit: LIMIT },
      });
    }
  }
  return measurements;
}

async function milliseconds(
  reader: LedgerReader,
  filter: Parameters<LedgerReader['list']>[0],
): Promise<number> {
  const found = await reader.list(filter, PAGE);
  if (found.length === 0) throw new Error('A query has found nothing.');
  return timed(async () => void (await reader.list(filter, PAGE)));
}
