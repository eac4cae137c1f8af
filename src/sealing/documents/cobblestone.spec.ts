import { createHash, createSecretKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { decryptStream, encryptStream } from './cobblestone.js';

interface Vector {
  readonly tcId: number;
  readonly comment: string;
  readonly key: string;
  readonly ctx: string;
  readonly ct: string;
  readonly msgLength?: number;
  readonly msgSha512?: string;
  readonly result: 'valid' | 'invalid';
}

const { tests }: { tests: readonly Vector[] } = JSON.parse(
  readFileSync(
    new URL('../../../test/vectors/wycheproof/c2sp_chunked_encryption_aes_256_gcm.json', import.meta.url),
    'utf8',
  ),
);

const hex = (text: string): Buffer => Buffer.from(text, 'hex');
const sha512 = (bytes: Buffer): string => createHash('sha512').update(bytes).digest('hex');
/** What comes out of a message that fails before its first chunk. */
const NOTHING = sha512(Buffer.alloc(0));

/** As a network would bring it. */
async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function collect(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
}

/** What came out, and whether it ended well. */
async function drain(stream: AsyncIterable<Buffer>): Promise<{ bytes: Buffer; whole: boolean }> {
  const parts: Buffer[] = [];
  try {
    for await (const part of stream) parts.push(part);
    return { bytes: Buffer.concat(parts), whole: true };
  } catch {
    return { bytes: Buffer.concat(parts), whole: false };
  }
}

describe('Cobblestone-256 against Wycheproof', () => {
  it.each(tests)(
    '$tcId: $comment ($result)',
    async ({ key, ctx, ct, msgLength = 0, msgSha512 = NOTHING, result }) => {
      const sealed = inflateSync(hex(ct));
      const secret = createSecretKey(hex(key));
      for (const size of [1_000, 16_384, sealed.length + 1]) {
        const { bytes, whole } = await drain(decryptStream(secret, hex(ctx), inPieces(sealed, size)));
        expect(whole).toBe(result === 'valid');
        expect(bytes).toHaveLength(msgLength);
        expect(sha512(bytes)).toBe(msgSha512);
      }
    },
  );

  it.each(tests.filter(({ result }) => result === 'valid'))(
    '$tcId: encrypts to the same bytes under the same salt',
    async ({ key, ctx, ct }) => {
      const sealed = inflateSync(hex(ct));
      const secret = createSecretKey(hex(key));
      const message = await collect(decryptStream(secret, hex(ctx), inPieces(sealed, 5_000)));
      const salt = sealed.subarray(0, 24);
      expect(await collect(encryptStream(secret, salt, hex(ctx), inPieces(message, 777)))).toEqual(sealed);
    },
  );
});

describe('Cobblestone-256', () => {
  const key = createSecretKey(Buffer.alloc(32, 1));
  const salt = Buffer.alloc(24, 2);
  const context = Buffer.from('context');
  const CHUNK = 16_384;
  const SEALED_CHUNK = CHUNK + 16;
  const seal = (message: Buffer): Promise<Buffer> =>
    collect(encryptStream(key, salt, context, inPieces(message, 10_000)));
  const open = (sealed: Buffer, size = 9_999) => drain(decryptStream(key, context, inPieces(sealed, size)));

  it('gives back any message, in whatever pieces it comes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.nat(200), fc.integer({ min: CHUNK - 2, max: CHUNK + 2 }), fc.nat(5 * CHUNK)),
        fc.integer({ min: 1, max: 2 * CHUNK }),
        async (length, size) => {
          const message = Buffer.alloc(length, 'chêne ');
          const sealed = await collect(encryptStream(key, salt, context, inPieces(message, size)));
          expect(sealed).toHaveLength(56 + length + 16 * (Math.floor(length / CHUNK) + 1));
          expect(await open(sealed, size)).toEqual({ bytes: message, whole: true });
        },
      ),
      { numRuns: 60 },
    );
  });

  it('opens past the 256th chunk, where the counter fills its second byte', async () => {
    const message = Buffer.alloc(257 * CHUNK + 5, 'x');
    const { bytes, whole } = await open(await seal(message), 1 << 20);
    expect([bytes.length, whole, sha512(bytes)]).toEqual([message.length, true, sha512(message)]);
  });

  it('lets nothing of a changed chunk out, whichever bit was changed', async () => {
    const message = Buffer.alloc(CHUNK + 100, 'y');
    const sealed = await seal(message);
    await fc.assert(
      fc.asyncProperty(fc.nat(sealed.length - 1), fc.nat(7), async (index, bit) => {
        const changed = Buffer.from(sealed);
        changed[index] = (changed[index] ?? 0) ^ (1 << bit);
        const { bytes, whole } = await open(changed);
        expect(whole).toBe(false);
        expect(bytes).toEqual(index < 56 + SEALED_CHUNK ? Buffer.alloc(0) : message.subarray(0, CHUNK));
      }),
      { numRuns: 200 },
    );
  });

  it('notices every cut and every addition', async () => {
    const sealed = await seal(Buffer.alloc(2 * CHUNK + 7, 'z'));
    const cuts = [0, 1, 23, 24, 55, 56, 71, 72, 56 + SEALED_CHUNK, 56 + 2 * SEALED_CHUNK, sealed.length - 1];
    for (const length of cuts) expect((await open(sealed.subarray(0, length))).whole).toBe(false);
    expect((await open(Buffer.concat([sealed, Buffer.alloc(1)]))).whole).toBe(false);
    expect((await open(Buffer.concat([sealed, sealed.subarray(-23)]))).whole).toBe(false);
  });

  it('notices chunks in another order, twice, or of another message', async () => {
    const chunksOf = (sealed: Buffer) => [
      sealed.subarray(0, 56),
      sealed.subarray(56, 56 + SEALED_CHUNK),
      sealed.subarray(56 + SEALED_CHUNK, 56 + 2 * SEALED_CHUNK),
      sealed.subarray(56 + 2 * SEALED_CHUNK),
    ];
    const [head, one, two, end] = chunksOf(await seal(Buffer.alloc(2 * CHUNK + 7, 'a')));
    const other = await collect(
      encryptStream(key, Buffer.alloc(24, 3), context, inPieces(Buffer.alloc(2 * CHUNK + 7, 'a'), 50_000)),
    );
    const parts = (...chosen: (Buffer | undefined)[]) =>
      Buffer.concat(chosen.flatMap((part) => (part === undefined ? [] : [part])));
    expect((await open(parts(head, one, two, end))).whole).toBe(true);
    for (const wrong of [
      parts(head, two, one, end),
      parts(head, one, one, end),
      parts(head, one, end),
      parts(head, two, end),
      parts(head, one, chunksOf(other)[2], end),
      parts(chunksOf(other)[0], one, two, end),
    ]) {
      expect((await open(wrong)).whole).toBe(false);
    }
  });

  it('does not open under another key or context, however long the context', async () => {
    const sealed = await seal(Buffer.from('Brest'));
    const under = (secret: Buffer, about: Buffer) =>
      drain(decryptStream(createSecretKey(secret), about, inPieces(sealed, 100)));
    expect((await under(Buffer.alloc(32, 1), context)).whole).toBe(true);
    expect((await under(Buffer.alloc(32, 9), context)).whole).toBe(false);
    for (const wrong of ['', 'contex', 'context\0', 'Context']) {
      expect((await under(Buffer.alloc(32, 1), Buffer.from(wrong))).whole).toBe(false);
    }
  });

  it('refuses a salt or a key of another size', async () => {
    const short = createSecretKey(Buffer.alloc(16));
    await expect(
      collect(encryptStream(key, Buffer.alloc(23), context, inPieces(Buffer.alloc(1), 1))),
    ).rejects.toThrow(/salt/);
    await expect(collect(encryptStream(short, salt, context, inPieces(Buffer.alloc(1), 1)))).rejects.toThrow(
      /key/,
    );
  });

  it('holds a chunk at a time, and lets go of a source that nobody reads to its end', async () => {
    let asked = 0;
    let isReleased = false;
    async function* endless(): AsyncGenerator<Buffer> {
      try {
        for (;;) {
          asked += 1;
          yield Buffer.alloc(1_024);
        }
      } finally {
        isReleased = true;
      }
    }
    const sealing = encryptStream(key, salt, context, endless());
    for (let index = 0; index < 4; index += 1) await sealing.next();
    // The header, then three chunks of sixteen pieces each.
    expect(asked).toBe(48);
    await sealing.return();
    expect(isReleased).toBe(true);
  });
});
