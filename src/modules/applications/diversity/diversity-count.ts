import { Injectable } from '@nestjs/common';
import { In, Not } from 'typeorm';
import { Clock } from '../../../kernel/clock.js';
import { parseId, type VacancyId } from '../../../kernel/ids.js';
import { Database } from '../../../platform/database/database.js';
import { Jobs } from '../../../platform/jobs/jobs.js';
import { DiversityTally } from '../../candidates/index.js';
import { ApplicationRecords } from '../application-records.js';
import { ApplicationEntity } from '../persistence/application.entity.js';
import { DiversityFiguresEntity } from '../persistence/diversity-figures.entity.js';
import { ownContext } from '../../../kernel/own-context.js';
import { figuresOf } from './figures.js';

/** The worker's part: counts a vacancy's applicants once, when it is archived for good. */
@Injectable()
export class DiversityCount {
  readonly #database: Database;
  readonly #tally: DiversityTally;
  readonly #records: ApplicationRecords;
  readonly #jobs: Jobs;
  readonly #clock: Clock;

  constructor(
    database: Database,
    tally: DiversityTally,
    records: ApplicationRecords,
    jobs: Jobs,
    clock: Clock,
  ) {
    this.#database = database;
    this.#tally = tally;
    this.#records = records;
    this.#jobs = jobs;
    this.#clock = clock;
  }

  async start(): Promise<void> {
    await this.#jobs.work('diversity_count', async ({ vacancyId }) => {
      const id = parseId<VacancyId>(vacancyId);
      if (id !== undefined) await this.run(id);
    });
  }

  /** May be repeated: the first count stands. Whoever withdrew is not counted, nor what was taken back. */
  async run(vacancyId: VacancyId): Promise<void> {
    const now = this.#clock.now();
    const context = ownContext('diversity.counting', now);
    const applications = await this.#database.run({ kind: 'system' }, async (manager) => {
      if (await manager.getRepository(DiversityFiguresEntity).existsBy({ vacancyId })) return [];
      const found = await manager.getRepository(ApplicationEntity).find({
        where: { vacancyId, status: Not(In(['draft', 'withdrawn'])) },
        order: { submittedAt: 'ASC' },
      });
      return this.#records.standing(context, manager, found);
    });
    const [first] = applications;
    if (first === undefined) return;
    const applicants = new Map(applications.map(({ candidateId, id }) => [candidateId, id] as const));
    const counts = await this.#tally.count(context, vacancyId, applicants);
    const figures = {
      vacancyId,
      agencyId: first.agencyId,
      countedAt: now,
      questions: figuresOf(applicants.size, counts),
    };
    await this.#database.run({ kind: 'system' }, (manager) =>
      manager.createQueryBuilder().insert().into(DiversityFiguresEntity).values(figures).orIgnore().execute(),
    );
  }
}
