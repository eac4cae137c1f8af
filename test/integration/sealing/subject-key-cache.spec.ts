import { createSecretKey } from 'node:crypto';
import { type CandidateId, newId, type SubjectId } from '../../../src/kernel/ids.js';
import { Settings } from '../../../src/platform/config/settings.js';
import { Metrics } from '../../../src/platform/metrics/metrics.js';
import { SubjectKeyCache, type SubjectVersions } from '../../../src/sealing/keys/subject-key-cache.js';
import { MovableClock } from '../../support/clock.js';
import { testSettings } from '../../support/settings.js';

const KEY = createSecretKey(Buffer.alloc(32, 1));
const NOWHERE = { appUrl: '', auditorUrl: '', sequencerUrl: '' };

function versions(...numbers: number[]): SubjectVersions {
  const keys = new Map(numbers.map((version) => [version, { version, key: KEY }]));
  return { newest: keys.get(Math.max(...numbers)), keys };
}

describe('the cache of subject keys', () => {
  const ids = Array.from({ length: 5 }, () => newId<'candidate'>(Date.now()));
  const [a = newId<'candidate'>(0)] = ids;
  let clock: MovableClock;
  let metrics: Metrics;
  let loads: (readonly SubjectId[])[];
  let stored: Map<string, SubjectVersions>;

  beforeEach(() => {
    clock = new MovableClock();
    metrics = new Metrics();
    loads = [];
    stored = new Map(ids.map((id) => [id, versions(1)]));
  });

  function cacheOf(cacheSize: number, cacheSeconds = 60): SubjectKeyCache {
    const settings = testSettings(NOWHERE, '/nowhere', 0);
    const keyring = { ...settings.keyring, cacheSize, cacheSeconds };
    const cache = new SubjectKeyCache(new Settings({ ...settings, keyring }), clock, metrics);
    cache.hears();
    return cache;
  }

  const load = (subjects: readonly SubjectId[]) => {
    loads.push(subjects);
    return Promise.resolve(new Map(stored));
  };
  const fetch = (cache: SubjectKeyCache, ...subjects: CandidateId[]) =>
    cache.fetch(
      subjects.map((subject) => ({ subject })),
      load,
    );

  async function counted(): Promise<Record<string, number>> {
    const lines = (await metrics.text()).matchAll(/^sceau_subject_key_(\w+)_total\{kind="(\w+)"\} (\d+)$/gm);
    return Object.fromEntries(
      Array.from(lines, ([, name, kind, count]) => [`${name} ${kind}`, Number(count)]),
    );
  }

  it('holds no more subjects than it may, and drops the one asked for longest ago', async () => {
    const cache = cacheOf(3);
    await fetch(cache, ...ids);
    await fetch(cache, ...ids.slice(2));
    expect(loads).toHaveLength(1);
    await fetch(cache, a);
    expect(loads).toEqual([ids, [a]]);
    expect(await counted()).toMatchObject({
      'lookups hit': 3,
      'lookups miss': 6,
      'evictions bound': 3,
      'evictions age': 0,
    });
  });

  it('holds one for its time and not longer, however often it is asked for', async () => {
    const cache = cacheOf(3, 60);
    await fetch(cache, a);
    clock.advance({ seconds: 59 });
    await fetch(cache, a);
    expect(loads).toHaveLength(1);
    clock.advance({ seconds: 2 });
    await fetch(cache, a);
    expect(loads).toHaveLength(2);
    expect(await counted()).toMatchObject({ 'evictions age': 1 });
  });

  it.each([
    ['no subjects', 0, 60],
    ['no time', 1_000, 0],
  ])('holds none when it may hold %s', async (_, size, seconds) => {
    const cache = cacheOf(size, seconds);
    await fetch(cache, a);
    await fetch(cache, a);
    expect(loads).toHaveLength(2);
  });

  it.each([0, 10])('loads a subject once for all who miss it together, with room for %d', async (size) => {
    const cache = cacheOf(size);
    const keys = await Promise.all([
      ...Array.from({ length: 10 }, () => fetch(cache, a)),
      ...Array.from({ length: 10 }, () => cache.fetch([{ subject: a, version: 1 }], load)),
    ]);
    expect(keys.every(([key]) => key?.version === 1)).toBe(true);
    expect(loads).toEqual([[a]]);
    expect(await counted()).toMatchObject({ 'lookups joined': 19, 'lookups miss': 1 });
  });

  it('serves every version of a subject, the newest to whoever names none', async () => {
    stored.set(a, versions(1, 2));
    const cache = cacheOf(3);
    const keys = await cache.fetch(
      [{ subject: a }, { subject: a, version: 1 }, { subject: a, version: 3 }],
      load,
    );
    expect(keys.map((key) => key?.version)).toEqual([2, 1, undefined]);
  });

  it('looks again for a version that is not among those kept', async () => {
    const cache = cacheOf(3);
    await fetch(cache, a);
    stored.set(a, versions(1, 2));
    const [key] = await cache.fetch([{ subject: a, version: 2 }], load);
    expect(key?.version).toBe(2);
  });

  it('looks again for a version that a load under way has not seen', async () => {
    const cache = cacheOf(3);
    const first = fetch(cache, a);
    stored.set(a, versions(1, 2));
    const second = cache.fetch([{ subject: a, version: 2 }], load);
    expect((await first)[0]?.version).toBe(1);
    expect((await second)[0]?.version).toBe(2);
    expect(loads).toHaveLength(2);
  });

  it('does not keep what was loaded before it was told to forget', async () => {
    const cache = cacheOf(3);
    const loading = fetch(cache, a);
    cache.forget(a);
    await loading;
    await fetch(cache, a);
    expect(loads).toHaveLength(2);
    cache.forget(a);
    await fetch(cache, a);
    expect(loads).toHaveLength(3);
    expect(await counted()).toMatchObject({ 'evictions told': 1 });
  });

  it('keeps nothing while it hears of no change, nor what it loaded meanwhile', async () => {
    const cache = cacheOf(3);
    await fetch(cache, a);
    cache.hearsNothing();
    const meanwhile = fetch(cache, a);
    cache.hears();
    await meanwhile;
    await fetch(cache, a);
    expect(loads).toHaveLength(3);
    await fetch(cache, a);
    expect(loads).toHaveLength(3);
  });

  it('fails whom it cannot serve, and tries again for the next', async () => {
    const cache = cacheOf(3);
    await expect(cache.fetch([{ subject: a }], () => Promise.reject(new Error('down')))).rejects.toThrow(
      'down',
    );
    expect((await fetch(cache, a))[0]?.version).toBe(1);
  });
});
