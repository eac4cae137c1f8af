import { refuse } from '../clients/client-rules.js';

const DAY_MS = 24 * 3_600_000;

/** In days: whoever wants it longer says so again. */
const LONGEST = 92;
export const HIGHEST = 1_000_000;

/** How many different candidates in each window; what is left out follows from the applications. */
export interface BudgetLimits {
  readonly hour?: number;
  readonly day?: number;
  readonly month?: number;
}

export interface BudgetOrder {
  readonly limits: BudgetLimits;
  /** At most 92 days from now; then the default counts again. */
  readonly until: Date;
}

/** One that leaves no window out. */
export interface TightOrder extends BudgetOrder {
  readonly limits: Required<BudgetLimits>;
}

/** @throws Failure `invalid_request` for no limit, one that is no whole number up to a million, or a bad moment */
export function requireOrder({ limits, until }: BudgetOrder, now: Date): void {
  const given = [limits.hour, limits.day, limits.month].filter((limit) => limit !== undefined);
  if (given.length === 0) refuse('/limits', 'Name at least one limit: hour, day or month.');
  for (const window of ['hour', 'day', 'month'] as const) {
    const limit = limits[window];
    if (limit !== undefined && !(Number.isInteger(limit) && limit >= 0 && limit <= HIGHEST))
      refuse(`/limits/${window}`, `A limit is a whole number from 0 to ${HIGHEST}.`);
  }
  const ahead = until.getTime() - now.getTime();
  if (!(ahead > 0 && ahead <= LONGEST * DAY_MS))
    refuse('/until', `A budget is set until a moment within the next ${LONGEST} days.`);
}

/** An order in the ledger, where there is no free text: such as `hour_5_day_10_until_20261231t180000z`, in UTC. */
export function orderCode({ limits, until }: BudgetOrder): string {
  const named = (['hour', 'day', 'month'] as const).flatMap((window) => {
    const limit = limits[window];
    return limit === undefined ? [] : [`${window}_${limit}`];
  });
  const moment = until.toISOString().replaceAll(/[-:]|\.\d+/g, '');
  return `${named.join('_')}_until_${moment.toLowerCase()}`;
}

/** Whether one may be shown more with this budget, or without any, than with those limits until then. */
export function isWider(budget: BudgetOrder | undefined, { limits: most, until }: TightOrder): boolean {
  if (budget === undefined || budget.until < until) return true;
  const { hour, day, month } = budget.limits;
  const lowest = lower(budget.limits, most);
  return hour !== lowest.hour || day !== lowest.day || month !== lowest.month;
}

/** Of each window the lower limit. */
export function lower(limits: BudgetLimits, most: Required<BudgetLimits>): Required<BudgetLimits> {
  return {
    hour: Math.min(limits.hour ?? most.hour, most.hour),
    day: Math.min(limits.day ?? most.day, most.day),
    month: Math.min(limits.month ?? most.month, most.month),
  };
}
