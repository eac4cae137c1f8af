import { Injectable } from '@nestjs/common';
import { BudgetUsage, type Usage } from '../../disclosure/index.js';
import type { AgencyActor, RequestContext } from '../../kernel/context.js';
import type { AgencyId } from '../../kernel/ids.js';
import { Ledger } from '../../ledger/index.js';
import { Database } from '../../platform/database/database.js';
import { Budgets, type SetBudget } from '../agencies/index.js';
import { Allowances } from './allowances.js';
import { OpenApplications } from './open-applications.js';

export interface AgencyBudgetUsage extends Usage {
  readonly openApplications: number;
  /** By operators, where it is not what follows from the applications. */
  readonly set: SetBudget | undefined;
}

/** What an agency has used of its budget, and the applications that it has. */
@Injectable()
export class AgencyUsage {
  readonly #database: Database;
  readonly #budget: BudgetUsage;
  readonly #budgets: Budgets;
  readonly #allowances: Allowances;
  readonly #open: OpenApplications;
  readonly #ledger: Ledger;

  constructor(
    database: Database,
    budget: BudgetUsage,
    budgets: Budgets,
    allowances: Allowances,
    open: OpenApplications,
    ledger: Ledger,
  ) {
    this.#database = database;
    this.#budget = budget;
    this.#budgets = budgets;
    this.#allowances = allowances;
    this.#open = open;
    this.#ledger = ledger;
  }

  /** For the agency. @throws Failure `ledger_unavailable` */
  async read(context: RequestContext<AgencyActor>): Promise<AgencyBudgetUsage> {
    const { agencyId } = context.actor;
    await this.#ledger.append({ action: 'usage.read', context, resource: agencyId }, 'staged');
    return this.#of(context, agencyId);
  }

  /** For operators. @throws Failure `ledger_unavailable`, `not_found` for an unknown agency */
  async show(context: RequestContext, agencyId: AgencyId): Promise<AgencyBudgetUsage> {
    const usage = await this.#of(context, agencyId);
    const entry = { action: 'agency.budget_read', context, resource: agencyId, agency: agencyId } as const;
    await this.#ledger.append(entry, 'staged');
    return usage;
  }

  async #of(context: RequestContext, agencyId: AgencyId): Promise<AgencyBudgetUsage> {
    const set = await this.#budgets.find(context, agencyId);
    const openApplications = await this.#database.run({ kind: 'agency', agencyId }, (manager) =>
      this.#open.count(context, manager, agencyId),
    );
    const usage = await this.#budget.read(agencyId, this.#allowances.of(context, agencyId));
    return { openApplications, set, ...usage };
  }
}
