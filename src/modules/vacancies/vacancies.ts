import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../kernel/clock.js';
import type { AgencyActor, RequestContext, SystemActor } from '../../kernel/context.js';
import { Failure } from '../../kernel/errors.js';
import { type AgencyId, newId, type VacancyId } from '../../kernel/ids.js';
import { type Action, Ledger, recordingMisses } from '../../ledger/index.js';
import { Database } from '../../platform/database/database.js';
import type { Scope } from '../../platform/database/scope.js';
import { requireRevision, type SeenRevisions } from '../../platform/http/index.js';
import { Agencies } from '../agencies/index.js';
import { VacancyEntity } from './persistence/vacancy.entity.js';
import { changeProblems } from './change-rules.js';
import { changed, drafted, type NewVacancy, type VacancyChanges } from './deadline.js';
import { SubmissionObservers } from './submission-observers.js';
import type { Vacancy, VacancyContent } from './vacancy.js';
import { afterMove, type VacancyMove } from './vacancy.machine.js';
import { contentProblems } from './vacancy.policy.js';

type Agency = RequestContext<AgencyActor>;

const ACTION_OF_MOVE = {
  publish: 'vacancy.published',
  close: 'vacancy.closed',
  archive: 'vacancy.archived',
} as const satisfies Record<VacancyMove, Action>;

/** What agencies do with their vacancies. */
@Injectable()
export class Vacancies {
  readonly #database: Database;
  readonly #agencies: Agencies;
  readonly #ledger: Ledger;
  readonly #clock: Clock;
  readonly #observers: SubmissionObservers;

  constructor(
    database: Database,
    agencies: Agencies,
    ledger: Ledger,
    clock: Clock,
    observers: SubmissionObservers,
  ) {
    this.#database = database;
    this.#agencies = agencies;
    this.#ledger = ledger;
    this.#clock = clock;
    this.#observers = observers;
  }

  /** @throws Failure `invalid_request` */
  create(context: Agency, wish: NewVacancy): Promise<Vacancy> {
    return this.#create(context, context.actor.agencyId, wish, scopeOfAgency(context.actor.agencyId));
  }

  /** For the demo: a vacancy that is published already. */
  async createPublished(
    context: RequestContext<SystemActor>,
    agencyId: AgencyId,
    wish: NewVacancy,
  ): Promise<Vacancy> {
    const scope: Scope = { kind: 'system' };
    const vacancy = await this.#create(context, agencyId, wish, scope);
    return this.#move(context, { id: vacancy.id, agencyId }, vacancy.revision, 'publish', scope);
  }

