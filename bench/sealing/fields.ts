import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from 'node:crypto';
import type { Measurement, RunOptions } from '../harness/benchmark.ts';
import { calibrated, type Contender, inTurn } from './in-turn.ts';
import { type AnySealing, anySealing, peers } from './peers.ts';
import { product } from './product.ts';
import { SIZES, textOf } from './texts.ts';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** The goal against what cannot be beaten. */
const LIMIT_RATIO = 1.5;

/** AES-256-GCM of node:crypto and nothing else: no binding to a place, no padding, no version. */
export function bareSeal(key: KeyObject, text: Buffer): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  return Buffer.concat([nonce, cipher.update(text), cipher.final(), cipher.getAuthTag()]);
}

export function bareOpen(key: KeyObject, stored: Buffer): Buffer {
  const nonce = stored.subarray(0, NONCE_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAuthTag(stored.subarray(stored.length - TAG_BYTES));
  const body = stored.subarray(NONCE_BYTES, stored.length - TAG_BYTES);
  return Buffer.concat([decipher.update(body), decipher.final()]);
}

/** The limit for values: what a field is (a JSON value) has to become bytes, whoever encrypts it. */
function limitOf(key: KeyObject): AnySealing {
  return anySealing<Buffer>({
    name: 'node:crypto',
    seal: (value) => bareSeal(key, Buffer.from(JSON.stringify(value), 'utf8')),
    open: (stored) => JSON.parse(bareOpen(key, stored).toString('utf8')),
    bytes: (stored) => stored.length,
  });
}

/** What the product does with a field once it has the subject's key. */
export async function productOf(key: KeyObject): Promise<AnySealing> {
  const { sealField, openField } = await product.sealedField();
  const { encodeValue, decodeValue } = await product.canonical();
  const { newId } = await product.ids();
  const { SystemRandomness } = await product.randomness();
  const randomness = new SystemRandomness();
  const subject = newId<'candidate'>(Date.now());
  const position = { subject, row: newId<'row'>(Date.now()) };
  const place = 'applications_application.motivation';
  return anySealing<Buffer>({
    name: 'sceau',
    seal: (value) =>
      sealField({ key, version: 1 }, randomness.bytes(NONCE_BYTES), place, position, encodeValue(value)),
    open: (stored) => decodeValue(openField(key, place, position, stored)),
    bytes: (stored) => stored.length,
  });
}

/** Seals and opens texts of each size beside the limit and beside each peer, in turn. */
export async function measureFields(key: KeyObject, options: RunOptions): Promise<readonly Measurement[]> {
  const limit = limitOf(key);
  const own = await productOf(key);
  const rivals = await peers();
  const measurements: Measurement[] = [];
  for (const { label, bytes } of SIZES) {
    const text = textOf(bytes);
    for (const operation of ['seal', 'open'] as const) {
      const contenders = await Promise.all(
        [own, limit, ...rivals].map((sealing) => contenderOf(sealing, operation, text)),
      );
      const [value, bare, ...others] = await inTurn(`${operation} ${label}`, contenders, options);
      if (value === undefined || bare === undefined) throw new Error('Nothing was measured.');
      measurements.push({
        name: `${operation} ${label} / node:crypto`,
        value,
        unit: 'µs',
        baseline: bare,
        goal: { of: 'ratio', bound: 'at most', limit: LIMIT_RATIO },
      });
      others.forEach((other, index) =>
        measurements.push({
          name: `${operation} ${label} / ${rivals[index]?.name ?? ''}`,
          value,
          unit: 'µs',
          baseline: other,
          goal: { of: 'ratio', bound: 'at most', limit: 1 },
        }),
      );
    }
  }
  return measurements;
}

async function contenderOf(
  { name, seal, open }: AnySealing,
  operation: 'seal' | 'open',
  text: string,
): Promise<Contender> {
  const stored = await seal(text);
  if ((await open(stored)) !== text) throw new Error(`${name} does not give back what it was given.`);
  const once = operation === 'seal' ? () => seal(text) : () => open(stored);
  return calibrated(once);
}
