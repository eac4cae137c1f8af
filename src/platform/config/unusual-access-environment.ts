import type { VariableReader } from './key-provider-environment.js';
import type { UnusualAccessSettings } from './settings.js';
import { VARIABLES, type Variable, type VariableName } from './variables.js';

/** From what on a client's access is unusual. */
export function readUnusualAccess({
  whole,
  decimal,
}: Pick<VariableReader, 'whole' | 'decimal'>): UnusualAccessSettings {
  return {
    factor: decimal('UNUSUAL_FACTOR', 1, 100),
    weekFactor: decimal('UNUSUAL_WEEK_FACTOR', 1, 100),
    leastInHour: whole('UNUSUAL_LEAST_IN_HOUR', 1, 1_000_000),
    leastInDay: whole('UNUSUAL_LEAST_IN_DAY', 1, 1_000_000),
    knownDays: whole('UNUSUAL_KNOWN_DAYS', 5, 15),
    knownFactor: decimal('UNUSUAL_KNOWN_FACTOR', 1, 100),
    knownInHour: whole('UNUSUAL_KNOWN_IN_HOUR', 1, 1_000_000),
    knownInDay: whole('UNUSUAL_KNOWN_IN_DAY', 1, 1_000_000),
    knownInWeek: whole('UNUSUAL_KNOWN_IN_WEEK', 1, 1_000_000),
    newcomerInHour: whole('UNUSUAL_NEWCOMER_IN_HOUR', 1, 1_000_000),
    outsideHours: whole('UNUSUAL_OUTSIDE_HOURS', 1, 1_000_000),
    misses: whole('UNUSUAL_MISSES', 1, 1_000_000),
    refusals: whole('UNUSUAL_REFUSALS', 1, 1_000_000),
    pages: whole('UNUSUAL_PAGES', 1, 1_000_000),
    inOrder: whole('UNUSUAL_IN_ORDER', 2, 1_000_000),
    readers: whole('UNUSUAL_READERS', 2, 1_000_000),
  };
}

/** What holds where nothing is set. */
export const USUAL_THRESHOLDS = readUnusualAccess({ whole: usual, decimal: usual });

function usual(name: VariableName): number {
  const variable: Variable = VARIABLES[name];
  return Number(variable.default);
}
