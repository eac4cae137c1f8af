import type { Measurement, RunOptions } from '../harness/benchmark.ts';
import { median, timed } from '../harness/rounds.ts';
import type { Prepared } from './installation.ts';
import { PASSWORD } from './people.ts';
import { type Server, withServer } from './server.ts';
import { addressOf, atOnce, signIn } from './sign-ins.ts';

const CLIENTS = 120;

/** What a flood of sign-ins with the product's own parameters does to others and to memory. */
export async function measureFlood(
  prepared: Prepared,
  { quick, signal, progress }: RunOptions,
): Promise<readonly Measurement[]> {
  const count = quick ? 250 : 2_000;
  return withServer(prepared, {}, async (server) => {
    progress('flood: before');
    await probe(server, signal, 50);
    const quiet = await probe(server, signal, 100);
    const memoryBefore = await server.memory();
    progress('flood: under way');
    const statuses: number[] = [];
    const state = { isOver: false };
    const flood = atOnce(CLIENTS, Array.from({ length: count }).keys(), async (index) => {
      signal.throwIfAborted();
      const attempt = { email: `f${index}@example.fr`, password: PASSWORD, code: '000000' };
      statuses.push(await signIn(server.url, { ...attempt, from: addressOf(index) }));
    }).finally(() => {
      state.isOver = true;
    });
    const busy: number[] = [];
    let memory = memoryBefore;
    while (!state.isOver) {
      busy.push(...(await probe(server, signal, 1)));
      memory = Math.max(memory, await server.memory());
    }
    await flood;
    const refused = statuses.filter((status) => status === 503 || status === 429).length;
    if (statuses.some((status) => ![401, 429, 503].includes(status)))
      throw new Error('The flood was answered with something else than 401, 429 or 503.');
    const { memoryKiB, concurrency } = prepared.passwords;
    return [
      {
        name: 'public route during a flood of sign-ins (median)',
        value: median(busy),
        unit: 'ms',
        baseline: median(quiet),
        goal: { of: 'value', bound: 'at most', limit: 100 },
      },
      {
        name: 'memory during the flood against before and the hashes at work',
        value: memory,
        unit: 'MiB',
        baseline: memoryBefore + (memoryKiB * concurrency) / 1_024,
        goal: { of: 'ratio', bound: 'at most', limit: 1.5 },
      },
      {
        name: 'sign-ins refused at once, of those in the flood',
        value: refused,
        unit: 'answers',
        baseline: count,
        goal: { of: 'value', bound: 'at least', limit: 1 },
      },
    ];
  });
}

/** Times of a request that has nothing to do with signing in. */
async function probe({ url }: Server, signal: AbortSignal, times: number): Promise<readonly number[]> {
  const found: number[] = [];
  for (let done = 0; done < times; done += 1) {
    found.push(
      await timed(async () => {
        const response = await fetch(new URL('/v1/vacancies', url), {
          headers: { 'x-forwarded-for': addressOf(100_000 + done) },
          signal,
        });
        await response.arrayBuffer();
      }),
    );
  }
  return found;
}
