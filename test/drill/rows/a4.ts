import type { DrillRow } from './row.ts';
import { bothNamings } from '../system/naming.ts';
import { MINUTES_MS } from '../system/told.ts';
import { defaultLimits, longWindows } from './budget-windows.ts';
import { steal } from './theft.ts';

export const a4: DrillRow = {
  id: 'A4',
  attacker: 'an agency’s private key, or a dishonest recruiter',
  promise:
    'applicants to that agency’s own vacancies, the fields of each stage, up to the budget; then it is suspended',
  noticedWithinMs: MINUTES_MS,
  noticedBy: 'operators, who have the mail and the webhook',
  async play(system) {
    const [large, , , bulk] = system.population.agencies;
    if (bulk === undefined) throw new Error('There are five agencies.');
    const windows = await longWindows(system, bulk);
    const single = await steal(system, large, 'single');
    const fifties = await steal(system, bulk, 'bulk');
    const limits = [await defaultLimits(system, large), ...windows];
    return {
      attempts: [...single.attempts, ...fifties.attempts, ...limits],
      noticedAfterMs: later(single.noticedAfterMs, fifties.noticedAfterMs),
      naming: bothNamings(single.naming, fifties.naming),
    };
  },
};

/** @returns `null` where somebody was not told of one of them */
const later = (one: number | null, other: number | null): number | null =>
  one === null || other === null ? null : Math.max(one, other);
