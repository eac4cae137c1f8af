import type { Benchmark } from './harness/benchmark.ts';
import { withPrepared } from './identity/installation.ts';
import { measureOauth } from './oauth/measuring.ts';

export const benchmark: Benchmark = {
  measures: 'tokens and validated requests of agencies against the bare library in memory and bare ES256',
  run: (options) => withPrepared((prepared) => measureOauth(prepared, options)),
};
