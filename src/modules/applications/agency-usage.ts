import { Injectable } from '@nestjs/common';
import { BudgetUsage, type Usage } from '../../disclosure/index.js';
import type { AgencyActor, RequestContext } from '../../kernel/context.js';
import { Ledger } from '../../ledger/index.js';
import { countOpen } from './open-applications.js';

/** What an agency has used of its budget, which follows from the applications that it has. */
@Injectable()
export class AgencyUsage {
  readonly #budget: BudgetUsage;
  readonly #ledger: Ledger;

  constructor(budget: BudgetUsage, ledger: Ledger) {
    this.#budget = budget;
    this.#ledger = ledger;
  }

  /** @throws Failure `ledger_unavailable` */
  async read(context: RequestContext<AgencyActor>): Promise<Usage> {
    const { agencyId } = context.actor;
    await this.#ledger.append({ action: 'usage.read', context, resource: agencyId }, 'staged');
    return this.#budget.read(agencyId, (manager) => countOpen(manager, agencyId));
  }
}
