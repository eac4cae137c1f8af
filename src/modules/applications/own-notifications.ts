import { Injectable } from '@nestjs/common';
import { type EntityManager, In } from 'typeorm';
import type { CandidateActor, RequestContext } from '../../kernel/context.js';
import type { ApplicationId, VacancyId } from '../../kernel/ids.js';
import { Database } from '../../platform/database/database.js';
import { scopeOf } from '../../platform/database/scope.js';
import { CursorCodec, cutPage, Page } from '../../platform/http/index.js';
import { VacancyLookup } from '../vacancies/index.js';
import { ApplicationEntity } from './persistence/application.entity.js';
import { EventEntity } from './persistence/event.entity.js';

/** That one of a candidate's applications has moved; what was said to it is in its timeline. */
export interface Notification {
  readonly event: EventEntity;
  readonly vacancyId: VacancyId;
  readonly vacancyTitle: string;
}

const KIND = 'me/notifications';

/** Everything that a candidate has been told by mail of their applications. */
@Injectable()
export class OwnNotifications {
  readonly #database: Database;
  readonly #vacancies: VacancyLookup;
  readonly #cursors: CursorCodec;

  constructor(database: Database, vacancies: VacancyLookup, cursors: CursorCodec) {
    this.#database = database;
    this.#vacancies = vacancies;
    this.#cursors = cursors;
  }

  /** Newest first; nothing sealed is opened. @throws Failure `invalid_cursor` */
  async list(
    { actor }: RequestContext<CandidateActor>,
    { limit, cursor }: { readonly limit: number; readonly cursor?: string },
  ): Promise<Page<Notification>> {
    const [at, id] = cursor === undefined ? [] : this.#cursors.decode(KIND, cursor);
    return this.#database.run(scopeOf(actor), async (manager) => {
      const select = manager
        .getRepository(EventEntity)
        .createQueryBuilder('e')
        .where('e.candidateId = :candidate', { candidate: actor.candidateId });
      if (at !== undefined) select.andWhere('(e.at, e.id) < (:at, :id)', { at, id });
      const found = await select
        .orderBy('e.at', 'DESC')
        .addOrderBy('e.id', 'DESC')
        .limit(limit + 1)
        .getMany();
      const { items: events, last } = cutPage(found, limit);
      const next = this.#cursors.next(KIND, last && [last.at.toISOString(), last.id]);
      const vacancies = await this.#vacanciesOf(
        manager,
        events.map(({ applicationId }) => applicationId),
      );
      const items = events.flatMap((event) => {
        const vacancy = vacancies.get(event.applicationId);
        return vacancy === undefined ? [] : [{ event, ...vacancy }];
      });
      return new Page(items, next);
    });
  }

  async #vacanciesOf(
    manager: EntityManager,
    ids: readonly ApplicationId[],
  ): Promise<ReadonlyMap<ApplicationId, Omit<Notification, 'event'>>> {
    const applications = await manager
      .getRepository(ApplicationEntity)
      .find({ select: { id: true, vacancyId: true }, where: { id: In([...new Set(ids)]) } });
    const vacancies = await this.#vacancies.many(
      manager,
      applications.map(({ vacancyId }) => vacancyId),
    );
    return new Map(
      applications.map(({ id, vacancyId }) => [
        id,
        { vacancyId, vacancyTitle: vacancies.get(vacancyId)?.title ?? '' },
      ]),
    );
  }
}
