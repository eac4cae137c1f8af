import argon2 from 'argon2';
import { costOf, isWeaker, remainder, workOf } from './hash-cost.js';

const cost = (memoryKiB: number, iterations: number, parallelism = 1) => ({
  memoryKiB,
  iterations,
  parallelism,
});

describe('the cost of a hash', () => {
  it('is read from what the library writes', async () => {
    const hash = await argon2.hash('x', {
      type: argon2.argon2id,
      memoryCost: 2_048,
      timeCost: 2,
      parallelism: 2,
    });
    expect(costOf(hash)).toEqual(cost(2_048, 2, 2));
  });

  it.each(['', 'x', '$argon2i$v=19$m=1024,t=1,p=1$a$b', '$argon2id$v=16$m=1024,t=1,p=1$a$b', '$2b$10$abc'])(
    'is unknown of "%s"',
    (hash) => expect(costOf(hash)).toBeUndefined(),
  );

  it('rises with memory and passes, not with lanes', () => {
    expect(isWeaker(cost(1_024, 2), cost(2_048, 2))).toBe(true);
    expect(isWeaker(cost(1_024, 1), cost(1_024, 2))).toBe(true);
    expect(isWeaker(cost(1_024, 2, 1), cost(1_024, 2, 4))).toBe(false);
    expect(isWeaker(cost(2_048, 3), cost(1_024, 2))).toBe(false);
  });

  it('lacks as much work as there is between the two', () => {
    const [old, wanted] = [cost(19_456, 2), cost(65_536, 3, 4)];
    const rest = remainder(old, wanted);
    expect(rest?.parallelism).toBe(4);
    expect(workOf(old) + workOf(rest ?? cost(0, 0))).toBeCloseTo(workOf(wanted), -1);
    expect(remainder(wanted, wanted)).toBeUndefined();
    expect(remainder(wanted, old)).toBeUndefined();
  });
});
