import { Injectable } from '@nestjs/common';
import { BudgetUsage, type Usage } from '../../disclosure/index.js';
import type { AgencyActor, RequestContext } from '../../kernel/context.js';
import type { AgencyId } from '../../kernel/ids.js';
import { Ledger } from '../../ledger/index.js';
import { Database } from '../../platform/database/database.js';
import { Allowances } from './allowances.js';
import { countOpen } from './open-applications.js';

export interface AgencyBudgetUsage extends Usage {
  readonly openApplications: number;
}

/** What an agency has used of its budget, and the applications that it has. */
@Injectable()
export class AgencyUsage {
  readonly #database: Database;
  readonly #budget: BudgetUsage;
  readonly #allowances: Allowances;
  readonly #ledger: Ledger;

  constructor(database: Database, budget: BudgetUsage, allowances: Allowances, ledger: Ledger) {
    this.#database = database;
    this.#budget = budget;
    this.#allowances = allowances;
    this.#ledger = ledger;
  }

  /** @throws Failure `ledger_unavailable` */
  async read(context: RequestContext<AgencyActor>): Promise<AgencyBudgetUsage> {
    const { agencyId } = context.actor;
    await this.#ledger.append({ action: 'usage.read', context, resource: agencyId }, 'staged');
    return this.#of(agencyId);
  }

  async #of(agencyId: AgencyId): Promise<AgencyBudgetUsage> {
    const openApplications = await this.#database.run({ kind: 'agency', agencyId }, (manager) =>
      countOpen(manager, agencyId),
    );
    return { openApplications, ...(await this.#budget.read(agencyId, this.#allowances.of(agencyId))) };
  }
}
