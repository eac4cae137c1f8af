import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../tools/embedded-postgres.ts';
import type { Benchmark } from './harness/benchmark.ts';
import { cleanEnvironment, NpmStart } from './harness/npm-start.ts';
import { compare, timed } from './harness/rounds.ts';
import { inTemporaryFolder } from './harness/temporary-folder.ts';
import { freePort } from '../tools/free-port.ts';

// The baseline is one server, the product five processes and three loads of the application. On two cores a quiet run
// gave 31 to 40 and one beside other work up to 64, since the short baseline feels a neighbour less. Twice the usual
// ratio passes noise and stops a start that takes twice as long.
const WARM_LIMIT = 80;
// Here initdb is on both sides: 4 to 8, for the same reasons.
const FIRST_LIMIT = 12;

export const benchmark: Benchmark = {
  measures: '`npm start` on a warm checkout until ready, against `node -e 0` plus the embedded PostgreSQL',
  run: (options) =>
    inTemporaryFolder(async (folder) => {
      let homes = 0;
      const first = await compare(
        {
          label: 'first start',
          rounds: options.quick ? 1 : 3,
          baseline: () => startBare(join(folder, `bare-${(homes += 1)}`)),
          measured: () => startSceau(join(folder, `sceau-${homes}`), options.signal),
        },
        options,
      );
      const warm = await compare(
        {
          label: 'warm start',
          rounds: options.quick ? 3 : 10,
          ...(options.quick ? { budgetMs: 15_000 } : {}),
          baseline: () => startBare(join(folder, 'bare-1')),
          measured: () => startSceau(join(folder, 'sceau-1'), options.signal),
        },
        options,
      );
      return [
        {
          name: 'warm start',
          ...warm,
          unit: 'ms',
          goal: { of: 'ratio', bound: 'at most', limit: WARM_LIMIT },
        },
        {
          name: 'first start',
          ...first,
          unit: 'ms',
          goal: { of: 'ratio', bound: 'at most', limit: FIRST_LIMIT },
        },
      ];
    }),
};

/** @returns milliseconds of a Node that does nothing, and after it of the database alone */
async function startBare(home: string): Promise<number> {
  const node = await timed(async () => {
    const child = spawn(process.execPath, ['-e', '0'], { env: cleanEnvironment(), stdio: 'ignore' });
    const [code] = await once(child, 'exit');
    if (code !== 0) throw new Error(`node -e 0 ended with ${String(code)}.`);
  });
  const begin = performance.now();
  const postgres = await startEmbeddedPostgres({ home });
  const database = performance.now() - begin;
  await postgres.stop();
  return node + database;
}

/** @returns milliseconds until ready; stopping again is not counted */
async function startSceau(home: string, signal: AbortSignal): Promise<number> {
  const port = await freePort();
  const begin = performance.now();
  const sceau = new NpmStart(home, port);
  try {
    await sceau.ready(signal);
    return performance.now() - begin;
  } finally {
    await sceau.stop();
  }
}
