import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import type {
  KeyProvider,
  KeyToUnwrap,
  Unwrapped,
  WrapContext,
} from '../../../../src/sealing/providers/key-provider.js';
import {
  type Installation,
  installKms,
  installLocal,
  installVault,
} from '../../../support/key-services/installations.js';

const CONTEXT: WrapContext = { purpose: 'subject-key', owner: 'a', version: 1 };

const contexts = (count: number): WrapContext[] =>
  Array.from({ length: count }, (_, index) => ({ ...CONTEXT, owner: `subject-${index}` }));

async function wrapped(provider: KeyProvider, of: readonly WrapContext[], key: Buffer = randomBytes(32)) {
  const results = await provider.wrapMany(of.map((context) => ({ key, context })));
  return of.map((context, index): KeyToUnwrap => {
    const result = results[index];
    if (result === undefined) throw new Error('A key was not wrapped.');
    return { ...result, context };
  });
}

async function wrappedOne(provider: KeyProvider, key: Buffer): Promise<KeyToUnwrap> {
  const [one] = await wrapped(provider, [CONTEXT], key);
  if (one === undefined) throw new Error('The key was not wrapped.');
  return one;
}

const oks = (results: readonly { readonly ok: boolean }[]): boolean[] => results.map(({ ok }) => ok);
const keys = (results: readonly Unwrapped[]): (Buffer | undefined)[] =>
  results.map((result) => (result.ok ? result.key : undefined));

