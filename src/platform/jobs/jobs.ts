import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { PgBoss } from 'pg-boss';
import type { EntityManager } from 'typeorm';
import { Settings } from '../config/settings.js';
import { Logger } from '../logging/logger.js';
import { JOBS_SCHEMA, type QueueName, type QueuePayloads } from './queues.js';
import { SideBySide } from './side-by-side.js';

/** What pg-boss keeps of a failed job: nothing of what the job was about. */
class JobFailed extends Error {
  override readonly message = 'The job failed; the log has the trace.';
}

/** Background work on pg-boss: queued in the business transaction, done by the worker at least once. */
@Injectable()
export class Jobs implements OnModuleInit, OnApplicationShutdown {
  readonly #boss: PgBoss;
  readonly #logger: Logger;
  readonly #crowds: { stop(): Promise<void> }[] = [];

  constructor(settings: Settings, logger: Logger) {
    this.#logger = logger;
    this.#boss = new PgBoss({
      connectionString: settings.database.appUrl,
      application_name: 'sceau-jobs',
      schema: JOBS_SCHEMA,
      max: 4,
      // The schema belongs to its owner and is brought up to date by `prepare`.
      migrate: false,
      createSchema: false,
      // What is done again and again, `Rounds` sees to: a row of the library's own could be deleted, or planted.
      schedule: false,
    });
    this.#boss.on('error', (error) => this.#logger.fault('jobs faulted', error));
  }

  async onModuleInit(): Promise<void> {
    await this.#boss.start();
  }

  /** Queues one job; with a `manager` it exists if and only if that transaction commits. */
  async send<Q extends QueueName>(
    queue: Q,
    payload: QueuePayloads[Q],
    manager?: EntityManager,
  ): Promise<void> {
    if (manager === undefined) {
      await this.#boss.send(queue, payload);
      return;
    }
    const executeSql = async (text: string, values?: unknown[]): Promise<{ rows: object[] }> => {
      const rows: object[] = await manager.query(text, values);
      return { rows };
    };
    await this.#boss.send(queue, payload, { db: { executeSql } });
  }

  /** Queues one job of an exclusive or stately queue, unless one with this key is there already. */
  async sendOnce<Q extends QueueName>(queue: Q, key: string, payload: QueuePayloads[Q]): Promise<void> {
    await this.#boss.send(queue, payload, { singletonKey: key });
  }

  /**
   * Does the jobs of a queue in this process. A rejected job is tried again with growing delays.
   * @param concurrency how many at once; each begins two a second at most
   */
  async work<Q extends QueueName>(
    queue: Q,
    handle: (payload: QueuePayloads[Q]) => Promise<void>,
    concurrency = 1,
  ): Promise<void> {
    await this.#boss.work<QueuePayloads[Q]>(
      queue,
      { pollingIntervalSeconds: 0.5, batchSize: 1, localConcurrency: concurrency },
      async (jobs) => {
        for (const job of jobs) await this.#attempt(queue, job.id, () => handle(job.data));
      },
    );
  }

  /**
   * The same for jobs that wait for others: each that is due begins at once, whatever the ones before it wait for.
   * @param most how many at once
   */
  workSideBySide<Q extends QueueName>(
    queue: Q,
    handle: (payload: QueuePayloads[Q]) => Promise<void>,
    most: number,
  ): void {
    const crowd = new SideBySide<QueuePayloads[Q]>(
      this.#boss,
      queue,
      most,
      (payload, job) => this.#attempt(queue, job, () => handle(payload)),
      (error) => this.#logger.fault('jobs faulted', error, { queue }),
    );
    this.#crowds.push(crowd);
    crowd.start();
  }

  async #attempt(queue: QueueName, job: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#logger.fault('job failed', error, { queue, job });
      throw new JobFailed();
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.#crowds.map((crowd) => crowd.stop()));
    await this.#boss.stop({ graceful: true, timeout: 10_000 });
  }
}
