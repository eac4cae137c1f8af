import { Injectable } from '@nestjs/common';
import { defaultAllowance, type ReadAllowance } from '../../disclosure/index.js';
import type { RequestContext } from '../../kernel/context.js';
import type { AgencyId } from '../../kernel/ids.js';
import { Budgets } from '../agencies/index.js';
import { OpenApplications } from './open-applications.js';

/** How many candidates an agency may be shown: what follows from its applications, unless operators have set it. */
@Injectable()
export class Allowances {
  readonly #budgets: Budgets;
  readonly #open: OpenApplications;

  constructor(budgets: Budgets, open: OpenApplications) {
    this.#budgets = budgets;
    this.#open = open;
  }

  of(context: RequestContext, agencyId: AgencyId): ReadAllowance {
    return async (manager) => {
      const set = await this.#budgets.standing(context, manager, agencyId);
      return { ...defaultAllowance(await this.#open.count(context, manager, agencyId)), ...set?.limits };
    };
  }
}