  /** @throws Failure `not_found`, `precondition_failed`, `invalid_request`, `conflict` once archived */
  async change(
    context: Agency,
    id: VacancyId,
    seen: SeenRevisions,
    changes: VacancyChanges,
  ): Promise<Vacancy> {
    const own = { id, agencyId: context.actor.agencyId };
    const draft = { action: 'vacancy.changed', context, resource: id } as const;
    const change = async (manager: EntityManager): Promise<Vacancy> => {
      const before = await findLocked(manager, own);
      requireRevision(before.revision, seen);
      if (before.status === 'archived') throw new Failure('conflict');
      const after = changed(contentOf(before), changes);
      const hasSubmissions = await this.#observers.hasSubmissions(manager, id);
      refuse([...contentProblems(after), ...changeProblems(before, after, hasSubmissions)]);
      const revision = before.revision + 1;
      await manager.getRepository(VacancyEntity).update(own, { ...columnsOf(after), revision });
      await this.#ledger.stage(manager, draft);
      return this.#present(manager, {
        ...before,
        ...columnsOf(after),
        revision,
      });
    };
    return recordingMisses(this.#ledger, draft, () =>
      this.#database.run(scopeOfAgency(own.agencyId), change),
    );
  }

  /** @throws Failure `not_found`, `precondition_failed`, `transition_refused`, `deadline_passed` */
  move(context: Agency, id: VacancyId, seen: SeenRevisions, move: VacancyMove): Promise<Vacancy> {
    const { agencyId } = context.actor;
    const draft = { action: ACTION_OF_MOVE[move], context, resource: id };
    return recordingMisses(this.#ledger, draft, () =>
      this.#move(context, { id, agencyId }, seen, move, scopeOfAgency(agencyId)),
    );
  }

  async #create(
    context: RequestContext,
    agencyId: AgencyId,
    wish: NewVacancy,
    scope: Scope,
  ): Promise<Vacancy> {
    const content = drafted(wish);
    refuse(contentProblems(content));
    const now = this.#clock.now();
    const draft = {
      ...columnsOf(content),
      id: newId<'vacancy'>(now.getTime()),
      agencyId,
      status: 'draft' as const,
      createdAt: now,
      publishedAt: null,
      revision: 1,
    };
    return this.#database.run(scope, async (manager) => {
      const vacancy = { ...draft, mode: await this.#agencies.mode(manager, agencyId) };
      await manager.getRepository(VacancyEntity).insert(vacancy);
      await this.#ledger.stage(manager, {
        action: 'vacancy.created',
        context,
        resource: vacancy.id,
        agency: agencyId,
      });
      return this.#present(manager, vacancy);
    });
  }

  async #move(
    context: RequestContext,
    own: OwnVacancy,
    seen: SeenRevisions,
    move: VacancyMove,
    scope: Scope,
  ): Promise<Vacancy> {
    const now = this.#clock.now();
    return this.#database.run(scope, async (manager) => {
      const before = await findLocked(manager, own);
      requireRevision(before.revision, seen);
      const status = afterMove(before.status, move);
      if (status === undefined) throw new Failure('transition_refused');
      if (move === 'publish' && before.deadline <= now) throw new Failure('deadline_passed');
      const publishedAt =
        move === 'publish'
          ? (before.publishedAt ?? now)
          : (before.publishedAt ?? (status === 'archived' ? now : null));
      await manager
        .getRepository(VacancyEntity)
        .update(own, { status, publishedAt, revision: before.revision + 1 });
      if (move === 'archive') await this.#observers.vacancyArchived(manager, context, own.id);
      await this.#ledger.stage(manager, {
        action: ACTION_OF_MOVE[move],
        context,
        resource: own.id,
        agency: before.agencyId,
      });
      return this.#present(manager, { ...before, status, publishedAt, revision: before.revision + 1 });
    });
  }

  async #present(manager: EntityManager, vacancy: VacancyEntity): Promise<Vacancy> {
    const names = await this.#agencies.names(manager, [vacancy.agencyId]);
    return { ...vacancy, agencyName: names.get(vacancy.agencyId) ?? '' };
  }
}

/** Which row, and whose: no statement names one without the other. */
type OwnVacancy = Pick<VacancyEntity, 'id' | 'agencyId'>;

const scopeOfAgency = (agencyId: AgencyId): Scope => ({ kind: 'agency', agencyId });

function contentOf(vacancy: VacancyEntity): VacancyContent {
  return {
    title: vacancy.title,
    description: vacancy.description,
    department: vacancy.department,
    category: vacancy.category,
    contract: vacancy.contract,
    remote: vacancy.remote,
    deadline: vacancy.deadline,
    timeZone: vacancy.timeZone,
    openings: vacancy.openings,
    questions: vacancy.questions,
    requiredDocuments: vacancy.requiredDocuments,
    anonymousReview: vacancy.anonymousReview,
  };
}

const columnsOf = (content: VacancyContent) => ({
  ...content,
  questions: [...content.questions],
  requiredDocuments: [...content.requiredDocuments],
});

/** Row-level security says the same once more. @throws Failure `not_found` for another's and for none */
async function findLocked(manager: EntityManager, own: OwnVacancy): Promise<VacancyEntity> {
  const vacancy = await manager
    .getRepository(VacancyEntity)
    .findOne({ where: own, lock: { mode: 'pessimistic_write' } });
  if (vacancy === null) throw new Failure('not_found');
  return vacancy;
}

function refuse(fields: ReturnType<typeof contentProblems>): void {
  if (fields.length > 0) throw new Failure('invalid_request', { fields });
}
