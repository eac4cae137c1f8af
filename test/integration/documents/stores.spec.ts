import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure } from '../../../src/kernel/errors.js';
import { BucketStore } from '../../../src/platform/objects/bucket-store.js';
import { FolderStore } from '../../../src/platform/objects/folder-store.js';
import type { ObjectStore } from '../../../src/platform/objects/object-store.js';
import { Bucket } from '../../support/documents/bucket.js';

const MIB = 1_024 * 1_024;

async function* pieces(bytes: Buffer, size = 60_000): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function* failing(bytes: Buffer, error: Error): AsyncGenerator<Buffer> {
  yield* pieces(bytes);
  throw error;
}

async function read(store: ObjectStore, name: string): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of await store.get(name)) parts.push(part);
  return Buffer.concat(parts);
}

interface Kind {
  readonly name: string;
  start(): Promise<ObjectStore>;
  stop(): Promise<void>;
  /** Whatever is kept, whole or not. */
  kept(): Promise<readonly string[]>;
}

const folderKind = (): Kind => {
  let folder = '';
  return {
    name: 'a folder',
    start: async () => {
      folder = await mkdtemp(join(tmpdir(), 'sceau-store-'));
      return new FolderStore(join(folder, 'documents'));
    },
    stop: () => rm(folder, { recursive: true, force: true }),
    kept: async () => {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true });
      return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
    },
  };
};

const bucketKind = (): Kind & { readonly bucket: () => Bucket } => {
  let bucket = new Bucket('documents');
  return {
    name: 'a bucket',
    bucket: () => bucket,
    start: async () => {
      bucket = new Bucket('documents');
      await bucket.start();
      const place = { bucket: 'documents', prefix: 'sceau/', region: 'eu-west-3', endpoint: bucket.url };
      return new BucketStore({ kind: 'objects', ...place }, bucket.key);
    },
    stop: () => bucket.stop(),
    kept: () =>
      Promise.resolve([...bucket.objects.keys(), ...[...bucket.uploads.values()].map(({ key }) => key)]),
  };
};

const bucketStore = bucketKind();

describe.each([folderKind(), bucketStore])('$name as a store of objects', (kind) => {
  let store: ObjectStore;
  const name = randomBytes(16).toString('hex');

  beforeEach(async () => {
    store = await kind.start();
  });

  afterEach(() => kind.stop());

  it.each([0, 1, 100_000, 5 * MIB, 5 * MIB + 1, 11 * MIB])('gives back %d bytes', async (length) => {
    const bytes = randomBytes(length);
    await store.put(name, pieces(bytes));
    expect(bytes.equals(await read(store, name))).toBe(true);
    await store.delete(name);
    await expect(store.get(name)).rejects.toMatchObject({ code: 'sealed_value_unreadable' });
    expect(await kind.kept()).toEqual([]);
  });

  it.each([10, 100_000, 7 * MIB])('keeps nothing of what breaks off after %d bytes', async (length) => {
    const refusal = new Failure('payload_too_large');
    await expect(store.put(name, failing(randomBytes(length), refusal))).rejects.toBe(refusal);
    expect(await kind.kept()).toEqual([]);
  });

  it('deletes what is not there as well', async () => {
    await store.delete(name);
    await expect(store.delete(name)).resolves.toBeUndefined();
  });
});

describe('a folder', () => {
  it('keeps what a death has left of an object until that is deleted, and never gives it out', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sceau-store-'));
    const store = new FolderStore(folder);
    const death = Promise.withResolvers<never>();
    const hanging = store.put('ab01', hangingAfter(Buffer.from('a part'), death.promise));
    const part = join(folder, 'incoming', 'ab01');
    while (!(await readFile(part, 'utf8').catch(() => '')).includes('a part'))
      await new Promise(setImmediate);
    await expect(store.get('ab01')).rejects.toMatchObject({ code: 'sealed_value_unreadable' });
    await store.delete('ab01');
    expect(await readdir(join(folder, 'incoming'))).toEqual([]);
    // Only so that the file is closed: nothing is left to be seen of it.
    death.reject(new Error('gone'));
    await expect(hanging).rejects.toThrow('gone');
    await rm(folder, { recursive: true });
  });

  it('that cannot be written is a 503', async () => {
    const store = new FolderStore('/dev/null/documents');
    await expect(store.put('ab01', pieces(Buffer.alloc(1)))).rejects.toMatchObject({
      code: 'service_unavailable',
    });
  });
});

async function* hangingAfter(bytes: Buffer, death: Promise<never>): AsyncGenerator<Buffer> {
  yield bytes;
  await death;
}

describe('a bucket', () => {
  let store: ObjectStore;

  beforeEach(async () => {
    store = await bucketStore.start();
  });

  afterEach(() => bucketStore.stop());

  it('keeps objects below its prefix', async () => {
    await store.put('ab01', pieces(Buffer.alloc(3)));
    expect([...bucketStore.bucket().objects.keys()]).toEqual(['sceau/ab01']);
  });

  it('takes what is longer than a part in parts, and aborts those that nobody has finished', async () => {
    const bucket = bucketStore.bucket();
    await store.put('ab01', pieces(Buffer.alloc(11 * MIB)));
    expect(bucket.requests.filter((request) => request === 'PUT part')).toHaveLength(3);
    bucket.uploads.set('left', { key: 'sceau/cd02', parts: new Map([[1, Buffer.alloc(9)]]) });
    bucket.uploads.set('longer', { key: 'sceau/cd02345', parts: new Map() });
    await store.delete('cd02');
    expect([...bucket.uploads.keys()]).toEqual(['longer']);
  });

  it('that is out of service is a 503, in every way of being so', async () => {
    const bucket = bucketStore.bucket();
    await store.put('ab01', pieces(Buffer.alloc(3)));
    bucket.isOut = true;
    const unavailable = { code: 'service_unavailable' };
    await expect(store.put('cd02', pieces(Buffer.alloc(3)))).rejects.toMatchObject(unavailable);
    await expect(store.get('ab01')).rejects.toMatchObject(unavailable);
    await expect(store.delete('ab01')).rejects.toMatchObject(unavailable);
    await bucket.stop();
    await expect(store.put('cd02', pieces(Buffer.alloc(6 * MIB)))).rejects.toMatchObject(unavailable);
    await expect(store.get('ab01')).rejects.toMatchObject(unavailable);
  });

  it('that hangs up in the middle gives an error and no end', async () => {
    const bucket = bucketStore.bucket();
    await store.put('ab01', pieces(randomBytes(200_000)));
    bucket.breaksOffAfter = 100_000;
    await expect(read(store, 'ab01')).rejects.toMatchObject({ code: 'service_unavailable' });
  });
});
