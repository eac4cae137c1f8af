import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { decodeValue, encodeValue } from './canonical.js';

describe('canonical JSON (RFC 8785)', () => {
  it('is written in UTF-8 whatever the length, and read back', () => {
    const text = fc.string({ unit: 'grapheme' });
    fc.assert(
      fc.property(text, fc.integer({ min: 0, max: 9_000 }), (unit, length) => {
        const value = [unit, 'é€'.repeat(length / 2), { b: unit, a: null }];
        const bytes = encodeValue(value);
        expect(bytes).toEqual(Buffer.from(canonicalize(value) ?? '', 'utf8'));
        expect(decodeValue(bytes)).toEqual(value);
      }),
    );
  });

  it('sorts members, and refuses what JSON cannot hold', () => {
    expect(encodeValue({ b: [1, null], a: 'é' }).toString('utf8')).toBe('{"a":"é","b":[1,null]}');
    expect(() => encodeValue(undefined)).toThrow('Only JSON values');
    for (const text of ['\ud800', '\udc00'.repeat(5_000)])
      expect(() => encodeValue(text)).toThrow(/surrogate/i);
  });
});
