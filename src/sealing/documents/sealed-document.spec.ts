import { createSecretKey } from 'node:crypto';
import fc from 'fast-check';
import type { SubjectId } from '../../kernel/ids.js';
import type { Position } from '../format/binding.js';
import { keyVersionOf } from '../format/sealed-field.js';
import { PLACES, type PlaceName } from '../places.js';
import { openDocument, sealDocument } from './sealed-document.js';

const key = createSecretKey(Buffer.alloc(32, 7));
const salt = Buffer.alloc(24, 3);
const place: PlaceName = 'applications_application.snapshot';
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

const seal = (bytes: Buffer, version = 1): Promise<Buffer> =>
  collect(sealDocument({ key, version }, salt, place, at, whole(bytes)));
const open = (sealed: Buffer, position = at, name: PlaceName = place): Promise<Buffer> =>
  collect(openDocument(() => Promise.resolve(key), name, position, whole(sealed)));

describe('the sealed document', () => {
  it('opens to what was sealed, under the key version that its head names', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 40_000, size: 'max' }),
        fc.integer({ min: 1, max: 0xffffffff }),
        async (bytes, version) => {
          const sealed = await seal(Buffer.from(bytes), version);
          const asked: number[] = [];
          const find = (wanted: number) => {
            asked.push(wanted);
            return Promise.resolve(key);
          };
          expect(await collect(openDocument(find, place, at, whole(sealed)))).toEqual(Buffer.from(bytes));
          expect(asked).toEqual([version]);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('opens at its place, in its row and for its subject only', async () => {
    const sealed = await seal(Buffer.from('%PDF-1.7'));
    expect((await open(sealed)).toString()).toBe('%PDF-1.7');
    const others = Object.keys(PLACES).filter((name): name is PlaceName => name in PLACES && name !== place);
    for (const other of others) await expect(open(sealed, at, other)).rejects.toThrow(/./);
    await expect(open(sealed, { ...at, row: at.subject })).rejects.toThrow(/./);
    await expect(open(sealed, { ...at, subject: at.row as SubjectId })).rejects.toThrow(/./);
  });

  it('does not open with any bit of its head changed, under a version that is gone, or cut', async () => {
    const sealed = await seal(Buffer.from('%PDF-1.7'));
    for (let bit = 0; bit < 6 * 8; bit += 1) {
      const changed = Buffer.from(sealed);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      await expect(open(changed)).rejects.toThrow(/./);
    }
    await expect(
      collect(openDocument(() => Promise.resolve(undefined), place, at, whole(sealed))),
    ).rejects.toThrow('No key.');
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
