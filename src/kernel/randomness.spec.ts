import { SystemRandomness } from './randomness.js';

describe('the randomness of the system', () => {
  it.each([1, 12, 15, 16, 17, 32])(
    'never gives the same %d bytes twice, whoever writes into theirs',
    (length) => {
      const randomness = new SystemRandomness();
      // Several times what is drawn at once.
      const given = Array.from({ length: 2_000 }, () => {
        const bytes = randomness.bytes(length);
        const text = bytes.toString('hex');
        bytes.fill(7);
        return text;
      });
      expect(given.every((text) => text.length === 2 * length)).toBe(true);
      const different = new Set(given).size;
      // One byte has 256 values, all of which come up in 2,000 draws but for a chance of one in ten.
      expect(different).toBeGreaterThan(length === 1 ? 240 : 1_990);
    },
  );

  it('gives out no zeros in place of what was used before', () => {
    const randomness = new SystemRandomness();
    const zeros = Array.from({ length: 3_000 }, () => randomness.bytes(16)).filter((bytes) =>
      bytes.equals(Buffer.alloc(16)),
    );
    expect(zeros).toEqual([]);
  });
});
