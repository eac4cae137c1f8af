import type { Benchmark, Measurement } from './harness/benchmark.ts';
import { measureFlood } from './identity/flood.ts';
import { withPrepared } from './identity/installation.ts';
import { measureSessionCheck } from './identity/session-check.ts';
import { measureStuffing } from './identity/stuffing.ts';
import { measureThroughput } from './identity/throughput.ts';

/** Each on the same installation, one after the other: the flood last, whose refusals count towards the alert of stuffing. */
const PARTS = [measureThroughput, measureSessionCheck, measureStuffing, measureFlood];

export const benchmark: Benchmark = {
  measures:
    'sign-ins against bare argon2id, the check of a session, credential stuffing, a flood of sign-ins',
  run: (options) =>
    withPrepared(async (prepared) => {
      const found: Measurement[] = [];
      for (const measure of PARTS) found.push(...(await measure(prepared, options)));
      return found;
    }),
};
