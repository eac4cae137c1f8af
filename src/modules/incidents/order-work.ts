import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { Failure } from '../../kernel/errors.js';
import { parseId } from '../../kernel/ids.js';
import { ownContext } from '../../kernel/own-context.js';
import { Database } from '../../platform/database/database.js';
import { Jobs } from '../../platform/jobs/jobs.js';
import { Rounds } from '../../platform/jobs/rounds.js';
import { Logger } from '../../platform/logging/logger.js';
import { Attendance, type Task } from './attendance.js';
import { Containment } from './containment/containment.js';
import { CONTAINMENT_STEPS } from './containment/plan.js';
import { IncidentRecords } from './incident-records.js';
import type { Incident, IncidentId } from './incident.js';
import { type Measure, type Orders, pendingOf } from './orders.js';
import { Notification } from './notification/notification.js';

const TASKS: readonly Task[] = ['containment', 'notification'];
const MEASURES: Readonly<Record<Task, readonly Measure[]>> = {
  containment: CONTAINMENT_STEPS,
  notification: ['notification'],
};

/**
 * The worker's half of orders. A job has them done at once; what nobody is at any more, as after the death of a worker,
 * is found in the incidents' records every minute, whatever the tables of jobs say.
 */
@Injectable()
export class OrderWork {
  readonly #notification: Notification;
  readonly #containment: Containment;
  readonly #attendance: Attendance;
  readonly #records: IncidentRecords;
  readonly #database: Database;
  readonly #jobs: Jobs;
  readonly #rounds: Rounds;
  readonly #logger: Logger;
  readonly #clock: Clock;
  /** Orders whose end this process has come to. What that has left another try would leave, too. */
  readonly #ended = new Set<string>();
  /** Rows that do not stand, each as it is: alerted once by this process, and not every minute. */
  readonly #refused = new Set<string>();

  constructor(
    notification: Notification,
    containment: Containment,
    attendance: Attendance,
    records: IncidentRecords,
    database: Database,
    jobs: Jobs,
    rounds: Rounds,
    logger: Logger,
    clock: Clock,
  ) {
    this.#notification = notification;
    this.#containment = containment;
    this.#attendance = attendance;
    this.#records = records;
    this.#database = database;
    this.#jobs = jobs;
    this.#rounds = rounds;
    this.#logger = logger;
    this.#clock = clock;
  }

  async start(): Promise<void> {
    for (const task of TASKS) {
      await this.#jobs.work(`incident_${task}`, async ({ incidentId }) => {
        const id = parseId<IncidentId>(incidentId);
        if (id !== undefined) await this.#attendance.during(task, id, () => this.#seeThrough(task, id));
      });
      // Each by itself: nobody's letters hold up a containment.
      await this.#rounds.every(1, `incident_${task}_due`, () => this.goOn(task));
    }
  }

  /** Sees through what is ordered and nobody is at. What fails is in the log, and tried again the next time. */
  async goOn(task: Task): Promise<void> {
    const rows = await this.#database.run({ kind: 'system' }, (manager) => this.#records.openRows(manager));
    // At the same time: the first one's keys hold up no other one's clients.
    const all = rows.map(async ({ id, mac }) => {
      const row = `${id}/${mac.toString('hex')}`;
      if (this.#refused.has(row)) return;
      const incident = await this.#find(id);
      if (incident === undefined) this.#refused.add(row);
      else if (this.#left(incident, task).length > 0)
        await this.#attendance.unlessAttended(task, id, () => this.#seeThrough(task, id));
    });
    for (const done of await Promise.allSettled(all))
      if (done.status === 'rejected') this.#logger.fault('incident order failed', done.reason, { task });
  }

  /** What was closed, altered or done since it was ordered, or never ordered, another try would not change. */
  async #seeThrough(task: Task, id: IncidentId): Promise<void> {
    const incident = await this.#find(id);
    if (incident?.status !== 'open') return;
    const pending = pendingOf(incident.orders, MEASURES[task]);
    if (pending.length === 0) return;
    await this.#do(task, incident);
    for (const measure of pending) this.#ended.add(nameOf(id, incident.orders, measure));
  }

  async #do(task: Task, incident: Incident): Promise<void> {
    const context = ownContext('incidents', this.#clock.now());
    if (task === 'containment') {
      requireAll(await this.#containment.run(context, incident.id, CONTAINMENT_STEPS));
      return;
    }
    requireAll(await this.#notification.run(context, incident.id));
    await this.#database.run({ kind: 'system' }, (manager) =>
      this.#records.noteDone(context, manager, incident, ['notification'], this.#clock.now()),
    );
  }

  #left({ id, status, orders }: Incident, task: Task): readonly Measure[] {
    if (status !== 'open') return [];
    return pendingOf(orders, MEASURES[task]).filter(
      (measure) => !this.#ended.has(nameOf(id, orders, measure)),
    );
  }

  #find(id: IncidentId): Promise<Incident | undefined> {
    const context = ownContext('incidents', this.#clock.now());
    return this.#database.run({ kind: 'system' }, (manager) => this.#records.find(context, manager, id));
  }
}

/** One order, and not the same measure when it is ordered again. */
const nameOf = (id: IncidentId, orders: Orders, measure: Measure): string =>
  `${id}/${measure}/${orders[measure]?.times ?? 0}`;

/** Has it tried again as long as the ledger is behind: whom its entries affect is not known yet. */
function requireAll({ awaited }: { readonly awaited: number }): void {
  if (awaited > 0) throw new Failure('ledger_unavailable');
}
