import { Injectable } from '@nestjs/common';
import type { AgencyActor, RequestContext } from '../../../kernel/context.js';
import type { VacancyId } from '../../../kernel/ids.js';
import { Database } from '../../../platform/database/database.js';
import { VacancySearch } from '../../vacancies/index.js';
import { DiversityFiguresEntity } from '../persistence/diversity-figures.entity.js';
import type { QuestionFigures } from './figures.js';

/** Nothing is told while applications may come or go: two counts that differ by one person would tell about them. */
export const FIGURES_STATES = ['not_archived', 'not_counted', 'counted'] as const;

export interface DiversityFigures {
  readonly state: (typeof FIGURES_STATES)[number];
  readonly countedAt: Date | null;
  readonly questions: readonly QuestionFigures[];
}

/** What an agency may know of all who applied for one of its vacancies, and of none of them. */
@Injectable()
export class AgencyDiversity {
  readonly #database: Database;
  readonly #vacancies: VacancySearch;

  constructor(database: Database, vacancies: VacancySearch) {
    this.#database = database;
    this.#vacancies = vacancies;
  }

  /** @throws Failure `not_found` */
  async read(context: RequestContext<AgencyActor>, vacancyId: VacancyId): Promise<DiversityFigures> {
    const { status } = await this.#vacancies.ownOne(context, vacancyId);
    const { agencyId } = context.actor;
    const figures = await this.#database.run({ kind: 'agency', agencyId }, (manager) =>
      manager.getRepository(DiversityFiguresEntity).findOneBy({ vacancyId, agencyId }),
    );
    if (figures !== null)
      return { state: 'counted', countedAt: figures.countedAt, questions: figures.questions };
    return { state: status === 'archived' ? 'not_counted' : 'not_archived', countedAt: null, questions: [] };
  }
}
