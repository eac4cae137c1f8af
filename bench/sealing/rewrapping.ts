import { randomBytes, randomUUID } from 'node:crypto';
import pg from 'pg';
import type { RequestContext } from '../../src/kernel/context.js';
import type { KeyToWrap } from '../../src/sealing/providers/key-provider.js';
import type { Measurement, RunOptions } from '../harness/benchmark.ts';
import type { Installation } from './installation.ts';
import { product } from './product.ts';

const BATCH = 10_000;
/** Each key takes as long among a million as among ten thousand. */
const CONSTANT = 0.7;
/** What the database may cost: each key is read, compared, written and indexed, durably. */
const LEAST_OF_PROVIDER = 0.05;

/** Wraps every key of growing key stores again, beside what the key provider alone takes for as many. */
export async function measureRewrapping(
  { rooms, ownerUrl }: Installation,
  { quick, signal, progress }: RunOptions,
): Promise<readonly Measurement[]> {
  const { KeyProvider } = await product.keyProvider();
  const { KeyRewrapping, MasterRotation } = await product.sealing();
  const { newId } = await product.ids();
  const provider = rooms.get(KeyProvider, { strict: false });
  const context: RequestContext = {
    requestId: newId<'request'>(Date.now()),
    actor: { kind: 'system', name: 'bench' },
    locale: 'fr',
    address: '127.0.0.1',
  };
  const owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  try {
    const measurements: Measurement[] = [];
    let stored = 0;
    let first = Number.NaN;
    for (const size of quick ? [10_000, 50_000] : [10_000, 100_000, 1_000_000]) {
      let alone = 0;
      for (; stored < size; stored += BATCH) {
        signal.throwIfAborted();
        progress(`storing keys: ${stored} of ${size}`);
        const keys = Array.from({ length: BATCH }, (): KeyToWrap => {
          return {
            key: randomBytes(32),
            context: { purpose: 'subject-key', owner: randomUUID(), version: 1 },
          };
        });
        const wrapped = await provider.wrapMany(keys);
        const begin = performance.now();
        await provider.rewrapMany(
          wrapped.map((key, index) => ({ ...key, context: keys[index]?.context ?? never() })),
        );
        alone = BATCH / (performance.now() - begin);
        await owner.query(
          `INSERT INTO keys.subject_key (subject_id, version, wrapped, master_version, created_at)
           SELECT id, 1, wrapped, $3, now() FROM unnest($1::uuid[], $2::bytea[]) AS t (id, wrapped)`,
          [
            keys.map((key) => key.context.owner),
            wrapped.map((key) => key.wrapped),
            wrapped[0]?.masterVersion,
          ],
        );
      }
      await owner.query('VACUUM ANALYZE keys.subject_key');
      await rooms.get(MasterRotation, { strict: false }).rotate(context);
      const begin = performance.now();
      const { rewrapped } = await rooms
        .get(KeyRewrapping, { strict: false })
        .run(context, (done, total) => progress(`rewrapping: ${done} of ${total}`));
      const perSecond = (rewrapped * 1_000) / (performance.now() - begin);
      if (rewrapped < size) throw new Error('Not every key was wrapped again.');
      const name = `rewrapping ${size.toLocaleString('en')} keys`;
      measurements.push({
        name: `${name} / provider alone`,
        value: perSecond,
        unit: '1/s',
        baseline: alone * 1_000,
        goal: { of: 'ratio', bound: 'at least', limit: LEAST_OF_PROVIDER },
      });
      if (Number.isNaN(first)) first = perSecond;
      else {
        measurements.push({
          name: `${name} / of 10,000`,
          value: perSecond,
          unit: '1/s',
          baseline: first,
          goal: { of: 'ratio', bound: 'at least', limit: CONSTANT },
        });
      }
    }
    return measurements;
  } finally {
    await owner.end();
  }
}

function never(): never {
  throw new Error('A key has no context.');
}
