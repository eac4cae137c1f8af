import { ChangeNumbers } from './change-numbers.js';

describe('the numbers of changes', () => {
  it.each<[string, readonly number[], readonly number[]]>([
    ['come in their order', [1, 2, 3], []],
    ['may be missing', [3, 7, 8], []],
    ['may come late, in any order', [9, 5, 1, 4, 2, 3, 8, 6, 7], []],
    ['do not come twice', [1, 1, 2, 2], [1, 3]],
    ['do not come twice where others are missing', [5, 3, 5, 3, 4, 1, 4, 2, 2], [2, 3, 6, 8]],
    ['may be far apart', [1, Number.MAX_SAFE_INTEGER, 2, Number.MAX_SAFE_INTEGER], [3]],
  ])('%s', (_, numbers, again) => {
    const seen = new ChangeNumbers();
    expect(numbers.flatMap((n, at) => (seen.add(n) ? [] : [at]))).toEqual(again);
  });
});
