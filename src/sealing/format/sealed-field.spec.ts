import { createCipheriv, createDecipheriv, createSecretKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import type { CandidateId, SubjectId } from '../../kernel/ids.js';
import { PLACES, type PlaceName } from '../places.js';
import type { Position } from './binding.js';
import { keyVersionOf, openField, sealField } from './sealed-field.js';

interface Vector {
  readonly place: PlaceName;
  readonly row: string;
  readonly subject: string;
  readonly keyVersion: number;
  readonly key: string;
  readonly nonce: string;
  readonly text: string;
  readonly sealed: string;
}

const vectors: readonly Vector[] = JSON.parse(
  readFileSync(new URL('../../../test/vectors/sealing/sealed-field.json', import.meta.url), 'utf8'),
);

const key = createSecretKey(Buffer.alloc(32, 7));
const otherKey = createSecretKey(Buffer.alloc(32, 8));
const at: Position = {
  subject: '019ab1c2-3d4e-7f50-8a6b-0c1d2e3f4a5b' as SubjectId,
  row: '019ab1c2-3d4e-7f50-8a6b-0c1d2e3f4a5c',
};
const place: PlaceName = 'candidates_profile.address';
const seal = (text: Buffer, version = 1): Buffer =>
  sealField({ key, version }, Buffer.alloc(12, 3), place, at, text);

/** A second implementation, from docs/sealed-format.md alone. */
function openIndependently(vector: Vector): string {
  const sealed = Buffer.from(vector.sealed, 'hex');
  const [table = '', column = ''] = vector.place.split('.');
  const version = sealed.subarray(2, 6);
  const parts = ['sceau/field/v1', table, column, vector.row, vector.subject].map((part) =>
    Buffer.from(part),
  );
  const additional = Buffer.concat(
    [...parts, version].map((part) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(part.length);
      return Buffer.concat([length, part]);
    }),
  );
  const decipher = createDecipheriv('aes-256-gcm', Buffer.from(vector.key, 'hex'), sealed.subarray(6, 18), {
    authTagLength: 16,
  });
  decipher.setAAD(additional);
  decipher.setAuthTag(sealed.subarray(-16));
  const padded = Buffer.concat([decipher.update(sealed.subarray(18, -16)), decipher.final()]);
  return padded.subarray(0, padded.lastIndexOf(0x80)).toString();
}

describe('the sealed field', () => {
  it.each(vectors)('agrees with the vector for $place', (vector) => {
    const position = { subject: vector.subject as CandidateId, row: vector.row };
    const vectorKey = createSecretKey(Buffer.from(vector.key, 'hex'));
    const versioned = { key: vectorKey, version: vector.keyVersion };
    const sealed = sealField(
      versioned,
      Buffer.from(vector.nonce, 'hex'),
      vector.place,
      position,
      Buffer.from(vector.text),
    );
    expect(sealed.toString('hex')).toBe(vector.sealed);
    expect(openField(vectorKey, vector.place, position, sealed).toString()).toBe(vector.text);
    expect(openIndependently(vector)).toBe(vector.text);
  });

  it('opens to what was sealed', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 3_000 }),
        fc.integer({ min: 1, max: 0xffffffff }),
        (bytes, version) => {
          const sealed = seal(Buffer.from(bytes), version);
          expect(keyVersionOf(sealed)).toBe(version);
          expect(openField(key, place, at, sealed)).toEqual(Buffer.from(bytes));
        },
      ),
    );
  });

  it('does not open with any single bit changed', () => {
    const sealed = seal(Buffer.from('12 bis quai de la Douane'));
    fc.assert(
      fc.property(fc.nat(sealed.length - 1), fc.nat(7), (index, bit) => {
        const changed = Buffer.from(sealed);
        changed[index] = (changed[index] ?? 0) ^ (1 << bit);
        expect(() => openField(key, place, at, changed)).toThrow(/./);
      }),
      { numRuns: 1_000 },
    );
  });

  it('does not open truncated, extended, or in clear', () => {
    const sealed = seal(Buffer.from('Brest'));
    for (let length = 0; length < sealed.length; length += 1) {
      expect(() => openField(key, place, at, sealed.subarray(0, length))).toThrow(/./);
    }
    expect(() => openField(key, place, at, Buffer.concat([sealed, Buffer.alloc(1)]))).toThrow(/./);
    expect(() => openField(key, place, at, Buffer.from('{"city":"Brest"}'.padEnd(100)))).toThrow(/./);
  });

  it('does not open at another place, in another row, for another subject or under another key', () => {
    const sealed = seal(Buffer.from('Brest'));
    const others = Object.keys(PLACES).filter((name): name is PlaceName => name in PLACES && name !== place);
    for (const other of others) expect(() => openField(key, other, at, sealed)).toThrow(/./);
    expect(() => openField(key, place, { ...at, row: at.subject }, sealed)).toThrow(/./);
    expect(() => openField(key, place, { ...at, subject: at.row as SubjectId }, sealed)).toThrow(/./);
    expect(() => openField(otherKey, place, at, sealed)).toThrow(/./);
  });

  it('refuses a tag of four bytes, which AES-GCM itself would allow', () => {
    const text = Buffer.from('forged');
    const cipher = createCipheriv('aes-256-gcm', key, Buffer.alloc(12), { authTagLength: 4 });
    const body = Buffer.concat([cipher.update(Buffer.concat([text, Buffer.alloc(80)])), cipher.final()]);
    const short = Buffer.concat([
      Buffer.from([0xc5, 1, 0, 0, 0, 1]),
      Buffer.alloc(12),
      body,
      cipher.getAuthTag(),
    ]);
    expect(() => openField(key, place, at, short)).toThrow(/./);
  });

  it('keeps every two lists of parts apart', () => {
    const moved = seal(Buffer.from('x'));
    // The same letters split differently between row and subject.
    const shifted = { subject: at.subject.slice(1) as SubjectId, row: `${at.row}${at.subject.slice(0, 1)}` };
    expect(() => openField(key, place, shifted, moved)).toThrow(/./);
  });
});
