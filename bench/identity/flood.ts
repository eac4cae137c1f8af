import { setTimeout as pause } from 'node:timers/promises';
import type { Measurement, RunOptions } from '../harness/benchmark.ts';
import { median, timed } from '../harness/rounds.ts';
import type { Prepared } from './installation.ts';
import { PASSWORD } from './people.ts';
import { type Server, withServer } from './server.ts';
import { addressOf, atOnce, signIn } from './sign-ins.ts';

const CLIENTS = 120;
/** A hundred sign-ins a second: about ten times what two cores can hash. */
const APART_MS = 10;
const SECONDS = { quick: 8, full: 40 };
/** What the flood may be answered with. */
const ANSWERS: ReadonlySet<number> = new Set([401, 429, 503]);

interface Flood {
  readonly statuses: readonly number[];
  /** Times of the other route, in milliseconds. */
  readonly busy: readonly number[];
  /** Resident memory in MiB, as often as it was looked at. */
  readonly memory: readonly number[];
}

/**
 * What a flood of sign-ins does to others and to memory. Hashes cost what the product's own settings say; the flood goes
 * on for a given time, since what it gets done in it is the product's to decide.
 */
export async function measureFlood(prepared: Prepared, options: RunOptions): Promise<readonly Measurement[]> {
  return withServer(prepared, {}, async (server) => {
    options.progress('flood: before');
    await probe(server, options.signal, 50);
    const quiet = await probe(server, options.signal, 100);
    const memoryBefore = await server.memory();
    const { statuses, busy, memory } = await flood(server, options);
    if (statuses.some((status) => !ANSWERS.has(status)))
      throw new Error('The flood was answered with something else than 401, 429 or 503.');
    const hashed = statuses.filter((status) => status === 401).length;
    const third = Math.ceil(memory.length / 3);
    const { memoryKiB, concurrency } = prepared.passwords;
    return [
      {
        name: 'public route during a flood of 100 sign-ins a second (median)',
        value: median(busy),
        unit: 'ms',
        baseline: median(quiet),
        // What people take for at once (Nielsen, Usability Engineering, 1993).
        goal: { of: 'value', bound: 'at most', limit: 100 },
      },
      {
        name: 'memory during the flood against before and the hashes at work',
        value: Math.max(...memory),
        unit: 'MiB',
        baseline: memoryBefore + (memoryKiB * concurrency) / 1_024,
        // Room for what 120 requests hold; each hash more would be 64 MiB.
        goal: { of: 'ratio', bound: 'at most', limit: 1.5 },
      },
      {
        name: 'memory in the last third of the flood against the first (highest)',
        value: Math.max(...memory.slice(-third)),
        unit: 'MiB',
        baseline: Math.max(...memory.slice(0, third)),
        // Garbage that has not been collected yet, and nothing that grows with the answers.
        goal: { of: 'ratio', bound: 'at most', limit: 1.15 },
      },
      {
        name: 'sign-ins of the flood that were refused at once, of all',
        value: statuses.length - hashed,
        unit: 'answers',
        baseline: statuses.length,
        goal: { of: 'value', bound: 'at least', limit: 1 },
      },
      {
        name: 'sign-ins of the flood that were hashed and refused, of all',
        value: hashed,
        unit: 'answers',
        baseline: statuses.length,
        goal: { of: 'value', bound: 'at least', limit: 1 },
      },
    ];
  });
}

async function flood(server: Server, { quick, signal, progress }: RunOptions): Promise<Flood> {
  const statuses: number[] = [];
  const busy: number[] = [];
  const memory: number[] = [];
  const begin = performance.now();
  const end = begin + 1_000 * (quick ? SECONDS.quick : SECONDS.full);
  const state = { isOver: false };
  const underWay = atOnce(CLIENTS, numbersUntil(end), async (index) => {
    await pause(Math.max(0, begin + index * APART_MS - performance.now()), undefined, { signal });
    const attempt = { email: `f${index}@example.fr`, password: PASSWORD, code: '000000' };
    statuses.push(await signIn(server.url, { ...attempt, from: addressOf(index) }));
  }).finally(() => {
    state.isOver = true;
  });
  while (!state.isOver) {
    const left = Math.max(0, Math.ceil((end - performance.now()) / 1_000));
    progress(`flood: ${statuses.length} answers, ${left} s to go`);
    busy.push(...(await probe(server, signal, 1)));
    memory.push(await server.memory());
  }
  await underWay;
  return { statuses, busy, memory };
}

function* numbersUntil(end: number): Generator<number, void, undefined> {
  for (let index = 0; performance.now() < end; index += 1) yield index;
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
