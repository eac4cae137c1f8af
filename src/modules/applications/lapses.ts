import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type EntityManager, In, Not } from 'typeorm';
import type { RequestContext } from '../../kernel/context.js';
import type { VacancyId } from '../../kernel/ids.js';
import { Jobs } from '../../platform/jobs/jobs.js';
import { type SubmissionObserver, SubmissionObservers, VacancyLookup } from '../vacancies/index.js';
import { ApplicationChanges } from './application-changes.js';
import { ApplicationRecords } from './application-records.js';
import { lapsingFor } from './application.machine.js';
import { MovePreparation, type PreparedMove } from './move-preparation.js';
import { ApplicationEntity } from './persistence/application.entity.js';

const LAPSE = { to: 'lapsed', by: 'system', reason: 'vacancy_archived' } as const;
const UNDECIDED = lapsingFor(LAPSE.reason);

/** Ends undecided applications together with their vacancy. */
@Injectable()
export class Lapses implements SubmissionObserver, OnModuleInit {
  readonly #observers: SubmissionObservers;
  readonly #preparation: MovePreparation;
  readonly #changes: ApplicationChanges;
  readonly #records: ApplicationRecords;
  readonly #vacancies: VacancyLookup;
  readonly #jobs: Jobs;

  constructor(
    observers: SubmissionObservers,
    preparation: MovePreparation,
    changes: ApplicationChanges,
    records: ApplicationRecords,
    vacancies: VacancyLookup,
    jobs: Jobs,
  ) {
    this.#observers = observers;
    this.#preparation = preparation;
    this.#changes = changes;
    this.#records = records;
    this.#vacancies = vacancies;
    this.#jobs = jobs;
  }

  onModuleInit(): void {
    this.#observers.observe(this);
  }

  /** The answer holds until the transaction ends: nobody submits meanwhile. */
  async hasSubmissions(manager: EntityManager, vacancyId: VacancyId): Promise<boolean> {
    await this.#holdAll(manager, vacancyId);
    return manager.getRepository(ApplicationEntity).existsBy({ vacancyId, status: Not('draft') });
  }

  async vacancyArchived(
    manager: EntityManager,
    context: RequestContext,
    vacancyId: VacancyId,
  ): Promise<void> {
    await this.#jobs.send('diversity_count', { vacancyId }, manager);
    const where = { vacancyId, status: In([...UNDECIDED]) };
    const undecided = async (): Promise<readonly ApplicationEntity[]> =>
      this.#records.standing(context, manager, await manager.getRepository(ApplicationEntity).findBy(where));
    const prepare = (application: ApplicationEntity): Promise<PreparedMove> =>
      this.#preparation.prepare(manager, application, LAPSE);
    const prepared = new Map<string, PreparedMove>();
    for (const application of await undecided()) prepared.set(application.id, await prepare(application));
    await this.#holdAll(manager, vacancyId);
    // Some of them have moved meanwhile, and others have come.
    for (const application of await undecided()) {
      const known = prepared.get(application.id);
      const isCurrent = known?.application.revision === application.revision;
      await this.#changes.apply(manager, context, isCurrent ? known : await prepare(application));
    }
  }

  /** From here on until the transaction ends, no application of the vacancy's agency changes. */
  async #holdAll(manager: EntityManager, vacancyId: VacancyId): Promise<void> {
    const { agencyId } = await this.#vacancies.find(manager, vacancyId);
    await this.#changes.tick(manager, agencyId);
  }
}
