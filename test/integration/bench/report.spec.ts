import type { Goal, Measurement } from '../../../bench/harness/benchmark.ts';
import { judge, tableOf } from '../../../bench/harness/report.ts';
import { compare, median } from '../../../bench/harness/rounds.ts';

const RATIO_AT_MOST_2: Goal = { of: 'ratio', bound: 'at most', limit: 2 };

function measurement(value: number, goal: Goal = RATIO_AT_MOST_2): Measurement {
  return { name: 'parse', value, unit: 'ms', baseline: 10, goal };
}

describe('a check', () => {
  it.each<[number, Goal, boolean]>([
    [20, RATIO_AT_MOST_2, true],
    [20.01, RATIO_AT_MOST_2, false],
    [5, { of: 'ratio', bound: 'at least', limit: 0.5 }, true],
    [4.99, { of: 'ratio', bound: 'at least', limit: 0.5 }, false],
    [20, { of: 'value', bound: 'at most', limit: 20 }, true],
    [20.01, { of: 'value', bound: 'at most', limit: 20 }, false],
    [20, { of: 'value', bound: 'at least', limit: 20 }, true],
    [19.99, { of: 'value', bound: 'at least', limit: 20 }, false],
  ])('of %d ms against 10 ms for %j holds: %s', (value, goal, holds) => {
    expect(judge(measurement(value, goal)).holds).toBe(holds);
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('never comes from %d', (number) => {
    expect(() => judge(measurement(number))).toThrow('nothing was measured');
    expect(() => judge({ ...measurement(1), baseline: number })).toThrow('nothing was measured');
  });

  it('is judged before its numbers are rounded', () => {
    expect(judge(measurement(20.0001))).toMatchObject({ value: 20, ratio: 2, holds: false });
  });
});

it('prints an aligned table', () => {
  const slow = { ...measurement(1234.5), name: 'a longer name', baseline: 200 };
  const goal: Goal = { of: 'value', bound: 'at least', limit: 3 };
  expect(tableOf([judge(measurement(12.34, goal)), judge(slow)])).toEqual([
    'check            value  baseline  ratio  goal             holds',
    'parse          12.3 ms   10.0 ms   1.23  value ≥ 3.00 ms  yes',
    'a longer name  1235 ms    200 ms   6.17  ratio ≤ 2        NO',
  ]);
});

describe('rounds', () => {
  it.each([
    [[3], 3],
    [[9, 1, 2], 2],
    [[10, 1, 3, 2], 2.5],
  ])('of %j have the median %d', (numbers, expected) => {
    expect(median(numbers)).toBe(expected);
  });

  it('measure baseline and subject in turn', async () => {
    const order: string[] = [];
    const numbers = [1, 100, 3, 300, 2, 200];
    const take = (who: string) => () => {
      order.push(who);
      return Promise.resolve(numbers.shift() ?? 0);
    };
    const result = await compare(
      { label: 'x', rounds: 3, baseline: take('baseline'), measured: take('subject') },
      { signal: new AbortController().signal, progress: (text) => order.push(text) },
    );
    expect(result).toEqual({ value: 200, baseline: 2 });
    expect(order).toEqual([1, 2, 3].flatMap((round) => [`x: round ${round} of 3`, 'baseline', 'subject']));
  });

  it('end early, after at least one, when their time is up', async () => {
    const one = () => Promise.resolve(1);
    const shown: string[] = [];
    await compare(
      { label: 'x', rounds: 5, budgetMs: 0, baseline: one, measured: one },
      { signal: new AbortController().signal, progress: (text) => shown.push(text) },
    );
    expect(shown).toEqual(['x: round 1 of 5']);
  });
});
