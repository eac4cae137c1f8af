import { measureDocuments } from './documents/measuring.ts';
import type { Benchmark } from './harness/benchmark.ts';
import { withPrepared } from './identity/installation.ts';

export const benchmark: Benchmark = {
  measures:
    '50 uploads and downloads of 10 MiB at once against plain streaming to disk and bare AES-256-GCM; memory',
  run: (options) => withPrepared((prepared) => measureDocuments(prepared, options)),
};
