import { hash } from 'node:crypto';
import type { Measurement, RunOptions } from '../harness/benchmark.ts';
import { candidates, readings } from './drafts.ts';
import type { Product } from './product.ts';

const AT_ONCE = 512;
/** Staged at once before the sequencer gets its turn; within what the ledger lets wait. */
const PORTION_MS = 60_000;
/** No more is appended after this: a slow machine verifies fewer. */
const APPEND_BUDGET_MS = 5 * 60_000;
const SAMPLE = 10_000;
/** A million in less than ten minutes, on the machine's own. */
const LEAST_PER_SECOND = 2_000;

/** The whole ledger verified, and how fast SHA-256 alone takes the same bytes. */
export async function measureVerification(
  product: Product,
  { quick, signal, progress }: RunOptions,
): Promise<readonly Measurement[]> {
  const size = await grow(product, quick ? 10_000 : 1_000_000, { signal, progress });
  const begin = performance.now();
  const verified = await product.verifier.verify({
    progress: (done, total) => progress(`verifying: ${done} of ${total}`),
  });
  const perSecond = (verified.size * 1_000) / (performance.now() - begin);
  if (verified.report.count > 0) throw new Error('The untouched ledger does not pass its verification.');
  if (verified.size < size) throw new Error('Not the whole ledger was verified.');
  return [
    {
      name: `verifying ${verified.size.toLocaleString('en')} entries / SHA-256 alone`,
      value: perSecond,
      unit: '1/s',
      baseline: await hashing(product),
      goal: { of: 'value', bound: 'at least', limit: LEAST_PER_SECOND },
    },
  ];
}

/** Appends and sequences until there are as many entries as that, or the time is over. @returns how many there are */
async function grow(
  product: Product,
  size: number,
  { signal, progress }: Pick<RunOptions, 'signal' | 'progress'>,
): Promise<number> {
  const next = readings(candidates(5_000));
  const begin = performance.now();
  let entries = await sizeOf(product);
  while (entries < size && performance.now() - begin < APPEND_BUDGET_MS) {
    progress(`verifying: ${entries} entries of ${size} are there`);
    const deadline = performance.now() + PORTION_MS;
    let missing = size - entries;
    const lane = async (): Promise<void> => {
      while (missing > 0 && performance.now() < deadline) {
        signal.throwIfAborted();
        missing -= 1;
        await product.ledger.append(next(), 'staged');
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, lane));
    await product.drain(signal);
    entries = await sizeOf(product);
  }
  return entries;
}

async function sizeOf({ owner }: Product): Promise<number> {
  const { rows } = await owner.query<{ size: number }>('SELECT size::float8 AS size FROM audit.signed_head');
  return rows[0]?.size ?? 0;
}

/** @returns entries a second: their bytes and those of their records, with nothing around it */
async function hashing({ owner }: Product): Promise<number> {
  const { rows } = await owner.query<{ envelope: Buffer; record: Buffer }>(
    `SELECT l.envelope, r.record FROM audit.leaf l JOIN audit.subject_record r USING (leaf_index) LIMIT $1`,
    [SAMPLE],
  );
  const rounds = 5;
  const begin = performance.now();
  for (let round = 0; round < rounds; round += 1) {
    for (const { envelope, record } of rows) {
      hash('sha256', envelope, 'buffer');
      hash('sha256', record, 'buffer');
    }
  }
  return (rows.length * rounds * 1_000) / (performance.now() - begin);
}
