import type { Benchmark, Measurement, RunOptions } from './harness/benchmark.ts';
import { measureAnswers } from './ledger/answers.ts';
import { measureAppending } from './ledger/appending.ts';
import { measurePages } from './ledger/pages.ts';
import { onDatabase, type Product } from './ledger/product.ts';
import { measureQueries } from './ledger/queries.ts';
import { measureVerification } from './ledger/verifying.ts';

/** The ledger's design: so much faster than entries can come, so that a backlog goes away. */
const SEQUENCING_LIMIT = 3;

export const benchmark: Benchmark = {
  measures:
    'the ledger against plain INSERTs and a hash chain; answers, pages, sequencing, verification, queries',
  run: async (options) => [
    ...(await onDatabase((product) => measureEntries(product, options))),
    ...(await onDatabase((small) => onDatabase((large) => measureQueries(small, large, options)))),
  ],
};

async function measureEntries(product: Product, options: RunOptions): Promise<readonly Measurement[]> {
  const { signal, progress } = options;
  const { measurements, busy } = await measureAppending(product, options);
  progress('sequencing');
  const { entries, perSecond } = await product.drain(signal);
  const sequencing: Measurement = {
    name: `sequencing ${entries.toLocaleString('en')} entries / appending, 32 at once`,
    value: perSecond,
    unit: '1/s',
    baseline: busy,
    goal: { of: 'ratio', bound: 'at least', limit: SEQUENCING_LIMIT },
  };
  await product.startWorker();
  const answers = await measureAnswers(product, options);
  const pages = await measurePages(product, options);
  await product.stopWorker();
  return [
    ...measurements,
    sequencing,
    ...answers,
    ...pages,
    ...(await measureVerification(product, options)),
  ];
}
