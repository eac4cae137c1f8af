import { Injectable } from '@nestjs/common';
import { MoreThan, type SelectQueryBuilder } from 'typeorm';
import { Clock } from '../../kernel/clock.js';
import { Failure } from '../../kernel/errors.js';
import type { VacancyId } from '../../kernel/ids.js';
import { Database } from '../../platform/database/database.js';
import { CursorCodec, Page } from '../../platform/http/index.js';
import { Agencies } from '../agencies/index.js';
import { withAgencyNames } from './agency-names.js';
import { VacancyEntity } from './persistence/vacancy.entity.js';
import type { Vacancy } from './vacancy.js';

export interface VacancyFilter {
  readonly q?: string;
  readonly agency?: string;
  readonly department?: string;
  readonly category?: string;
  readonly contract?: string;
  readonly remote?: string;
  /** Still open on this day, `YYYY-MM-DD`. */
  readonly openOn?: string;
}

export interface PageRequest {
  readonly limit: number;
  readonly cursor?: string;
}

type Select = SelectQueryBuilder<VacancyEntity>;

/** What everybody is shown: published, of a live agency, and the deadline has not passed. */
@Injectable()
export class PublicVacancies {
  readonly #database: Database;
  readonly #agencies: Agencies;
  readonly #cursors: CursorCodec;
  readonly #clock: Clock;

  constructor(database: Database, agencies: Agencies, cursors: CursorCodec, clock: Clock) {
    this.#database = database;
    this.#agencies = agencies;
    this.#cursors = cursors;
    this.#clock = clock;
  }

  /** Newest first. */
  list(filter: VacancyFilter, { limit, cursor }: PageRequest): Promise<Page<Vacancy>> {
    const kind = `vacancies/${JSON.stringify(filter)}`;
    return this.#database.run({ kind: 'public' }, async (manager) => {
      const select = manager
        .getRepository(VacancyEntity)
        .createQueryBuilder('v')
        .where(`v.status = 'published' AND v.mode = 'live' AND v.deadline > :now`, {
          now: this.#clock.now(),
        });
      narrow(select, filter);
      if (cursor !== undefined) {
        const [at = '', id = ''] = this.#cursors.decode(kind, cursor);
        select.andWhere('(v.published_at, v.id) < (:at, :id)', { at, id });
      }
      const found = await select
        .orderBy('v.publishedAt', 'DESC')
        .addOrderBy('v.id', 'DESC')
        .limit(limit + 1)
        .getMany();
      const items = found.slice(0, limit);
      const last = items.at(-1);
      const hasMore = found.length > limit && last !== undefined;
      const named = await withAgencyNames(this.#agencies, manager, items);
      return new Page(
        named.filter(isProven),
        hasMore ? this.#cursors.encode(kind, [last.publishedAt?.toISOString() ?? '', last.id]) : null,
      );
    });
  }

  /** @throws Failure `not_found` for what is not shown to everyone, or not any more */
  one(id: VacancyId): Promise<Vacancy> {
    return this.#database.run({ kind: 'public' }, async (manager) => {
      const shown = { status: 'published', mode: 'live', deadline: MoreThan(this.#clock.now()) } as const;
      const found = await manager.getRepository(VacancyEntity).findBy({ id, ...shown });
      const [vacancy] = await withAgencyNames(this.#agencies, manager, found);
      if (vacancy === undefined || !isProven(vacancy)) throw new Failure('not_found');
      return vacancy;
    });
  }
}

/** Whether it belongs to an agency that is as we have made it; of any other not even the name is told. */
const isProven = ({ agencyName }: Vacancy): boolean => agencyName !== '';

function narrow(select: Select, filter: VacancyFilter): void {
  if (filter.q !== undefined) {
    select.andWhere(`v.search @@ websearch_to_tsquery('french', vacancies.plain(:q))`, { q: filter.q });
  }
  if (filter.openOn !== undefined)
    select.andWhere('v.deadline >= :openOn::timestamp AT TIME ZONE v.time_zone', { openOn: filter.openOn });
  if (filter.agency !== undefined) select.andWhere('v.agencyId = :agency', { agency: filter.agency });
  if (filter.department !== undefined)
    select.andWhere('v.department = :department', { department: filter.department });
  if (filter.category !== undefined) select.andWhere('v.category = :category', { category: filter.category });
  if (filter.contract !== undefined) select.andWhere('v.contract = :contract', { contract: filter.contract });
  if (filter.remote !== undefined) select.andWhere('v.remote = :remote', { remote: filter.remote });
}
