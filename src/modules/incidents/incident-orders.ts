import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import type { RequestContext } from '../../kernel/context.js';
import { Failure } from '../../kernel/errors.js';
import { parseId } from '../../kernel/ids.js';
import { ownContext } from '../../kernel/own-context.js';
import { Ledger } from '../../ledger/index.js';
import { Database } from '../../platform/database/database.js';
import { Jobs } from '../../platform/jobs/jobs.js';
import { Containment } from './containment/containment.js';
import { CONTAINMENT_STEPS, type ContainmentStep } from './containment/plan.js';
import { IncidentRecords } from './incident-records.js';
import { type Incident, type IncidentId, requireOpen } from './incident.js';
import { type Measure, pendingOf, withOrdered } from './orders.js';
import { Notification } from './notification/notification.js';

/**
 * What is done about an incident by the worker, for whoever cannot wait for its end. What is to be done, the incident's
 * record says: a job only says when, since whoever writes to the database can plant one.
 */
@Injectable()
export class IncidentOrders {
  readonly #notification: Notification;
  readonly #containment: Containment;
  readonly #records: IncidentRecords;
  readonly #database: Database;
  readonly #jobs: Jobs;
  readonly #ledger: Ledger;
  readonly #clock: Clock;

  constructor(
    notification: Notification,
    containment: Containment,
    records: IncidentRecords,
    database: Database,
    jobs: Jobs,
    ledger: Ledger,
    clock: Clock,
  ) {
    this.#notification = notification;
    this.#containment = containment;
    this.#records = records;
    this.#database = database;
    this.#jobs = jobs;
    this.#ledger = ledger;
    this.#clock = clock;
  }

  /** @throws Failure `not_found`; `conflict` for an incident that is closed, or does not stand */
  async notify(context: RequestContext, id: IncidentId): Promise<void> {
    await this.#database.run({ kind: 'system' }, async (manager) => {
      const incident = await this.#records.require(context, manager, id, 'change');
      requireOpen(incident);
      const orders = withOrdered(incident.orders, ['notification'], this.#clock.now());
      await this.#records.update(manager, incident, { orders });
      await this.#ledger.stage(manager, { action: 'incident.notification_ordered', context, resource: id });
      await this.#jobs.send('incident_notification', { incidentId: id }, manager);
    });
  }

  /** @throws as `notify` */
  async contain(context: RequestContext, id: IncidentId, chosen: readonly ContainmentStep[]): Promise<void> {
    await this.#database.run({ kind: 'system' }, async (manager) => {
      await this.#containment.order(context, manager, id, chosen);
      await this.#jobs.send('incident_containment', { incidentId: id }, manager);
    });
  }

  async start(): Promise<void> {
    await this.#jobs.work('incident_notification', ({ incidentId }) =>
      this.#ifOrdered(incidentId, ['notification'], async (context, incident) => {
        const { awaited } = await this.#notification.run(context, incident.id);
        requireAll(awaited);
        await this.#database.run({ kind: 'system' }, (manager) =>
          this.#records.noteDone(context, manager, incident, ['notification'], this.#clock.now()),
        );
      }),
    );
    await this.#jobs.work('incident_containment', ({ incidentId }) =>
      this.#ifOrdered(incidentId, CONTAINMENT_STEPS, async (context, { id }) => {
        const { awaited } = await this.#containment.run(context, id, CONTAINMENT_STEPS);
        requireAll(awaited);
      }),
    );
  }

  async #ifOrdered(
    incidentId: string,
    measures: readonly Measure[],
    work: (context: RequestContext, incident: Incident) => Promise<void>,
  ): Promise<void> {
    const id = parseId<IncidentId>(incidentId);
    if (id === undefined) return;
    const context = ownContext('incidents', this.#clock.now());
    const incident = await this.#database.run({ kind: 'system' }, (manager) =>
      this.#records.find(context, manager, id),
    );
    // Closed, altered or done since it was ordered, or never ordered: another try would not change that.
    if (incident?.status === 'open' && pendingOf(incident.orders, measures).length > 0)
      await work(context, incident);
  }
}

/** Has the job tried again as long as the ledger is behind: whom its entries affect is not known yet. */
function requireAll(awaited: number): void {
  if (awaited > 0) throw new Failure('ledger_unavailable');
}
