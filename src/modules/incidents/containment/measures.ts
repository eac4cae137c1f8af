import { Injectable } from '@nestjs/common';
import type { RequestContext } from '../../../kernel/context.js';
import type { LedgerFilter } from '../../../ledger/index.js';
import type { Incident } from '../incident.js';
import type { Order, Orders } from '../orders.js';
import { ContainmentPlans } from './containment-plans.js';
import { CONTAINMENT_STEPS, type ContainmentPlan, type ContainmentStep } from './plan.js';

/** What was done about an incident, as far as that is true at this moment. */
export interface MeasuresTaken {
  /** As they were ordered; not done as long as something is left, whatever their record says. */
  readonly steps: Readonly<Partial<Record<ContainmentStep, Order>>>;
  /** Whether every client and person that is meant is cut off. */
  readonly isCutOff: boolean;
  /** Whether the key of everybody affected was renewed. */
  readonly areKeysRenewed: boolean;
}

const LEFT: Readonly<Record<ContainmentStep, (plan: ContainmentPlan) => readonly unknown[]>> = {
  clients: ({ clients }) => clients,
  budgets: ({ agencies }) => agencies,
  sessions: ({ people }) => people,
  keys: ({ candidates }) => candidates,
};

/** What drafts and letters may say of measures: what was ordered and seen through, and nothing is left of. */
@Injectable()
export class Measures {
  readonly #plans: ContainmentPlans;

  constructor(plans: ContainmentPlans) {
    this.#plans = plans;
  }

  async taken(context: RequestContext, incident: Incident, filter: LedgerFilter): Promise<MeasuresTaken> {
    const { orders } = incident;
    const isAnyDone = CONTAINMENT_STEPS.some((step) => isDone(orders[step]));
    const plan = isAnyDone ? await this.#plans.of(context, incident, filter, CONTAINMENT_STEPS) : undefined;
    return measuresOf(orders, plan);
  }
}

const isDone = (order: Order | undefined): boolean => order !== undefined && order.doneAt !== null;

/** @param plan of all steps; `undefined` where none is done */
function measuresOf(orders: Orders, plan: ContainmentPlan | undefined): MeasuresTaken {
  const isOver = (step: ContainmentStep): boolean =>
    plan !== undefined && plan.awaited === 0 && LEFT[step](plan).length === 0;
  const steps = CONTAINMENT_STEPS.flatMap((step) => {
    const order = orders[step];
    if (order === undefined) return [];
    return [[step, isOver(step) ? order : { ...order, doneAt: null }] as const];
  });
  const isAnybodyMeant = plan !== undefined && plan.meant > 0;
  return {
    steps: Object.fromEntries(steps),
    isCutOff:
      isAnybodyMeant &&
      (isDone(orders.clients) || isDone(orders.sessions)) &&
      isOver('clients') &&
      isOver('sessions'),
    areKeysRenewed: isDone(orders.keys) && isOver('keys'),
  };
}
