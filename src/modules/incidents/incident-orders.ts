import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import type { RequestContext } from '../../kernel/context.js';
import { newId, parseId } from '../../kernel/ids.js';
import { Ledger } from '../../ledger/index.js';
import { Database } from '../../platform/database/database.js';
import { Jobs } from '../../platform/jobs/jobs.js';
import { Containment } from './containment/containment.js';
import { type ContainmentStep, stepsOf } from './containment/plan.js';
import { IncidentRecords } from './incident-records.js';
import { type IncidentId, requireOpen } from './incident.js';
import { Notification } from './notification/notification.js';

/** What is done about an incident by the worker, for whoever cannot wait for its end. */
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
      requireOpen(await this.#records.require(context, manager, id));
      await this.#ledger.stage(manager, { action: 'incident.notification_ordered', context, resource: id });
      await this.#jobs.send('incident_notification', { incidentId: id }, manager);
    });
  }

  /** @throws as `notify` */
  async contain(context: RequestContext, id: IncidentId, chosen: readonly ContainmentStep[]): Promise<void> {
    await this.#database.run({ kind: 'system' }, async (manager) => {
      await this.#containment.order(context, manager, id, chosen);
      await this.#jobs.send('incident_containment', { incidentId: id, steps: stepsOf(chosen) }, manager);
    });
  }

  async start(): Promise<void> {
    await this.#jobs.work('incident_notification', ({ incidentId }) =>
      this.#unlessClosed(incidentId, async (context, id) => {
        await this.#notification.run(context, id);
      }),
    );
    await this.#jobs.work('incident_containment', ({ incidentId, steps }) =>
      this.#unlessClosed(incidentId, async (context, id) => {
        await this.#containment.run(context, id, steps);
      }),
    );
  }

  async #unlessClosed(
    incidentId: string,
    work: (context: RequestContext, id: IncidentId) => Promise<void>,
  ): Promise<void> {
    const id = parseId<IncidentId>(incidentId);
    if (id === undefined) return;
    const context: RequestContext = {
      requestId: newId<'request'>(this.#clock.now().getTime()),
      actor: { kind: 'system', name: 'incidents' },
      locale: 'fr',
      address: 'local',
    };
    const isOpen = await this.#database.run({ kind: 'system' }, async (manager) => {
      const incident = await this.#records.find(context, manager, id);
      return incident?.status === 'open';
    });
    // Closed or altered since it was ordered: another try would not change that.
    if (isOpen) await work(context, id);
  }
}
