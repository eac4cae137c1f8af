import { createSecretKey, randomBytes } from 'node:crypto';
import pg from 'pg';
import type { CandidateId } from '../../src/kernel/ids.js';
import type { Measurement, RunOptions } from '../harness/benchmark.ts';
import { bareOpen, bareSeal } from './fields.ts';
import type { Installation } from './installation.ts';
import { product } from './product.ts';
import { textOf } from './texts.ts';

const CANDIDATES = 50;
const FIELDS = 8;
const FIELD_BYTES = 200;

/** With every key at hand: the bindings, the padding and one look into the cache for each field. */
const WARM_LIMIT = 3;
/** Beside the query and the unwrapping that the baseline does too: coalescing, the cache, what NestJS injects. */
const COLD_LIMIT = 3;
/** The slowest of a hundred pages is a matter of the garbage collector, which meets both. */
const TAIL_LIMIT = 5;

/** Opens a page of 50 candidates with 8 fields each, with and without their keys in the cache. */
export async function measurePage(
  { rooms, ownerUrl }: Installation,
  { quick, signal, progress }: RunOptions,
): Promise<readonly Measurement[]> {
  const { Sealer, SubjectKeys, place } = await product.sealing();
  const { Opener } = await product.opening();
  const { SubjectKeyCache } = await product.keyCache();
  const { newId } = await product.ids();
  const ids = Array.from({ length: CANDIDATES }, (): CandidateId => newId<'candidate'>(Date.now()));
  const keys = rooms.get(SubjectKeys, { strict: false });
  for (const id of ids) await keys.create(id);
  const answers = place<string>()('applications_application.answers');
  const sealer = rooms.get(Sealer, { strict: false });
  const text = textOf(FIELD_BYTES);
  const fields = ids.flatMap((subject) =>
    Array.from({ length: FIELDS }, () => ({ subject, row: newId<'row'>(Date.now()) })),
  );
  const page = await Promise.all(
    fields.map(async (position) => ({
      place: answers,
      position,
      sealed: await sealer.seal(answers, position, text),
    })),
  );
  const opener = rooms.get(Opener, { strict: false });
  const cache = rooms.get(SubjectKeyCache, { strict: false });
  const open = async (): Promise<void> => {
    const results = await opener.openMany(page);
    if (!results.every((result) => result.ok)) throw new Error('The page did not open.');
  };

  const key = createSecretKey(randomBytes(32));
  const bare = fields.map(() => bareSeal(key, Buffer.from(JSON.stringify(text))));
  const openBare = (): Promise<void> => {
    for (const stored of bare) JSON.parse(bareOpen(key, stored).toString('utf8'));
    return Promise.resolve();
  };
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    const wrappedBare = bareSeal(key, randomBytes(32));
    const openBareCold = async (): Promise<void> => {
      await client.query('SELECT subject_id, wrapped FROM keys.subject_key WHERE subject_id = ANY($1)', [
        ids,
      ]);
      for (const _ of ids) createSecretKey(bareOpen(key, wrappedBare));
      await openBare();
    };
    const openCold = async (): Promise<void> => {
      cache.hearsNothing();
      cache.hears();
      await open();
    };
    const rounds = quick ? 100 : 1_500;
    const run = async (label: string, limit: number, own: () => Promise<void>, base: () => Promise<void>) => {
      progress(`page ${label}`);
      const [values, baselines]: [number[], number[]] = [[], []];
      for (let round = 0; round < rounds; round += 1) {
        signal.throwIfAborted();
        baselines.push(await milliseconds(base));
        values.push(await milliseconds(own));
      }
      return [
        measurement(`page of 50 x 8, ${label}, p50`, values, baselines, 0.5, limit),
        measurement(`page of 50 x 8, ${label}, p99`, values, baselines, 0.99, TAIL_LIMIT),
      ];
    };
    await open();
    return [
      ...(await run('warm', WARM_LIMIT, open, openBare)),
      ...(await run('cold', COLD_LIMIT, openCold, openBareCold)),
    ];
  } finally {
    await client.end();
  }
}

function measurement(
  name: string,
  values: readonly number[],
  baselines: readonly number[],
  share: number,
  limit: number,
): Measurement {
  return {
    name,
    value: quantile(values, share),
    unit: 'ms',
    baseline: quantile(baselines, share),
    goal: { of: 'ratio', bound: 'at most', limit },
  };
}

function quantile(numbers: readonly number[], share: number): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length * share)] ?? Number.NaN;
}

async function milliseconds(work: () => Promise<void>): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}
