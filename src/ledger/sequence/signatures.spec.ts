import fc from 'fast-check';
import { encodeSubjects } from '../entry/subject-record.js';
import type { RequestContext } from '../../kernel/context.js';
import { newId } from '../../kernel/ids.js';
import { type SignedEntry, Writer } from '../append/writer.js';
import { readSignature, signedOf } from '../entry/batch-signature.js';
import { leafHash } from '../merkle/index.js';
import { SignatureCheck, signedBy } from './signatures.js';

const context: RequestContext = {
  requestId: newId<'request'>(1),
  actor: { kind: 'system', name: 'test' },
  locale: 'fr',
  address: 'local',
};

interface Stream {
  readonly introduction: { readonly writer: string; readonly key: string };
  readonly entries: readonly SignedEntry[];
}

/** @param batches how many entries are signed together each time */
function streamOf(...batches: readonly number[]): Stream {
  const writer = new Writer(newId<'writer'>(1_000), 'reads');
  const draft = { action: 'ledger.writer_registered', context } as const;
  const prepared = {
    draft,
    introduces: undefined,
    origin: { address: 'a', network: 'n' },
    subjects: encodeSubjects([]),
  };
  const entries = batches.flatMap((size) =>
    writer.sign(Array.from({ length: size }, () => writer.place(prepared, new Date(1_000)))),
  );
  return { introduction: { writer: writer.id, key: writer.publicKey.toString('base64url') }, entries };
}

const carried = ({ envelope, signature }: SignedEntry) => ({ leaf: leafHash(envelope), signature });

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy.writeUInt8(copy.readUInt8(at) ^ 1, at);
  return copy;
}

describe('the signature of a batch', () => {
  it('holds for every entry of every batch, alone and among the others', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 70 }), { minLength: 1, maxLength: 4 }),
        async (batches) => {
          const { introduction, entries } = streamOf(...batches);
          const carriers = entries.map(carried);
          expect((await signedBy(carriers, introduction)).size).toBe(entries.length);
          for (const { envelope, signature } of entries)
            expect(new SignatureCheck().isSigned(introduction, envelope, signature)).toBe(true);
        },
      ),
      { numRuns: 20 },
    );
  });

  it('holds for no other bytes, and a changed entry costs no other one its signature', async () => {
    const { introduction, entries } = streamOf(9);
    const check = new SignatureCheck();
    const changed = entries.map((entry, at) =>
      at === 4 ? { ...entry, envelope: flipped(entry.envelope, 20) } : entry,
    );
    const held = changed.filter(({ envelope, signature }) =>
      check.isSigned(introduction, envelope, signature),
    );
    expect(held).toEqual(entries.filter((_, at) => at !== 4));
    const carriers = changed.map(carried);
    expect([...(await signedBy(carriers, introduction))]).toEqual(carriers.filter((_, at) => at !== 4));
  });

  it('holds for what is there of a batch, in whatever order', async () => {
    const { introduction, entries } = streamOf(13);
    const some = entries.filter((_, at) => at % 3 !== 1).toReversed();
    expect((await signedBy(some.map(carried), introduction)).size).toBe(some.length);
    const twice = [...entries, ...entries.slice(0, 2)].map(carried);
    expect((await signedBy(twice, introduction)).size).toBe(twice.length);
  });

  it('breaks with every byte of what stands beside an entry', async () => {
    const { introduction, entries } = streamOf(11);
    const entry = entries[6];
    if (entry === undefined) throw new Error('No entry.');
    const { envelope, signature } = entry;
    const changed = Array.from({ length: signature.length }, (_, at) => ({
      leaf: leafHash(envelope),
      signature: flipped(signature, at),
    }));
    expect((await signedBy(changed, introduction)).size).toBe(0);
    const check = new SignatureCheck();
    expect(check.isSigned(introduction, envelope, signature)).toBe(true);
    for (const { signature: other } of changed)
      expect(check.isSigned(introduction, envelope, other)).toBe(false);
  });

  it('breaks for the one of a whole batch whose place or path is another', async () => {
    const { introduction, entries } = streamOf(11);
    const [first, second] = entries;
    if (first === undefined || second === undefined) throw new Error('No entries.');
    for (const signature of [
      flipped(second.signature, 65),
      flipped(second.signature, 67),
      flipped(second.signature, 80),
    ]) {
      const changed = { ...second, signature };
      const carriers = [first, changed, ...entries.slice(2)].map(carried);
      expect([...(await signedBy(carriers, introduction))]).toEqual(carriers.filter((_, at) => at !== 1));
    }
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['a bare signature', Buffer.alloc(64)],
    ['half a hash', Buffer.concat([Buffer.alloc(64), Buffer.of(0, 0, 0, 2), Buffer.alloc(16)])],
    ['a batch of none', Buffer.concat([Buffer.alloc(64), Buffer.of(0, 0, 0, 0)])],
    ['a place behind the end', Buffer.concat([Buffer.alloc(64), Buffer.of(0, 2, 0, 2), Buffer.alloc(32)])],
    ['too short a path', Buffer.concat([Buffer.alloc(64), Buffer.of(0, 0, 0, 3), Buffer.alloc(32)])],
    ['too long a path', Buffer.concat([Buffer.alloc(64), Buffer.of(0, 0, 0, 1), Buffer.alloc(32)])],
  ])('is not %s', (_, stored) => {
    const read = readSignature(stored);
    expect(read && signedOf('writer', leafHash(Buffer.from('{}')), read)).toBeUndefined();
  });

  it('counts for nothing under another key, or as that of another writer', async () => {
    const { introduction, entries } = streamOf(3);
    const other = streamOf(1).introduction;
    const carriers = entries.map(carried);
    expect((await signedBy(carriers, { ...introduction, key: other.key })).size).toBe(0);
    expect((await signedBy(carriers, { ...introduction, writer: other.writer })).size).toBe(0);
  });
});
