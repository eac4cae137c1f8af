import type { Benchmark } from './harness/benchmark.ts';
import { withInstallation } from './sealing/installation.ts';
import { measureSearches } from './vacancies/searches.ts';

export const benchmark: Benchmark = {
  measures: 'searches among seventy thousand open vacancies against the same among a thousand',
  run: (options) =>
    withInstallation((small) => withInstallation((large) => measureSearches(small, large, options))),
};
