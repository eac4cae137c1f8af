import { Injectable } from '@nestjs/common';
import type { EntityManager, SelectQueryBuilder } from 'typeorm';
import type { AgencyActor, RequestContext } from '../../kernel/context.js';
import { Failure } from '../../kernel/errors.js';
import { Ledger, LedgerEpoch } from '../../ledger/index.js';
import { Database } from '../../platform/database/database.js';
import { scopeOf } from '../../platform/database/scope.js';
import { CursorCodec, cutPage, Page, ResumablePage } from '../../platform/http/index.js';
import { ApplicationRecords } from './application-records.js';
import type { ApplicationStatus } from './application.machine.js';
import { ApplicationEntity } from './persistence/application.entity.js';
import { type ReceivedApplication, ReceivedApplications } from './received-applications.js';

type Agency = RequestContext<AgencyActor>;
type Select = SelectQueryBuilder<ApplicationEntity>;

export interface ReceivedFilter {
  readonly vacancy?: string;
  readonly status?: ApplicationStatus;
}

export interface ChangesSince {
  readonly vacancy?: string;
  /** Changes after this moment, exclusively; a cursor says better where it goes on. */
  readonly updatedSince?: string;
}

interface ReceivedPage {
  readonly items: ReceivedApplication[];
  readonly reached: ApplicationEntity | undefined;
  readonly last: ApplicationEntity | undefined;
}

interface PageRequest {
  readonly limit: number;
  readonly cursor?: string;
}

/** What an agency sees of its applications without any disclosure: pages of them, their changes, their number. */
@Injectable()
export class ReceivedLists {
  readonly #database: Database;
  readonly #ledger: Ledger;
  readonly #epoch: LedgerEpoch;
  readonly #cursors: CursorCodec;
  readonly #received: ReceivedApplications;
  readonly #records: ApplicationRecords;

  constructor(
    database: Database,
    ledger: Ledger,
    epoch: LedgerEpoch,
    cursors: CursorCodec,
    received: ReceivedApplications,
    records: ApplicationRecords,
  ) {
    this.#database = database;
    this.#ledger = ledger;
    this.#epoch = epoch;
    this.#cursors = cursors;
    this.#received = received;
    this.#records = records;
  }

  /** The last submitted first. @throws Failure `invalid_cursor` */
  async newest(
    context: Agency,
    { vacancy, status }: ReceivedFilter,
    { limit, cursor }: PageRequest,
  ): Promise<Page<ReceivedApplication>> {
    const kind = `agency/${context.actor.agencyId}/applications/${vacancy ?? ''}/${status ?? ''}`;
    const [at, id] = cursor === undefined ? [] : this.#cursors.decode(kind, cursor);
    const { items, last } = await this.#page(context, vacancy, limit, (select) => {
      if (status !== undefined) select.andWhere('a.status = :status', { status });
      if (at !== undefined) select.andWhere('(a.submitted_at, a.id) < (:at, :id)', { at, id });
      return select.orderBy('a.submittedAt', 'DESC').addOrderBy('a.id', 'DESC');
    });
    const position = last && [last.submittedAt?.toISOString() ?? '', last.id];
    return new Page(items, this.#cursors.next(kind, position));
  }

  /**
   * Oldest change first: along the cursors each version of an application appears at most once, and its last one
   * always. `updated_at` rises per agency in the order in which changes become visible (see `ApplicationChanges.tick`;
   * the database refuses any other), so whatever is committed later has its place after every page that was given.
   * @throws Failure `invalid_cursor`; `cursor_expired` for one from before a backup was restored
   */
  async changes(
    context: Agency,
    { vacancy, updatedSince }: ChangesSince,
    { limit, cursor }: PageRequest,
  ): Promise<ResumablePage<ReceivedApplication>> {
    const kind = `agency/${context.actor.agencyId}/application-changes/${vacancy ?? ''}`;
    const epoch = String(await this.#epoch.current());
    const [since, of] =
      cursor === undefined ? [updatedSince ?? '', epoch] : this.#cursors.decode(kind, cursor);
    if (of !== epoch) throw new Failure('cursor_expired');
    const { items, last, reached } = await this.#page(context, vacancy, limit, (select) => {
      if (since !== '') select.andWhere('a.updated_at > :since', { since });
      return select.orderBy('a.updatedAt', 'ASC');
    });
    const position = this.#cursors.encode(kind, [reached?.updatedAt.toISOString() ?? since ?? '', epoch]);
    return new ResumablePage(items, last === undefined ? null : position, position);
  }

  /** How many there are in each state; nothing of whose they are. */
  async counts(context: Agency, vacancy?: string): Promise<ReadonlyMap<ApplicationStatus, number>> {
    await this.#record(context);
    return this.#database.run(scopeOf(context.actor), async (manager) => {
      const rows = await this.#select(manager, context, vacancy)
        .select('a.status', 'status')
        .addSelect('count(*)::integer', 'count')
        .groupBy('a.status')
        .getRawMany<{ status: ApplicationStatus; count: number }>();
      return new Map(rows.map(({ status, count }) => [status, count]));
    });
  }

  /** @returns what stands on the page, the last row of it, and that once more when there are others after it */
  async #page(
    context: Agency,
    vacancy: string | undefined,
    limit: number,
    ordered: (select: Select) => Select,
  ): Promise<ReceivedPage> {
    await this.#record(context);
    const rows = await this.#database.run(scopeOf(context.actor), (manager) =>
      ordered(this.#select(manager, context, vacancy))
        .limit(limit + 1)
        .getMany(),
    );
    const { items: page, last } = cutPage(rows, limit);
    const genuine = await this.#records.genuine(context, page);
    const items = await Promise.all(genuine.map((application) => this.#received.present(application)));
    return { items, reached: page.at(-1), last };
  }

  #record(context: Agency): Promise<unknown> {
    return this.#ledger.append({ action: 'application.listed', context }, 'staged');
  }

  /** Row-level security says the same once more; the index needs to be told. */
  #select(manager: EntityManager, { actor }: Agency, vacancy: string | undefined): Select {
    const select = manager
      .getRepository(ApplicationEntity)
      .createQueryBuilder('a')
      .where(`a.agencyId = :agency AND a.status <> 'draft'`, { agency: actor.agencyId });
    return vacancy === undefined ? select : select.andWhere('a.vacancyId = :vacancy', { vacancy });
  }
}
