import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type EntityManager, In, Not } from 'typeorm';
import type { RequestContext } from '../../kernel/context.js';
import type { VacancyId } from '../../kernel/ids.js';
import { Jobs } from '../../platform/jobs/jobs.js';
import { type SubmissionObserver, SubmissionObservers } from '../vacancies/index.js';
import { ApplicationChanges } from './application-changes.js';
import { TRANSITIONS } from './application.machine.js';
import { ApplicationEntity } from './persistence/application.entity.js';

const UNDECIDED = TRANSITIONS.filter(({ to }) => to === 'lapsed').map(({ from }) => from);

/** Ends undecided applications together with their vacancy. */
@Injectable()
export class Lapses implements SubmissionObserver, OnModuleInit {
  readonly #observers: SubmissionObservers;
  readonly #changes: ApplicationChanges;
  readonly #jobs: Jobs;

  constructor(observers: SubmissionObservers, changes: ApplicationChanges, jobs: Jobs) {
    this.#jobs = jobs;
    this.#observers = observers;
    this.#changes = changes;
  }

  onModuleInit(): void {
    this.#observers.observe(this);
  }

  hasSubmissions(manager: EntityManager, vacancyId: VacancyId): Promise<boolean> {
    return manager.getRepository(ApplicationEntity).existsBy({ vacancyId, status: Not('draft') });
  }

  async vacancyArchived(
    manager: EntityManager,
    context: RequestContext,
    vacancyId: VacancyId,
  ): Promise<void> {
    await this.#jobs.send('diversity_count', { vacancyId }, manager);
    const undecided = await manager
      .getRepository(ApplicationEntity)
      .findBy({ vacancyId, status: In([...UNDECIDED]) });
    for (const application of undecided) {
      await this.#changes.move(manager, context, application, { to: 'lapsed', by: 'system' });
    }
  }
}
