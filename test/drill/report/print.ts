import type { RowOutcome } from './outcome.ts';

/** The report for a person, one block a row. */
export function printed(rows: readonly RowOutcome[]): string {
  const broken = rows.filter(({ holds }) => !holds).length;
  const end =
    broken === 0 ? `All ${rows.length} promises hold.` : `${broken} of ${rows.length} promises are broken.`;
  return `${rows.map((row) => block(row)).join('\n')}\n${end}\n`;
}

function block({
  id,
  promise,
  tried,
  exposed,
  noticedAfterMs,
  noticedBy,
  precision,
  recall,
  holds,
  breaches,
}: RowOutcome): string {
  const named =
    precision === null || recall === null
      ? '-'
      : `precision ${precision.toFixed(3)}, recall ${recall.toFixed(3)}`;
  const lines = [
    `${id.padEnd(4)} ${holds ? 'holds ' : 'BROKEN'}  ${promise}`,
    ...tried.map((sentence) => `       - ${sentence}`),
    `       exposed  ${exposed} candidate(s)`,
    `       noticed  ${noticedAfterMs === null ? '-' : `after ${noticedAfterMs.toLocaleString('en')} ms by ${noticedBy}`}`,
    `       named    ${named}`,
    ...breaches.map((sentence) => `       BREACH   ${sentence}`),
  ];
  return `${lines.join('\n')}\n`;
}
