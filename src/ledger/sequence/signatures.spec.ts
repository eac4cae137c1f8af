import fc from 'fast-check';
import type { RequestContext } from '../../kernel/context.js';
import { newId } from '../../kernel/ids.js';
import { type SignedEntry, Writer } from '../append/writer.js';
import { signedOf } from '../entry/batch-signature.js';
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
  const prepared = { draft, introduces: undefined, origin: { address: 'a', network: 'n' }, records: [] };
  const entries = batches.flatMap((size) =>
    writer.sign(Array.from({ length: size }, () => writer.place(prepared, new Date(1_000)))),
  );
  return { introduction: { writer: writer.id, key: writer.publicKey.toString('base64url') }, entries };
}

const carried = ({ envelope, signature }: SignedEntry) => ({ bytes: envelope, signature });

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
    const carriers = entries.map(({ envelope, signature }, at) => ({
      bytes: at === 4 ? flipped(envelope, 20) : envelope,
      signature,
    }));
    expect(carriers.filter(({ bytes, signature }) => check.isSigned(introduction, bytes, signature))).toEqual(
      carriers.filter((_, at) => at !== 4),
    );
    expect([...(await signedBy(carriers, introduction))]).toEqual(carriers.filter((_, at) => at !== 4));
  });

  it('breaks with every bit of what stands beside an entry', async () => {
    const { introduction, entries } = streamOf(11);
    const entry = entries[6];
    if (entry === undefined) throw new Error('No entry.');
    const { envelope, signature } = entry;
    const changed = Array.from({ length: signature.length }, (_, at) => ({
      bytes: envelope,
      signature: flipped(signature, at),
    }));
    expect((await signedBy(changed, introduction)).size).toBe(0);
    const check = new SignatureCheck();
    expect(check.isSigned(introduction, envelope, signature)).toBe(true);
    for (const { signature: other } of changed)
      expect(check.isSigned(introduction, envelope, other)).toBe(false);
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
    expect(signedOf('writer', Buffer.from('{}'), stored)).toBeUndefined();
  });

  it('counts for nothing under another key, or as that of another writer', async () => {
    const { introduction, entries } = streamOf(3);
    const other = streamOf(1).introduction;
    const carriers = entries.map(carried);
    expect((await signedBy(carriers, { ...introduction, key: other.key })).size).toBe(0);
    expect((await signedBy(carriers, { ...introduction, writer: other.writer })).size).toBe(0);
  });
});
