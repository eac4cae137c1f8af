import fc from 'fast-check';
import { pad, paddedLength, unpad } from './padding.js';

/** As published (Nikitin et al., PETS 2019, algorithm 1), in whole numbers. */
function padme(length: bigint): bigint {
  const floorLog2 = (number: bigint): bigint => BigInt(number.toString(2).length - 1);
  const exponent = floorLog2(length);
  const mantissa = exponent === 0n ? 0n : floorLog2(exponent) + 1n;
  const mask = (1n << (exponent - mantissa)) - 1n;
  return (length + mask) & ~mask;
}

const toMultipleOf64 = (length: bigint): bigint => ((length + 63n) / 64n) * 64n;

describe('paddedLength', () => {
  it('is Padmé as published, and a multiple of 64 where its buckets are narrower', () => {
    const nearPowers = Array.from({ length: 40 }, (_, power) => 2 ** power).flatMap((power) => [
      power - 1,
      power,
      power + 1,
    ]);
    for (const length of [...Array.from({ length: 5_000 }, (_, index) => index), ...nearPowers].filter(
      Boolean,
    )) {
      const expected = toMultipleOf64(padme(BigInt(length)));
      expect([length, paddedLength(length)]).toEqual([length, Number(expected)]);
    }
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 40 }), (length) => {
        expect(paddedLength(length)).toBe(Number(toMultipleOf64(padme(BigInt(length)))));
      }),
    );
  });

  // By hand from the definition: E = floor(log2 L), S = floor(log2 E) + 1, a multiple of max(64, 2^(E-S)).
  it.each([
    [1, 64],
    [64, 64],
    [65, 128],
    [303, 320],
    [1_000, 1_024],
    [2_049, 2_176],
    [20_001, 20_480],
    [100_000, 100_352],
  ])('pads %i bytes to %i', (length, padded) => {
    expect(paddedLength(length)).toBe(padded);
  });

  it('never shrinks, never falls, and adds at most 12 % or a bucket', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000_000 }), (length) => {
        const padded = paddedLength(length);
        expect(padded).toBeGreaterThanOrEqual(length);
        expect(padded).toBeLessThan(length + Math.max(64, 0.12 * length + 1));
        expect(paddedLength(padded)).toBe(padded);
        expect(paddedLength(length + 1)).toBeGreaterThanOrEqual(padded);
      }),
    );
  });
});

describe('pad and unpad', () => {
  it('give back any bytes, whatever they end in', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), fc.nat(3), (bytes, zeros) => {
        const text = Buffer.concat([Buffer.from(bytes), Buffer.alloc(zeros), Buffer.alloc(zeros % 2, 0x80)]);
        expect(unpad(pad(text))).toEqual(text);
      }),
    );
  });

  it('make texts of nearly the same length look alike', () => {
    expect(pad(Buffer.alloc(300)).length).toBe(pad(Buffer.alloc(310)).length);
    expect(pad(Buffer.alloc(0)).length).toBe(pad(Buffer.alloc(63)).length);
  });

  it.each([Buffer.alloc(0), Buffer.alloc(64), Buffer.from('no end mark')])(
    'refuse bytes without an end mark',
    (bytes) => {
      expect(unpad(bytes)).toBeUndefined();
    },
  );
});
