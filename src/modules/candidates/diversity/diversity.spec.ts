import { DIVERSITY_QUESTIONS, type Diversity } from './diversity.js';

const withNone = <T>(answers: readonly T[]): readonly (T | undefined)[] => [...answers, undefined];

describe('the answers for equality', () => {
  it('are of one sealed size, whatever they are', () => {
    const every = withNone(DIVERSITY_QUESTIONS.sex).flatMap((sex) =>
      withNone(DIVERSITY_QUESTIONS.ageBand).flatMap((ageBand) =>
        withNone(DIVERSITY_QUESTIONS.disability).map((disability) =>
          JSON.stringify({ sex, ageBand, disability }),
        ),
      ),
    );
    expect(every).toHaveLength(4 * 6 * 3);
    // One byte of 64 marks the end (docs/sealed-format.md).
    expect(Math.max(...every.map((text) => text.length))).toBeLessThan(64);
  });

  it('ask for nothing that must not be asked in France', () => {
    const asked: Record<keyof Diversity, true> = { sex: true, ageBand: true, disability: true };
    expect(Object.keys(DIVERSITY_QUESTIONS)).toEqual(Object.keys(asked));
  });
});
