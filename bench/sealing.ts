import { createSecretKey, randomBytes } from 'node:crypto';
import type { Benchmark } from './harness/benchmark.ts';
import { measureFields } from './sealing/fields.ts';
import { withInstallation } from './sealing/installation.ts';
import { measurePage } from './sealing/page.ts';
import { measureRewrapping } from './sealing/rewrapping.ts';
import { measureStoredBytes } from './sealing/stored-bytes.ts';

export const benchmark: Benchmark = {
  measures: 'sealed fields against bare AES-256-GCM and four packages; pages, rewrapping, bytes stored',
  run: async (options) => {
    const key = createSecretKey(randomBytes(32));
    return [
      ...(await measureFields(key, options)),
      ...(await measureStoredBytes(key)),
      ...(await withInstallation(async (installation) => [
        ...(await measurePage(installation, options)),
        ...(await measureRewrapping(installation, options)),
      ])),
    ];
  },
};
