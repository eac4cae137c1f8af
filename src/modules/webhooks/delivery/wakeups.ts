import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { AgencyId } from '../../../kernel/ids.js';
import { Database } from '../../../platform/database/database.js';
import { Jobs } from '../../../platform/jobs/jobs.js';
import type { EndpointId } from '../ids.js';

/**
 * Tells the worker that there is something to do, once it is committed. What is to be done stands in the tables: a
 * wake-up that is lost with its process costs a minute, see `due-work.ts`.
 */
@Injectable()
export class Wakeups {
  readonly #database: Database;
  readonly #jobs: Jobs;

  constructor(database: Database, jobs: Jobs) {
    this.#database = database;
    this.#jobs = jobs;
  }

  agency(manager: EntityManager, agencyId: AgencyId): void {
    this.#database.afterCommit(manager, () => this.#jobs.sendOnce('webhook_event', agencyId, { agencyId }));
  }

  endpoint(manager: EntityManager, endpointId: EndpointId): void {
    this.#database.afterCommit(manager, () => this.endpointNow(endpointId));
  }

  endpointNow(endpointId: EndpointId): Promise<void> {
    return this.#jobs.sendOnce('webhook', endpointId, { endpointId });
  }
}
