import type pg from 'pg';
import type { LedgerFilter } from '../../src/ledger/index.js';
import type { Measurement, RunOptions } from '../harness/benchmark.ts';
import { median, timed } from '../harness/rounds.ts';
import { clientOf, fill, momentOf, originOf, STOLEN_KEY } from '../ledger/many-entries.ts';
import type { Product } from '../ledger/product.ts';

const SMALL = 10_000;
/** Milliseconds in which a selective question has its answer, and one about all that a client has ever read. */
const LIMITS = { selective: 2_000, whole: 15_000 } as const;
/** Entries of half a day. */
const HALF_DAY = 7_200;
const PROOFS = 100;
/** Of what takes seconds each. */
const FEW_ROUNDS = 3;

interface Question {
  readonly name: string;
  readonly filter: LedgerFilter;
  readonly limit: number;
}

const questions = (size: number): readonly Question[] => {
  const middle = Math.floor(size / 2);
  const halfDay = { from: momentOf(middle), to: momentOf(middle + HALF_DAY) };
  const [client, origin] = [clientOf(2), originOf(2)];
  return [
    { name: 'a stolen key', filter: { key: STOLEN_KEY }, limit: LIMITS.selective },
    { name: 'a client in half a day', filter: { client, ...halfDay }, limit: LIMITS.selective },
    { name: 'an origin in half a day', filter: { origin, ...halfDay }, limit: LIMITS.selective },
    { name: 'half a day', filter: halfDay, limit: LIMITS.selective },
    { name: 'all of a client', filter: { client }, limit: LIMITS.whole },
  ];
};

/**
 * How long an operator waits for the numbers and the list of those affected, in a large ledger and in a small one, in
 * turn; and for the proofs of a page of entries.
 */
export async function measureImpact(
  small: Product,
  large: Product,
  { quick, signal, progress }: RunOptions,
): Promise<readonly Measurement[]> {
  const size = quick ? 50_000 : 5_000_000;
  const rounds = quick ? FEW_ROUNDS : 7;
  for (const [product, entries] of [
    [small, SMALL],
    [large, size],
  ] as const) {
    progress(`filling up to ${entries} entries`);
    await fill(product.owner, entries, signal);
    await sign(product.owner, entries);
  }
  const usual = questions(SMALL);
  const measurements: Measurement[] = [];
  for (const [at, { name, filter, limit }] of questions(size).entries()) {
    const ofSmall = usual[at]?.filter ?? filter;
    const [values, baselines]: [number[], number[]] = [[], []];
    const times = limit === LIMITS.whole ? FEW_ROUNDS : rounds;
    for (let round = 0; round < times; round += 1) {
      signal.throwIfAborted();
      progress(`impact of ${name}: round ${round + 1} of ${times}`);
      baselines.push(await timed(() => impact(small, ofSmall)));
      values.push(await timed(() => impact(large, filter)));
    }
    measurements.push(measured(`impact of ${name}`, size, values, baselines, limit));
  }
  progress('proofs');
  const [values, baselines]: [number[], number[]] = [[], []];
  const stolen = { key: STOLEN_KEY };
  for (let round = 0; round < rounds; round += 1) {
    signal.throwIfAborted();
    baselines.push(await timed(() => small.exposures.entries(stolen, PROOFS)));
    values.push(await timed(() => large.exposures.entries(stolen, PROOFS)));
  }
  return [
    ...measurements,
    measured(`up to ${PROOFS} entries with proofs`, size, values, baselines, LIMITS.selective),
  ];
}

const measured = (
  name: string,
  size: number,
  values: readonly number[],
  baselines: readonly number[],
  limit: number,
): Measurement => ({
  name: `${name}: ${size.toLocaleString('en')} / ${SMALL.toLocaleString('en')} entries`,
  value: median(values),
  unit: 'ms',
  baseline: median(baselines),
  goal: { of: 'value', bound: 'at most', limit },
});

async function impact({ exposures }: Product, filter: LedgerFilter): Promise<void> {
  const { subjects, entries } = await exposures.all(filter);
  if (subjects.length === 0 || entries === 0) throw new Error('Nobody was found.');
}

/** As if all of it were sequenced: a head, tiles of zeros, and the leaves that proofs are asked of. */
async function sign(owner: pg.Client, size: number): Promise<void> {
  const root = Buffer.alloc(32);
  const note = `bench\n${size}\n${root.toString('base64')}\n`;
  await owner.query(
    `INSERT INTO audit.signed_head (epoch, size, root, note, at) VALUES (1, $1, $2, $3, now())`,
    [size, root, note],
  );
  for (let [level, nodes] = [0, size]; nodes > 0; level += 1, nodes = Math.floor(nodes / 256)) {
    await owner.query(
      `INSERT INTO audit.tile (level, index, hashes)
       SELECT $1, i, decode(repeat('00', 32 * least(256, $2 - i * 256)::integer), 'hex')
       FROM generate_series(0::bigint, ($2::bigint - 1) / 256) AS g (i)`,
      [level, nodes],
    );
  }
  await owner.query(
    `INSERT INTO audit.leaf (leaf_index, at, envelope, hash, writer, n, signature)
     SELECT leaf_index, at, convert_to('{}', 'UTF8'), $2, entry_id, 1, $2 FROM audit.entry WHERE key = $1`,
    [STOLEN_KEY, root],
  );
}
