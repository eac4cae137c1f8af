import { Injectable } from '@nestjs/common';
import type { CandidateActor, RequestContext } from '../../kernel/context.js';
import type { ApplicationId } from '../../kernel/ids.js';
import { Database } from '../../platform/database/database.js';
import { scopeOf } from '../../platform/database/scope.js';
import { CursorCodec, cutPage, Page } from '../../platform/http/index.js';
import { type Vacancy, VacancyLookup } from '../vacancies/index.js';
import type { ApplicationStatus } from './application.machine.js';
import { findOwn } from './own-applications.js';
import { ApplicationEntity } from './persistence/application.entity.js';

type Candidate = RequestContext<CandidateActor>;

export interface ListRequest {
  readonly status?: ApplicationStatus;
  readonly limit: number;
  readonly cursor?: string;
}

/** An application beside what it was made for. */
export interface ListedApplication {
  readonly application: ApplicationEntity;
  readonly vacancy: Vacancy;
}

/** What a candidate has applied for, shown to them for as long as they have the application, closed or not. */
@Injectable()
export class AppliedVacancies {
  readonly #database: Database;
  readonly #vacancies: VacancyLookup;
  readonly #cursors: CursorCodec;

  constructor(database: Database, vacancies: VacancyLookup, cursors: CursorCodec) {
    this.#database = database;
    this.#vacancies = vacancies;
    this.#cursors = cursors;
  }

  /** Newest first; without what was written, so that a list opens nothing. @throws Failure `invalid_cursor` */
  async list({ actor }: Candidate, { status, limit, cursor }: ListRequest): Promise<Page<ListedApplication>> {
    const kind = `me/applications/${status ?? ''}`;
    const [at, id] = cursor === undefined ? [] : this.#cursors.decode(kind, cursor);
    return this.#database.run(scopeOf(actor), async (manager) => {
      const select = manager
        .getRepository(ApplicationEntity)
        .createQueryBuilder('a')
        .where('a.candidateId = :candidate', { candidate: actor.candidateId });
      if (status !== undefined) select.andWhere('a.status = :status', { status });
      if (at !== undefined) select.andWhere('(a.created_at, a.id) < (:at, :id)', { at, id });
      const found = await select
        .orderBy('a.createdAt', 'DESC')
        .addOrderBy('a.id', 'DESC')
        .limit(limit + 1)
        .getMany();
      const { items: applications, last } = cutPage(found, limit);
      const vacancies = await this.#vacancies.many(
        manager,
        applications.map(({ vacancyId }) => vacancyId),
      );
      return new Page(
        applications.flatMap((application) => {
          const vacancy = vacancies.get(application.vacancyId);
          return vacancy === undefined ? [] : [{ application, vacancy }];
        }),
        this.#cursors.next(kind, last && [last.createdAt.toISOString(), last.id]),
      );
    });
  }

  /** As it is now, with the questions that were asked. @throws Failure `not_found` for another's application */
  one(context: Candidate, id: ApplicationId): Promise<Vacancy> {
    return this.#database.run(scopeOf(context.actor), async (manager) => {
      const { vacancyId } = await findOwn(manager, context, id);
      return this.#vacancies.find(manager, vacancyId);
    });
  }
}
