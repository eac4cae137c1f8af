import type { Benchmark } from './harness/benchmark.ts';
import { measureImpact } from './incidents/impact.ts';
import { onDatabase } from './ledger/product.ts';

export const benchmark: Benchmark = {
  measures: 'whose data an incident affects, among five million entries and among ten thousand',
  run: (options) => onDatabase((small) => onDatabase((large) => measureImpact(small, large, options))),
};