describe.each([
  ['local', installLocal],
  ['vault', installVault],
  ['aws-kms', installKms],
] as const)('the key provider %s', (name, install) => {
  let installation: Installation;
  let one: KeyProvider;
  let two: KeyProvider;

  beforeEach(async () => {
    installation = await install();
    [one, two] = [await installation.open(), await installation.open()];
  });

  afterEach(() => installation.remove());

  it('says which it is', () => {
    expect(one.name).toBe(name);
  });

  it.each([0, 1, 50, 600])(
    'wraps %i keys in one process and unwraps them in another, in order',
    async (count) => {
      const plain = Array.from({ length: count }, () => randomBytes(32));
      const owners = contexts(count);
      const results = await one.wrapMany(
        owners.map((context, index) => ({ key: plain[index] ?? Buffer.alloc(0), context })),
      );
      expect(results).toHaveLength(count);
      const unwrapped = await two.unwrapMany(
        results.map((result, index) => ({ ...result, context: owners[index] ?? CONTEXT })),
      );
      expect(keys(unwrapped)).toEqual(plain);
    },
  );

  it('wraps the same key to other bytes each time, in which it cannot be seen', async () => {
    const key = randomBytes(32);
    const [a, b] = await wrapped(one, [CONTEXT, CONTEXT], key);
    expect(a?.wrapped.equals(b?.wrapped ?? key)).toBe(false);
    expect(a?.wrapped.includes(key.subarray(0, 8))).toBe(false);
    expect(a?.masterVersion).toBe(1);
  });

  it.each([
    ['owner', { ...CONTEXT, owner: 'b' }],
    ['version', { ...CONTEXT, version: 2 }],
    ['purpose', { ...CONTEXT, purpose: 'index-key' }],
    // The same characters, told apart by where one part ends.
    ['boundary', { ...CONTEXT, owner: 'a1', version: 0 }],
  ] as const)('does not unwrap under another %s, and unwraps the rest', async (_, context) => {
    const key = randomBytes(32);
    const item = await wrappedOne(one, key);
    const results = await one.unwrapMany([item, { ...item, context }, item]);
    expect(keys(results)).toEqual([key, undefined, key]);
  });

  it('does not unwrap when any bit has changed, and unwraps the rest', async () => {
    const key = randomBytes(32);
    const item = await wrappedOne(one, key);
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: item.wrapped.length * 8 - 1 }), async (bit) => {
        const damaged = Buffer.from(item.wrapped);
        damaged.writeUInt8(damaged.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
        const results = await one.unwrapMany([{ ...item, wrapped: damaged }, item]);
        expect(keys(results)).toEqual([undefined, key]);
      }),
      { numRuns: 40 },
    );
  });

  it.each([
    ['nothing', (bytes: Buffer) => bytes.subarray(0, 0)],
    ['one byte', (bytes: Buffer) => bytes.subarray(0, 1)],
    ['the first half', (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)],
    ['all but the last byte', (bytes: Buffer) => bytes.subarray(0, -1)],
    ['one byte too many', (bytes: Buffer) => Buffer.concat([bytes, Buffer.of(0)])],
    ['far too many', (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc(20_000)])],
    ['somebody else’s random bytes', () => randomBytes(60)],
  ])('does not unwrap %s, and unwraps the rest', async (_, change) => {
    const key = randomBytes(32);
    const item = await wrappedOne(one, key);
    const results = await one.unwrapMany([{ ...item, wrapped: change(item.wrapped) }, item]);
    expect(keys(results)).toEqual([undefined, key]);
  });

  it('does not unwrap under a version of the master key that never was', async () => {
    const key = randomBytes(32);
    const item = await wrappedOne(one, key);
    const results = await one.unwrapMany([{ ...item, masterVersion: 900 }, item]);
    expect(keys(results)).toEqual([undefined, key]);
  });

  it('begins with one version', async () => {
    expect(await one.versions()).toEqual({ current: 1, usable: [1] });
  });

  it('rotates: wraps under the new version, and both processes unwrap both', async () => {
    const key = randomBytes(32);
    const before = await wrappedOne(two, key);
    expect(await one.rotate()).toBe(2);
    expect(await one.versions()).toEqual({ current: 2, usable: [1, 2] });
    expect(await two.versions()).toEqual({ current: 2, usable: [1, 2] });
    const after = await wrappedOne(one, key);
    expect([before.masterVersion, after.masterVersion]).toEqual([1, 2]);
    for (const provider of [one, two])
      expect(keys(await provider.unwrapMany([before, after]))).toEqual([key, key]);
  });

  it('rewraps under the current version, bound to the same context, leaving out what is damaged', async () => {
    const key = randomBytes(32);
    const items = await wrapped(one, contexts(9), key);
    await one.rotate();
    const [moved, cut] = [items[2], items[6]];
    const given = items.map((item) => {
      if (item === moved) return { ...item, context: CONTEXT };
      return item === cut ? { ...item, wrapped: item.wrapped.subarray(1) } : item;
    });
    const results = await one.rewrapMany(given);
    expect(oks(results)).toEqual([true, true, false, true, true, true, false, true, true]);
    const rewrapped = results.flatMap((result, index): KeyToUnwrap[] => {
      const context = items[index]?.context;
      return result.ok && context !== undefined ? [{ ...result.wrapped, context }] : [];
    });
    expect(rewrapped.map(({ masterVersion }) => masterVersion)).toEqual(Array(7).fill(2));
    expect(keys(await two.unwrapMany(rewrapped))).toEqual(Array(7).fill(key));
    expect(oks(await two.unwrapMany(rewrapped.map((item) => ({ ...item, context: CONTEXT }))))).toEqual(
      Array(7).fill(false),
    );
    // What was rewrapped still opens as it was, until its version is retired.
    expect(oks(await two.unwrapMany(items))).toEqual(Array(9).fill(true));
  });

  it('rewraps what is under the current version already, and nothing at all', async () => {
    const key = randomBytes(32);
    const item = await wrappedOne(one, key);
    const [result] = await one.rewrapMany([item]);
    expect(result?.ok === true && result.wrapped.masterVersion).toBe(1);
    expect(await one.rewrapMany([])).toEqual([]);
  });

  it('retires a version: what it alone wraps is lost, and what was rewrapped is not', async () => {
    const key = randomBytes(32);
    const [left, kept] = await wrapped(one, contexts(2), key);
    if (left === undefined || kept === undefined) throw new Error('Nothing was wrapped.');
    await one.rotate();
    const [result] = await one.rewrapMany([kept]);
    if (result?.ok !== true) throw new Error('Nothing was rewrapped.');
    await one.rotate();
    await one.retire(1);
    await one.retire(1);
    const third = await installation.open();
    for (const provider of [one, two, third]) {
      expect(await provider.versions()).toEqual({ current: 3, usable: [2, 3] });
      const results = await provider.unwrapMany([left, kept, { ...kept, ...result.wrapped }]);
      expect(keys(results)).toEqual([undefined, undefined, key]);
      expect(oks(await provider.rewrapMany([left, { ...kept, ...result.wrapped }]))).toEqual([false, true]);
    }
    // A process that learnt of the versions before the rotation does not wrap under what is destroyed.
    expect((await wrappedOne(two, key)).masterVersion).toBeGreaterThan(1);
  });

  it.each([1, 2])('refuses to retire version %i while it is current, or does not exist', async (version) => {
    await expect(one.retire(version)).rejects.toMatchObject({ code: 'conflict' });
    expect(await one.versions()).toEqual({ current: 1, usable: [1] });
  });
});
