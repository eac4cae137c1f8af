import { Injectable } from '@nestjs/common';
import type { AgencyActor, RequestContext } from '../../../kernel/context.js';
import { Failure } from '../../../kernel/errors.js';
import type { VacancyId } from '../../../kernel/ids.js';
import { Ledger, recordingMisses } from '../../../ledger/index.js';
import { Database } from '../../../platform/database/database.js';
import { VacancyLookup } from '../../vacancies/index.js';
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
  readonly #vacancies: VacancyLookup;
  readonly #ledger: Ledger;

  constructor(database: Database, vacancies: VacancyLookup, ledger: Ledger) {
    this.#database = database;
    this.#vacancies = vacancies;
    this.#ledger = ledger;
  }

  /** @throws Failure `not_found` */
  read(context: RequestContext<AgencyActor>, vacancyId: VacancyId): Promise<DiversityFigures> {
    const { agencyId } = context.actor;
    const draft = { action: 'diversity.figures_read', context, resource: vacancyId } as const;
    return recordingMisses(this.#ledger, draft, () =>
      this.#database.run({ kind: 'agency', agencyId }, async (manager) => {
        const vacancy = await this.#vacancies.find(manager, vacancyId);
        // The second wall: the scope shows an agency its own only.
        if (vacancy.agencyId !== agencyId) throw new Failure('not_found');
        const figures = await manager
          .getRepository(DiversityFiguresEntity)
          .findOneBy({ vacancyId, agencyId });
        if (figures !== null)
          return { state: 'counted', countedAt: figures.countedAt, questions: figures.questions };
        const state = vacancy.status === 'archived' ? 'not_counted' : 'not_archived';
        return { state, countedAt: null, questions: [] };
      }),
    );
  }
}
