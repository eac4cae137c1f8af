import { Injectable } from '@nestjs/common';
import type { EntityManager, SelectQueryBuilder } from 'typeorm';
import type { AgencyActor, RequestContext } from '../../kernel/context.js';
import { Failure } from '../../kernel/errors.js';
import type { AgencyId, VacancyId } from '../../kernel/ids.js';
import { Database } from '../../platform/database/database.js';
import type { Scope } from '../../platform/database/scope.js';
import { CursorCodec, Page } from '../../platform/http/index.js';
import { Ledger, recordingMisses } from '../../ledger/index.js';
import { Agencies } from '../agencies/index.js';
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

/** Finds vacancies: for everyone the published ones, for an agency its own. */
@Injectable()
export class VacancySearch {
  readonly #database: Database;
  readonly #agencies: Agencies;
  readonly #cursors: CursorCodec;
  readonly #ledger: Ledger;

  constructor(database: Database, agencies: Agencies, cursors: CursorCodec, ledger: Ledger) {
    this.#database = database;
    this.#agencies = agencies;
    this.#cursors = cursors;
    this.#ledger = ledger;
  }

  /** Published vacancies, newest first; a sandbox has none for the public. */
  async published(filter: VacancyFilter, page: PageRequest): Promise<Page<Vacancy>> {
    const { items, nextCursor } = await this.#page(
      { kind: 'public' },
      `vacancies/${JSON.stringify(filter)}`,
      'publishedAt',
      page,
      (select) => narrowed(select.where(`v.status = 'published' AND v.mode = 'live'`), filter),
    );
    return new Page(items.filter(isProven), nextCursor);
  }

  /** The agency's own, newest first. */
  own({ actor }: RequestContext<AgencyActor>, page: PageRequest): Promise<Page<Vacancy>> {
    return this.#page(
      { kind: 'agency', agencyId: actor.agencyId },
      `agency/${actor.agencyId}/vacancies`,
      'createdAt',
      page,
      (select) => select.where('v.agencyId = :agency', { agency: actor.agencyId }),
    );
  }

  /** @throws Failure `not_found` for what is not published to everyone */
  async publishedOne(id: VacancyId): Promise<Vacancy> {
    const vacancy = await this.#database.run({ kind: 'public' }, (manager) =>
      this.#one(manager, { id, status: 'published', mode: 'live' }),
    );
    if (!isProven(vacancy)) throw new Failure('not_found');
    return vacancy;
  }

  /** @throws Failure `not_found` for what is not the agency's own */
  ownOne(context: RequestContext<AgencyActor>, id: VacancyId): Promise<Vacancy> {
    const { agencyId } = context.actor;
    return recordingMisses(this.#ledger, { action: 'vacancy.read', context, resource: id }, () =>
      this.#database.run({ kind: 'agency', agencyId }, (manager) => this.#one(manager, { id, agencyId })),
    );
  }

  /** In a transaction whose scope decides what is seen. @throws Failure `not_found` */
  find(manager: EntityManager, id: VacancyId): Promise<Vacancy> {
    return this.#one(manager, { id });
  }

  async #one(
    manager: EntityManager,
    where: Partial<Pick<VacancyEntity, 'id' | 'agencyId' | 'mode' | 'status'>>,
  ): Promise<Vacancy> {
    const vacancy = await manager.getRepository(VacancyEntity).findOneBy(where);
    if (vacancy === null) throw new Failure('not_found');
    return (await this.#named(manager, [vacancy]))[0] ?? { ...vacancy, agencyName: '' };
  }

  async #page(
    scope: Scope,
    kind: string,
    order: 'publishedAt' | 'createdAt',
    { limit, cursor }: PageRequest,
    narrow: (select: Select) => Select,
  ): Promise<Page<Vacancy>> {
    return this.#database.run(scope, async (manager) => {
      const select = narrow(manager.getRepository(VacancyEntity).createQueryBuilder('v'));
      if (cursor !== undefined) {
        const [at = '', id = ''] = this.#cursors.decode(kind, cursor);
        const column = order === 'publishedAt' ? 'v.published_at' : 'v.created_at';
        select.andWhere(`(${column}, v.id) < (:at, :id)`, { at, id });
      }
      const found = await select
        .orderBy(`v.${order}`, 'DESC')
        .addOrderBy('v.id', 'DESC')
        .limit(limit + 1)
        .getMany();
      const items = found.slice(0, limit);
      const last = items.at(-1);
      const next =
        found.length > limit && last !== undefined ? [last[order]?.toISOString() ?? '', last.id] : undefined;
      return new Page(
        await this.#named(manager, items),
        next === undefined ? null : this.#cursors.encode(kind, next),
      );
    });
  }

  async #named(manager: EntityManager, vacancies: readonly VacancyEntity[]): Promise<readonly Vacancy[]> {
    const names = await this.#agencies.provenNames(
      manager,
      vacancies.map((vacancy): AgencyId => vacancy.agencyId),
    );
    return vacancies.map((vacancy) => ({ ...vacancy, agencyName: names.get(vacancy.agencyId) ?? '' }));
  }
}

/** Whether it belongs to an agency that is as we have made it; of any other not even the name is told. */
const isProven = ({ agencyName }: Vacancy): boolean => agencyName !== '';

function narrowed(select: Select, filter: VacancyFilter): Select {
  if (filter.q !== undefined) {
    select.andWhere(`v.search @@ websearch_to_tsquery('french', vacancies.plain(:q))`, { q: filter.q });
  }
  if (filter.openOn !== undefined) select.andWhere('v.deadline >= :openOn', { openOn: filter.openOn });
  if (filter.agency !== undefined) select.andWhere('v.agencyId = :agency', { agency: filter.agency });
  if (filter.department !== undefined)
    select.andWhere('v.department = :department', { department: filter.department });
  if (filter.category !== undefined) select.andWhere('v.category = :category', { category: filter.category });
  if (filter.contract !== undefined) select.andWhere('v.contract = :contract', { contract: filter.contract });
  if (filter.remote !== undefined) select.andWhere('v.remote = :remote', { remote: filter.remote });
  return select;
}
