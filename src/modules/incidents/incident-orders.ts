import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import type { RequestContext } from '../../kernel/context.js';
import { Ledger } from '../../ledger/index.js';
import { Database } from '../../platform/database/database.js';
import { Jobs } from '../../platform/jobs/jobs.js';
import type { Report } from '../../sealing/index.js';
import { Attendance } from './attendance.js';
import { type Contained, Containment } from './containment/containment.js';
import type { ContainmentStep } from './containment/plan.js';
import { IncidentRecords } from './incident-records.js';
import { type IncidentId, requireOpen } from './incident.js';
import { withOrdered } from './orders.js';

/**
 * Orders what is done about an incident, of the worker for whoever cannot wait for its end. What is to be done, the
 * incident's record says: a job only says when, since whoever writes to the database can plant one.
 */
@Injectable()
export class IncidentOrders {
  readonly #containment: Containment;
  readonly #attendance: Attendance;
  readonly #records: IncidentRecords;
  readonly #database: Database;
  readonly #jobs: Jobs;
  readonly #ledger: Ledger;
  readonly #clock: Clock;

  constructor(
    containment: Containment,
    attendance: Attendance,
    records: IncidentRecords,
    database: Database,
    jobs: Jobs,
    ledger: Ledger,
    clock: Clock,
  ) {
    this.#containment = containment;
    this.#attendance = attendance;
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

  /** Orders containment and sees it through; once this process is killed the worker goes on. @throws as `Containment.run` */
  containAtOnce(
    context: RequestContext,
    id: IncidentId,
    chosen: readonly ContainmentStep[],
    report: Report,
  ): Promise<Contained> {
    return this.#attendance.during('containment', id, async () => {
      await this.#database.run({ kind: 'system' }, (manager) =>
        this.#containment.order(context, manager, id, chosen),
      );
      return this.#containment.run(context, id, chosen, report);
    });
  }
}
