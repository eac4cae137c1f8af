import type { BenchmarkRecord, Check, Goal, Measurement } from './benchmark.ts';

const SIGNS = { 'at most': '≤', 'at least': '≥' } as const;
const HEAD = ['check', 'value', 'baseline', 'ratio', 'goal', 'holds'] as const;

/** @throws Error when a number is missing: what was not measured must not pass */
export function judge({ name, value, unit, baseline, goal }: Measurement): Check {
  for (const number of [value, baseline]) {
    if (!Number.isFinite(number) || number <= 0)
      throw new Error(`The check "${name}" gave ${number} ${unit}: nothing was measured.`);
  }
  const ratio = value / baseline;
  const judged = goal.of === 'ratio' ? ratio : value;
  const holds = goal.bound === 'at most' ? judged <= goal.limit : judged >= goal.limit;
  return {
    name,
    value: rounded(value),
    unit,
    baseline: rounded(baseline),
    ratio: rounded(ratio),
    goal,
    holds,
  };
}

/** Aligned lines: a head, then one for each check. */
export function tableOf(checks: readonly Check[]): readonly string[] {
  const rows = checks.map(({ name, value, unit, baseline, ratio, goal, holds }) => [
    name,
    `${readable(value)} ${unit}`,
    `${readable(baseline)} ${unit}`,
    readable(ratio),
    goalText(goal, unit),
    holds ? 'yes' : 'NO',
  ]);
  const all = [[...HEAD], ...rows];
  const widths = HEAD.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all.map((row) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        const isNumber = column >= 1 && column <= 3;
        return isNumber ? cell.padStart(width) : cell.padEnd(width);
      })
      .join('  ')
      .trimEnd(),
  );
}

/** The text of the file, line feed included. */
export function recordText(name: string, checks: readonly Check[], at: Date, node: string): string {
  const record: BenchmarkRecord = { name, at: at.toISOString(), node, checks };
  return `${JSON.stringify(record, null, 2)}\n`;
}

function goalText({ of, bound, limit }: Goal, unit: string): string {
  return of === 'ratio'
    ? `ratio ${SIGNS[bound]} ${limit}`
    : `value ${SIGNS[bound]} ${readable(limit)} ${unit}`;
}

/** Four significant digits: more is noise. */
function rounded(number: number): number {
  return Number(number.toPrecision(4));
}

/** Never in scientific notation. */
function readable(number: number): string {
  const digits = number >= 100 ? 0 : number >= 10 ? 1 : number >= 0.1 ? 2 : 4;
  return number.toFixed(digits);
}
