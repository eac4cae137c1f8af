import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { PgBoss } from 'pg-boss';
import type { EntityManager } from 'typeorm';
import { Settings } from '../config/settings.js';
import { Logger } from '../logging/logger.js';
import { JOBS_SCHEMA, type QueueName, type QueuePayloads } from './queues.js';

/** What pg-boss keeps of a failed job: nothing of what the job was about. */
class JobFailed extends Error {
  override readonly message = 'The job failed; the log has the trace.';
}

/** Background work on pg-boss: queued in the business transaction, done by the worker at least once. */
@Injectable()
export class Jobs implements OnModuleInit, OnApplicationShutdown {
  readonly #boss: PgBoss;
  readonly #logger: Logger;

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

  /** Queues one job of an exclusive queue, unless one with this key is there already. */
  async sendOnce<Q extends QueueName>(queue: Q, key: string, payload: QueuePayloads[Q]): Promise<void> {
    await this.#boss.send(queue, payload, { singletonKey: key });
  }

  /** Queues one job again and again, once for all processes. @param cron five fields, in UTC */
  async repeat<Q extends QueueName>(queue: Q, cron: string, payload: QueuePayloads[Q]): Promise<void> {
    await this.#boss.schedule(queue, cron, payload);
  }

  /** Does the jobs of a queue in this process. A rejected job is tried again with growing delays. */
  async work<Q extends QueueName>(
    queue: Q,
    handle: (payload: QueuePayloads[Q]) => Promise<void>,
  ): Promise<void> {
    await this.#boss.work<QueuePayloads[Q]>(
      queue,
      { pollingIntervalSeconds: 0.5, batchSize: 1 },
      async (jobs) => {
        for (const job of jobs) {
          try {
            await handle(job.data);
          } catch (error) {
            this.#logger.fault('job failed', error, { queue, job: job.id });
            throw new JobFailed();
          }
        }
      },
    );
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#boss.stop({ graceful: true, timeout: 10_000 });
  }
}
