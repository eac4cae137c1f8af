import { createSecretKey } from 'node:crypto';
import fc from 'fast-check';
import type { SubjectId } from '../../kernel/ids.js';
import type { Position } from '../format/binding.js';
import { keyVersionOf } from '../format/sealed-field.js';
import { openDocument, sealDocument } from './sealed-document.js';

const key = createSecretKey(Buffer.alloc(32, 7));
const salt = Buffer.alloc(24, 3);
const at: Position = {
  subject: '019ab1c2-3d4e-7f50-8a6b-0c1d2e3f4a5b' as SubjectId,
  row: '019ab1c2-3d4e-7f50-8a6b-0c1d2e3f4a5c',
};

async function* whole(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}

async function collect(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
}

const seal = (bytes: Buffer): Promise<Buffer> => collect(sealDocument(key, salt, at, whole(bytes)));
const open = (sealed: Buffer, position = at, under = key): Promise<Buffer> =>
  collect(openDocument(under, position, whole(sealed)));

describe('the sealed document', () => {
  it('opens to what was sealed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 40_000, size: 'max' }), async (bytes) => {
        expect(await open(await seal(Buffer.from(bytes)))).toEqual(Buffer.from(bytes));
      }),
      { numRuns: 30 },
    );
  });

  it('opens in its row, for its subject and under its key only', async () => {
    const sealed = await seal(Buffer.from('%PDF-1.7'));
    expect((await open(sealed)).toString()).toBe('%PDF-1.7');
    await expect(open(sealed, { ...at, row: at.subject })).rejects.toThrow(/./);
    await expect(open(sealed, { ...at, subject: at.row as SubjectId })).rejects.toThrow(/./);
    await expect(open(sealed, { subject: at.row as SubjectId, row: at.subject })).rejects.toThrow(/./);
    await expect(open(sealed, at, createSecretKey(Buffer.alloc(32, 8)))).rejects.toThrow(/./);
  });

  it('does not open with any bit of its head changed, or cut', async () => {
    const sealed = await seal(Buffer.from('%PDF-1.7'));
    for (let bit = 0; bit < 2 * 8; bit += 1) {
      const changed = Buffer.from(sealed);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      await expect(open(changed)).rejects.toThrow('Not a sealed document.');
    }
    for (let length = 0; length < sealed.length; length += 1) {
      await expect(open(sealed.subarray(0, length))).rejects.toThrow(/./);
    }
  });

  it('is no sealed field, nor a field a document', async () => {
    expect(keyVersionOf(await seal(Buffer.alloc(200)))).toBeUndefined();
    await expect(open(Buffer.concat([Buffer.from([0xc5, 0x01]), Buffer.alloc(200)]))).rejects.toThrow(
      'Not a sealed document.',
    );
  });
});
