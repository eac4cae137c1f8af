import { Loot } from '../population/loot.ts';
import type { DrillRow, Played } from '../rows/row.ts';

/** One row of the report, as `--json` has it. */
export interface RowOutcome {
  readonly id: string;
  readonly promise: string;
  /** What was tried, a sentence each. */
  readonly tried: readonly string[];
  /** Candidates of whom the attacker obtained any field. */
  readonly exposed: number;
  readonly noticedAfterMs: number | null;
  /** Who was told, and how. */
  readonly noticedBy: string | null;
  readonly precision: number | null;
  readonly recall: number | null;
  readonly holds: boolean;
  /** Why it does not hold, a sentence each. */
  readonly breaches: readonly string[];
}

/** What a row has come to: the promise holds when nothing contradicts it, in time, and those affected are named exactly. */
export function outcomeOf(row: DrillRow, { attempts, noticedAfterMs, naming }: Played): RowOutcome {
  const obtained = new Loot();
  for (const attempt of attempts) obtained.addAll(attempt.obtained);
  const breaches = [
    ...(attempts.length === 0 ? ['Nothing was tried.'] : []),
    ...attempts.flatMap((attempt) => attempt.breaches),
    ...(naming?.breaches ?? []),
    ...lateness(row, noticedAfterMs),
    ...(naming !== null && (naming.precision < 1 || naming.recall < 1)
      ? [`Those affected are not named exactly: precision ${naming.precision}, recall ${naming.recall}.`]
      : []),
  ];
  return {
    id: row.id,
    promise: row.promise,
    tried: [...attempts.map(({ tried }) => tried), ...(naming?.tried ?? [])],
    exposed: obtained.people.size,
    noticedAfterMs,
    noticedBy: noticedAfterMs === null ? null : row.noticedBy,
    precision: naming?.precision ?? null,
    recall: naming?.recall ?? null,
    holds: breaches.length === 0,
    breaches,
  };
}

function lateness({ noticedWithinMs }: DrillRow, noticedAfterMs: number | null): readonly string[] {
  if (noticedWithinMs === null) return [];
  if (noticedAfterMs === null) return ['Nobody was told.'];
  return noticedAfterMs <= noticedWithinMs
    ? []
    : [`Somebody was told only after ${noticedAfterMs} ms, not within ${noticedWithinMs} ms.`];
}
