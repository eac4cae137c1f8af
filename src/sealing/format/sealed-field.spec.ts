import { createCipheriv, createDecipheriv, createSecretKey } from 'node:crypto';
import fc from 'fast-check';
import type { SubjectId } from '../../kernel/ids.js';
import { PLACES, type PlaceName } from '../places.js';
import { bindingOf, type Position } from './binding.js';
import { pad, unpad } from './padding.js';
import { keyVersionOf, openField, sealField } from './sealed-field.js';

const key = createSecretKey(Buffer.alloc(32, 7));
const otherKey = createSecretKey(Buffer.alloc(32, 8));
const at: Position = {
  subject: '019ab1c2-3d4e-7f50-8a6b-0c1d2e3f4a5b' as SubjectId,
  row: '019ab1c2-3d4e-7f50-8a6b-0c1d2e3f4a5c',
};
const place: PlaceName = 'candidates_profile.address';
const seal = (text: Buffer, version = 1): Buffer =>
  sealField({ key, version }, Buffer.alloc(12, 3), place, at, text);

describe('the sealed field', () => {
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

  it('does not open in any other context, whichever part of it differs', () => {
    const context = fc.record({
      place: fc.constantFrom(...Object.keys(PLACES).filter((name): name is PlaceName => name in PLACES)),
      row: fc.uuid(),
      subject: fc.uuid(),
      version: fc.integer({ min: 1, max: 0xffffffff }),
    });
    fc.assert(
      fc.property(
        context,
        context,
        fc.subarray(['place', 'row', 'subject', 'version'] as const, { minLength: 1 }),
        (right, other, parts) => {
          const text = Buffer.from('12 bis quai de la Douane');
          const sealed = sealField(
            { key, version: right.version },
            Buffer.alloc(12, 3),
            right.place,
            { subject: right.subject as SubjectId, row: right.row },
            text,
          );
          const wrong = { ...right, ...Object.fromEntries(parts.map((part) => [part, other[part]])) };
          fc.pre(parts.some((part) => wrong[part] !== right[part]));
          sealed.writeUInt32BE(wrong.version, 2);
          expect(() =>
            openField(key, wrong.place, { subject: wrong.subject as SubjectId, row: wrong.row }, sealed),
          ).toThrow(/./);
        },
      ),
    );
  });

  it('refuses a tag of four bytes, which AES-GCM itself would allow', () => {
    const nonce = Buffer.alloc(12, 5);
    const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: 4 });
    cipher.setAAD(bindingOf(place, at, 1));
    const body = Buffer.concat([cipher.update(pad(Buffer.from('forged'))), cipher.final()]);
    const tag = cipher.getAuthTag();
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: 4 });
    decipher.setAAD(bindingOf(place, at, 1)).setAuthTag(tag);
    // Right in everything but the tag's length.
    expect(unpad(Buffer.concat([decipher.update(body), decipher.final()]))).toEqual(Buffer.from('forged'));
    const short = Buffer.concat([Buffer.from([0xc5, 1, 0, 0, 0, 1]), nonce, body, tag]);
    expect(() => openField(key, place, at, short)).toThrow(/./);
    const long = Buffer.concat([short, Buffer.alloc(12)]);
    expect(() => openField(key, place, at, long)).toThrow(/./);
  });

  it('keeps every two lists of parts apart', () => {
    const moved = seal(Buffer.from('x'));
    // The same letters split differently between row and subject.
    const shifted = { subject: at.subject.slice(1) as SubjectId, row: `${at.row}${at.subject.slice(0, 1)}` };
    expect(() => openField(key, place, shifted, moved)).toThrow(/./);
  });
});
