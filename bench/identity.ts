import type { Benchmark, Measurement } from './harness/benchmark.ts';
import { measureFlood } from './identity/flood.ts';
import { withPrepared } from './identity/installation.ts';
import { measureSessionCheck } from './identity/session-check.ts';
import { measureStuffing } from './identity/stuffing.ts';
import { measureThroughput } from './identity/throughput.ts';

/** Each on the same installation, one after the other. */
const PARTS = [measureThroughput, measureSessionCheck, measureFlood, measureStuffing];

export const benchmark: Benchmark = {
  measures:
    'sign-ins against bare argon2id, the check of a session, a flood of sign-ins, credential stuffing',
  run: (options) =>
    withPrepared(async (prepared) => {
      const found: Measurement[] = [];
      for (const measure of PARTS) found.push(...(await measure(prepared, options)));
      return found;
    }),
};
