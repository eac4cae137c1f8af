import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../../kernel/clock.js';
import type { RequestContext } from '../../../kernel/context.js';
import { Failure } from '../../../kernel/errors.js';
import { Ledger } from '../../../ledger/index.js';
import { Database } from '../../../platform/database/database.js';
import { type Report, SubjectRotation } from '../../../sealing/index.js';
import { Budgets, Clients } from '../../agencies/index.js';
import { SessionTermination } from '../../identity/index.js';
import { Impact } from '../impact/impact.js';
import { IncidentRecords } from '../incident-records.js';
import { type IncidentId, requireOpen } from '../incident.js';
import { pendingOf, withOrdered } from '../orders.js';
import { ContainmentPlans } from './containment-plans.js';
import {
  codeOf,
  type ContainmentPlan,
  type ContainmentStep,
  stepsOf,
  TIGHT_BUDGET,
  tightUntil,
} from './plan.js';

/** How much each step has done this time. */
export interface Contained {
  readonly clients: number;
  readonly agencies: number;
  readonly people: number;
  readonly keys: number;
  /** Candidates whose old key stays, since values of theirs do not open. */
  readonly keysLeft: number;
  /** As in the plan: run it again. */
  readonly awaited: number;
}

/** Cuts off whoever did it, and renews the keys of everybody affected. What is done is not done again. */
@Injectable()
export class Containment {
  readonly #plans: ContainmentPlans;
  readonly #impact: Impact;
  readonly #records: IncidentRecords;
  readonly #clients: Clients;
  readonly #budgets: Budgets;
  readonly #sessions: SessionTermination;
  readonly #keys: SubjectRotation;
  readonly #database: Database;
  readonly #ledger: Ledger;
  readonly #clock: Clock;

  constructor(
    plans: ContainmentPlans,
    impact: Impact,
    records: IncidentRecords,
    clients: Clients,
    budgets: Budgets,
    sessions: SessionTermination,
    keys: SubjectRotation,
    database: Database,
    ledger: Ledger,
    clock: Clock,
  ) {
    this.#plans = plans;
    this.#impact = impact;
    this.#records = records;
    this.#clients = clients;
    this.#budgets = budgets;
    this.#sessions = sessions;
    this.#keys = keys;
    this.#database = database;
    this.#ledger = ledger;
    this.#clock = clock;
  }

  /**
   * What `run` would do, none of which is done.
   * @throws Failure `not_found`; `conflict` for an incident that is closed, or does not stand; `ledger_unavailable`
   */
  async plan(
    context: RequestContext,
    id: IncidentId,
    chosen: readonly ContainmentStep[],
  ): Promise<ContainmentPlan> {
    const { incident, filter } = await this.#impact.question(context, id);
    requireOpen(incident);
    const plan = await this.#plans.of(context, incident, filter, stepsOf(chosen));
    await this.#ledger.append({ action: 'incident.containment_read', context, resource: id }, 'staged');
    return plan;
  }

  /**
   * Orders containment in the incident's record. From the first time on it is about sessions and keys from
   * before, and about those of whoever acts, or is exposed, again.
   * @throws Failure `not_found`; `conflict` for an incident that is closed, or does not stand
   */
  async order(
    context: RequestContext,
    manager: EntityManager,
    id: IncidentId,
    chosen: readonly ContainmentStep[],
  ): Promise<void> {
    const incident = await this.#records.require(context, manager, id, 'change');
    requireOpen(incident);
    const now = this.#clock.now();
    const steps = stepsOf(chosen);
    const orders = withOrdered(incident.orders, steps, now);
    await this.#records.update(manager, incident, { containedAt: incident.containedAt ?? now, orders });
    const reason = codeOf(steps);
    const entry = { action: 'incident.containment_ordered', context, resource: id, reason } as const;
    await this.#ledger.stage(manager, entry);
  }

  /**
   * Does what is left of these steps, as far as the incident's record orders them. A run that was killed is run again.
   * @param report how many keys are renewed, of how many
   * @throws as `order`; `conflict` also while other keys are being rotated; `keys_unavailable`, `ledger_unavailable`
   */
  async run(
    context: RequestContext,
    id: IncidentId,
    chosen: readonly ContainmentStep[],
    report: Report = () => undefined,
  ): Promise<Contained> {
    const { incident, filter } = await this.#impact.question(context, id);
    requireOpen(incident);
    const steps = pendingOf(incident.orders, stepsOf(chosen));
    const plan = await this.#plans.of(context, incident, filter, steps);
    const { clients, agencies, people, candidates, awaited } = plan;
    for (const client of clients) await ifThere(this.#clients.suspend(context, client));
    const until = tightUntil(this.#clock.now());
    for (const agency of agencies)
      await ifThere(this.#budgets.tighten(context, agency, { limits: TIGHT_BUDGET, until }));
    for (const person of people) await ifThere(this.#sessions.endOf(context, person));
    const keys = candidates.length === 0 ? 0 : await this.#keys.rotateAll(context, candidates, report);
    const keysLeft = candidates.length - keys;
    const done = awaited > 0 ? [] : steps.filter((step) => step !== 'keys' || keysLeft === 0);
    await this.#database.run({ kind: 'system' }, (manager) =>
      this.#records.noteDone(context, manager, incident, done, this.#clock.now()),
    );
    return {
      clients: clients.length,
      agencies: agencies.length,
      people: people.length,
      keys,
      keysLeft,
      awaited,
    };
  }
}

/** Somebody who has gone meanwhile, or a client whose record is refused everywhere, does nothing any more. */
async function ifThere(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof Failure) || !['not_found', 'conflict'].includes(error.code)) throw error;
  }
}
