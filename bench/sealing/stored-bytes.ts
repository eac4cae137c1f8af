import type { KeyObject } from 'node:crypto';
import type { Measurement } from '../harness/benchmark.ts';
import { productOf } from './fields.ts';
import { peers } from './peers.ts';
import { SIZES, textOf } from './texts.ts';

/** Header, nonce, tag and the least bucket: what the shortest field takes. */
const LEAST_BYTES = 98;
/** Padmé adds at most so much, and 64 bytes for the least bucket. */
const MOST_PADDING = 1.12;
/** Padding hides lengths, which no peer does; base64, which most of them use, takes more than that from 200 B on. */
const MOST_AGAINST_PEERS = 1.5;

/** Bytes in the column for each field, against the text itself and against each peer. */
export async function measureStoredBytes(key: KeyObject): Promise<readonly Measurement[]> {
  const own = await productOf(key);
  const rivals = await peers();
  const measurements: Measurement[] = [];
  for (const { label, bytes } of SIZES) {
    const text = textOf(bytes);
    const value = own.bytes(await own.seal(text));
    measurements.push({
      name: `stored ${label} / plaintext`,
      value,
      unit: 'bytes',
      baseline: bytes,
      goal: { of: 'value', bound: 'at most', limit: Math.ceil(bytes * MOST_PADDING) + LEAST_BYTES },
    });
    for (const rival of rivals) {
      measurements.push({
        name: `stored ${label} / ${rival.name}`,
        value,
        unit: 'bytes',
        baseline: rival.bytes(await rival.seal(text)),
        goal: { of: 'ratio', bound: 'at most', limit: MOST_AGAINST_PEERS },
      });
    }
  }
  return measurements;
}
