import { Injectable } from '@nestjs/common';
import { type EntityManager, In, MoreThan } from 'typeorm';
import { Clock } from '../../kernel/clock.js';
import { Failure } from '../../kernel/errors.js';
import type { VacancyId } from '../../kernel/ids.js';
import { Database } from '../../platform/database/database.js';
import { CursorCodec, cutPage, Page } from '../../platform/http/index.js';
import { Agencies } from '../agencies/index.js';
import { withAgencyNames } from './agency-names.js';
import { VacancyEntity } from './persistence/vacancy.entity.js';
import { countsOf, groupPostings, type VacancyCounts } from './posting-counts.js';
import { positionAt, positionOf, searchPostings, type VacancyFilter } from './posting-search.js';
import type { Vacancy } from './vacancy.js';

export interface PageRequest {
  readonly limit: number;
  readonly cursor?: string;
}

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

  /** Best first: those with all words in their title, then the others, each newest first. */
  list(filter: VacancyFilter, { limit, cursor }: PageRequest): Promise<Page<Vacancy>> {
    const kind = `vacancies/${JSON.stringify(filter)}`;
    const after = cursor === undefined ? undefined : positionAt(this.#cursors.decode(kind, cursor));
    return this.#database.run({ kind: 'public' }, async (manager) => {
      const hits = await searchPostings(manager, filter, this.#clock.now(), limit + 1, after);
      const { items, last } = cutPage(hits, limit);
      const shown = await this.#shown(
        manager,
        items.map(({ id }) => id),
      );
      return new Page(
        items.flatMap(({ id }) => shown.get(id) ?? []),
        this.#cursors.next(kind, last && [...positionOf(last)]),
      );
    });
  }

  /** How many the list has, and how many there would be for each other choice of one filter. */
  async counts(filter: VacancyFilter): Promise<VacancyCounts> {
    const groups = await this.#database.run({ kind: 'public' }, async (manager) => {
      const agencies = await this.#agencies.provenIds(manager);
      return groupPostings(manager, filter, this.#clock.now(), agencies);
    });
    return countsOf(groups, filter);
  }

  /** @throws Failure `not_found` for what is not shown to everyone, or not any more */
  one(id: VacancyId): Promise<Vacancy> {
    return this.#database.run({ kind: 'public' }, async (manager) => {
      const vacancy = (await this.#shown(manager, [id])).get(id);
      if (vacancy === undefined) throw new Failure('not_found');
      return vacancy;
    });
  }

  /** Those of them that everybody may see; of an agency that is not as we have made it not even the name is told. */
  async #shown(manager: EntityManager, ids: readonly VacancyId[]): Promise<ReadonlyMap<VacancyId, Vacancy>> {
    const open = { status: 'published', mode: 'live', deadline: MoreThan(this.#clock.now()) } as const;
    const found = await manager.getRepository(VacancyEntity).findBy({ id: In([...ids]), ...open });
    const named = await withAgencyNames(this.#agencies, manager, found);
    return new Map(named.filter(({ agencyName }) => agencyName !== '').map((one) => [one.id, one]));
  }
}
