import { Injectable } from '@nestjs/common';
import { Clock } from '../../../kernel/clock.js';
import type { RequestContext } from '../../../kernel/context.js';
import { Failure } from '../../../kernel/errors.js';
import { newId, parseId } from '../../../kernel/ids.js';
import { Ledger } from '../../../ledger/index.js';
import { Database } from '../../../platform/database/database.js';
import { Jobs } from '../../../platform/jobs/jobs.js';
import { IncidentRecords } from '../incident-records.js';
import { type IncidentId, requireOpen } from '../incident.js';
import { Notification } from './notification.js';

/** Notification by the worker, for whoever cannot wait for its end. */
@Injectable()
export class NotificationOrders {
  readonly #notification: Notification;
  readonly #records: IncidentRecords;
  readonly #database: Database;
  readonly #jobs: Jobs;
  readonly #ledger: Ledger;
  readonly #clock: Clock;

  constructor(
    notification: Notification,
    records: IncidentRecords,
    database: Database,
    jobs: Jobs,
    ledger: Ledger,
    clock: Clock,
  ) {
    this.#notification = notification;
    this.#records = records;
    this.#database = database;
    this.#jobs = jobs;
    this.#ledger = ledger;
    this.#clock = clock;
  }

  /** @throws Failure `not_found`; `conflict` for an incident that is closed, or does not stand */
  async order(context: RequestContext, id: IncidentId): Promise<void> {
    await this.#database.run({ kind: 'system' }, async (manager) => {
      requireOpen(await this.#records.require(context, manager, id));
      await this.#ledger.stage(manager, { action: 'incident.notification_ordered', context, resource: id });
      await this.#jobs.send('incident_notification', { incidentId: id }, manager);
    });
  }

  async start(): Promise<void> {
    await this.#jobs.work('incident_notification', async ({ incidentId }) => {
      const id = parseId<IncidentId>(incidentId);
      if (id !== undefined) await this.#run(id);
    });
  }

  async #run(id: IncidentId): Promise<void> {
    const context: RequestContext = {
      requestId: newId<'request'>(this.#clock.now().getTime()),
      actor: { kind: 'system', name: 'incidents.notification' },
      locale: 'fr',
      address: 'local',
    };
    try {
      await this.#notification.run(context, id);
    } catch (error) {
      // Closed or altered since it was ordered: another try would not change that.
      if (!(error instanceof Failure) || error.code !== 'conflict') throw error;
    }
  }
}
