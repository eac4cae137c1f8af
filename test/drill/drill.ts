import { outcomeOf, type RowOutcome } from './report/outcome.ts';
import type { DrillRow } from './rows/row.ts';
import type { DrilledSystem } from './system/drilled-system.ts';

/** Plays rows one after the other. @param done told of each row as it ends */
export async function playRows(
  system: DrilledSystem,
  rows: readonly DrillRow[],
  done: (outcome: RowOutcome) => void = () => undefined,
): Promise<readonly RowOutcome[]> {
  const outcomes: RowOutcome[] = [];
  for (const row of rows) {
    // Each attacker comes from somewhere else; here all of them come from one address, whose refusals are limited.
    await system.database.query('DELETE FROM platform.rate_limit');
    const outcome = outcomeOf(row, await row.play(system));
    outcomes.push(outcome);
    done(outcome);
  }
  return outcomes;
}
