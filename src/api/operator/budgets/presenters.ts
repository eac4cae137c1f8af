import type { AgencyBudgetUsage } from '../../../modules/applications/index.js';
import { type Revised, withRevision } from '../../../platform/http/index.js';
import type { BudgetDto, SetBudgetDto } from './budget.dtos.js';

/** Nothing set has revision 0. */
const NONE = 0;

export function presentBudget({ openApplications, set, limits }: AgencyBudgetUsage): Revised<BudgetDto> {
  const budget: BudgetDto = {
    openApplications,
    set: set === undefined ? null : presentSet(set),
    limits: limits.map(({ reach, window, limit, used }) => ({
      reach: reach.kind,
      clientId: reach.kind === 'client' ? reach.client : null,
      purpose: reach.kind === 'purpose' ? reach.purpose : null,
      window,
      limit,
      used,
    })),
  };
  return withRevision(budget, set?.revision ?? NONE);
}

function presentSet({ limits, until }: NonNullable<AgencyBudgetUsage['set']>): SetBudgetDto {
  const { hour = null, day = null, month = null } = limits;
  return { hour, day, month, until: until.toISOString() };
}
