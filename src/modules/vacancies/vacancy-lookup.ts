import { Injectable } from '@nestjs/common';
import { type EntityManager, In } from 'typeorm';
import type { AgencyActor, RequestContext } from '../../kernel/context.js';
import { Failure } from '../../kernel/errors.js';
import type { VacancyId } from '../../kernel/ids.js';
import { Ledger, recordingMisses } from '../../ledger/index.js';
import { Database } from '../../platform/database/database.js';
import { CursorCodec, cutPage, Page } from '../../platform/http/index.js';
import { Agencies } from '../agencies/index.js';
import { withAgencyNames } from './agency-names.js';
import { FIRST_PAGE, NEXT_PAGE, type OwnRow } from './persistence/own-page.js';
import { VacancyEntity } from './persistence/vacancy.entity.js';
import type { PageRequest } from './public-vacancies.js';
import type { Vacancy } from './vacancy.js';

/** Finds vacancies by their id or their agency. */
@Injectable()
export class VacancyLookup {
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

  /** The agency's own, newest first. */
  async own({ actor }: RequestContext<AgencyActor>, { limit, cursor }: PageRequest): Promise<Page<Vacancy>> {
    const { agencyId } = actor;
    const kind = `agency/${agencyId}/vacancies`;
    const after = cursor === undefined ? [] : this.#cursors.decode(kind, cursor);
    const found = await this.#database.read<OwnRow>(
      { kind: 'agency', agencyId },
      after.length === 0 ? FIRST_PAGE : NEXT_PAGE,
      [agencyId, limit + 1, ...after],
    );
    const { items, last } = cutPage(found, limit);
    return new Page(
      await this.#named(items),
      this.#cursors.next(kind, last && [last.createdAt.toISOString(), last.id]),
    );
  }

  /** All of one agency, whose name stands there as far as its mode is what we have given it. */
  async #named(rows: readonly OwnRow[]): Promise<readonly Vacancy[]> {
    const [first] = rows;
    if (first === undefined) return [];
    const { agencyId: id, agencyName: name, mode, modeMac } = first;
    const agencyName = await this.#agencies.provenName({ id, name, mode, modeMac });
    return rows.map(({ modeMac: _mac, ...vacancy }) => ({ ...vacancy, agencyName }));
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

  /** Those of them that the transaction's scope sees. */
  async many(manager: EntityManager, ids: readonly VacancyId[]): Promise<ReadonlyMap<VacancyId, Vacancy>> {
    const found = await manager.getRepository(VacancyEntity).findBy({ id: In([...new Set(ids)]) });
    const named = await withAgencyNames(this.#agencies, manager, found);
    return new Map(named.map((vacancy) => [vacancy.id, vacancy]));
  }

  /** One, as it stays until the transaction ends: whoever would change it waits. @throws Failure `not_found` */
  hold(manager: EntityManager, id: VacancyId): Promise<Vacancy> {
    return this.#one(manager, { id }, { mode: 'pessimistic_read' });
  }

  async #one(
    manager: EntityManager,
    where: Partial<Pick<VacancyEntity, 'id' | 'agencyId'>>,
    lock?: { readonly mode: 'pessimistic_read' },
  ): Promise<Vacancy> {
    const vacancy = await manager
      .getRepository(VacancyEntity)
      .findOne({ where, ...(lock === undefined ? {} : { lock }) });
    if (vacancy === null) throw new Failure('not_found');
    const [named] = await withAgencyNames(this.#agencies, manager, [vacancy]);
    return named ?? { ...vacancy, agencyName: '' };
  }
}
