import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../kernel/clock.js';
import type { CandidateActor, RequestContext } from '../../kernel/context.js';
import { Failure, systemCode } from '../../kernel/errors.js';
import type { ApplicationId, CandidateId, DocumentId, VacancyId } from '../../kernel/ids.js';
import { type Action, Ledger } from '../../ledger/index.js';
import { Database } from '../../platform/database/database.js';
import { scopeOf } from '../../platform/database/scope.js';
import { requireRevision, type SeenRevisions } from '../../platform/http/index.js';
import { type Sealed, Sealer } from '../../sealing/index.js';
import { Attachments } from '../documents/index.js';
import { OpenVacancies, VacancyLookup } from '../vacancies/index.js';
import type { Answer } from './answer.js';
import { answerProblems } from './application.policy.js';
import { nextAttempt } from './attempts.policy.js';
import { newDraft } from './new-draft.js';
import { ApplicationReader, type OwnApplication } from './application-reader.js';
import { ApplicationRecords } from './application-records.js';
import { ApplicationEntity } from './persistence/application.entity.js';
import { ANSWERS, MOTIVATION } from './persistence/places.js';

type Candidate = RequestContext<CandidateActor>;

/** A merge patch (RFC 7396): left out stays, `null` empties. */
export interface DraftPatch {
  readonly motivation?: string | null;
  readonly answers?: readonly Answer[] | null;
  readonly documents?: readonly DocumentId[] | null;
}

const UNIQUE_VIOLATION = '23505';

/** What candidates do with their own applications before they are submitted. */
@Injectable()
export class OwnApplications {
  readonly #database: Database;
  readonly #sealer: Sealer;
  readonly #ledger: Ledger;
  readonly #vacancies: VacancyLookup;
  readonly #open: OpenVacancies;
  readonly #attachments: Attachments;
  readonly #reader: ApplicationReader;
  readonly #records: ApplicationRecords;
  readonly #clock: Clock;

  constructor(
    database: Database,
    sealer: Sealer,
    ledger: Ledger,
    vacancies: VacancyLookup,
    open: OpenVacancies,
    attachments: Attachments,
    reader: ApplicationReader,
    records: ApplicationRecords,
    clock: Clock,
  ) {
    this.#database = database;
    this.#sealer = sealer;
    this.#ledger = ledger;
    this.#vacancies = vacancies;
    this.#open = open;
    this.#attachments = attachments;
    this.#reader = reader;
    this.#records = records;
    this.#clock = clock;
  }

  /**
   * @param id the application's, where it is more than one of many
   * @throws Failure `not_found`, `vacancy_not_open`, `deadline_passed`, `application_exists`, `reapplication_refused`
   */
  async create(context: Candidate, vacancyId: VacancyId): Promise<OwnApplication> {
    const { candidateId } = context.actor;
    try {
      const application = await this.#database.run(scopeOf(context.actor), async (manager) => {
        const vacancy = await this.#open.find(context, manager, vacancyId, 'live');
        const attempt = await nextAttemptOf(manager, candidateId, vacancyId);
        const content = newDraft(candidateId, vacancy, attempt, this.#clock.now());
        const draft = { ...content, ...(await this.#records.underWay(content)) };
        await manager.getRepository(ApplicationEntity).insert(draft);
        await this.#record(manager, context, 'application.created', draft.id);
        return draft;
      });
      return await this.open(context, application);
    } catch (error) {
      if (systemCode(error) === UNIQUE_VIOLATION) throw new Failure('application_exists', { cause: error });
      throw error;
    }
  }

  /** @throws Failure `not_found` */
  async one(context: Candidate, id: ApplicationId): Promise<OwnApplication> {
    return this.open(context, await this.#find(context, id));
  }

  /** What one that was just changed says, read on the candidate's behalf. */
  open(context: Candidate, application: ApplicationEntity): Promise<OwnApplication> {
    return this.#reader.own(context, application);
  }

  /** Opens nothing. @throws Failure `not_found`, `precondition_failed`, `application_not_editable`, `invalid_request` */
  async change(
    context: Candidate,
    id: ApplicationId,
    revision: SeenRevisions,
    patch: DraftPatch,
  ): Promise<ApplicationEntity> {
    return this.#database.run(scopeOf(context.actor), async (manager) => {
      const draft = await this.#findDraft(manager, context, id, revision);
      const { questions } = await this.#vacancies.find(manager, draft.vacancyId);
      const fields = answerProblems(questions, patch.answers ?? []);
      if (fields.length > 0) throw new Failure('invalid_request', { fields });
      const position = { subject: draft.candidateId, row: draft.id };
      const columns = {
        motivation: await this.#merged(patch.motivation, draft.motivation, (text) =>
          this.#sealer.seal(MOTIVATION, position, text),
        ),
        answers: await this.#merged(patch.answers, draft.answers, (list) =>
          this.#sealer.seal(ANSWERS, position, list),
        ),
        updatedAt: this.#clock.now(),
        revision: draft.revision + 1,
      };
      const documents = patch.documents === null ? [] : patch.documents;
      if (documents !== undefined) await this.#attachments.hold(manager, draft.candidateId, documents);
      const { affected } = await manager
        .getRepository(ApplicationEntity)
        .update({ id, revision: draft.revision, status: 'draft' }, columns);
      if (affected !== 1) throw new Failure('precondition_failed');
      if (documents !== undefined) await this.#attachments.attach(manager, draft, documents);
      await this.#record(manager, context, 'application.changed', id);
      return { ...draft, ...columns };
    });
  }

  /** @throws Failure `not_found`, `precondition_failed`, `application_not_editable` */
  async remove(context: Candidate, id: ApplicationId, revision: SeenRevisions): Promise<void> {
    await this.#database.run(scopeOf(context.actor), async (manager) => {
      const draft = await this.#findDraft(manager, context, id, revision);
      const { affected } = await manager
        .getRepository(ApplicationEntity)
        .delete({ id, revision: draft.revision, status: 'draft' });
      if (affected !== 1) throw new Failure('precondition_failed');
      await this.#record(manager, context, 'application.deleted', id);
    });
  }

  #find(context: Candidate, id: ApplicationId): Promise<ApplicationEntity> {
    return this.#database.run(scopeOf(context.actor), (manager) => findOwn(manager, context, id));
  }

  async #findDraft(
    manager: EntityManager,
    context: Candidate,
    id: ApplicationId,
    revision: SeenRevisions,
  ): Promise<ApplicationEntity> {
    const draft = await findOwn(manager, context, id);
    requireRevision(draft.revision, revision);
    if (draft.status !== 'draft') throw new Failure('application_not_editable');
    return draft;
  }

  async #merged<T>(
    change: T | null | undefined,
    kept: Sealed<T> | null,
    seal: (value: T) => Promise<Sealed<T>>,
  ): Promise<Sealed<T> | null> {
    if (change === undefined) return kept;
    return change === null ? null : seal(change);
  }

  async #record(
    manager: EntityManager,
    context: Candidate,
    action: Action,
    id: ApplicationId,
  ): Promise<void> {
    const subjects = [{ candidate: context.actor.candidateId, application: id, fields: [] }];
    await this.#ledger.stage(manager, { action, context, resource: id, subjects });
  }
}

/** @throws Failure `application_exists`, `reapplication_refused` */
async function nextAttemptOf(
  manager: EntityManager,
  candidateId: CandidateId,
  vacancyId: VacancyId,
): Promise<number> {
  const earlier = await manager
    .getRepository(ApplicationEntity)
    .find({ select: { status: true }, where: { candidateId, vacancyId } });
  return nextAttempt(earlier.map(({ status }) => status));
}

/** @throws Failure `not_found` for one that is somebody else's, exactly as for one that does not exist */
export async function findOwn(
  manager: EntityManager,
  { actor }: Candidate,
  id: ApplicationId,
): Promise<ApplicationEntity> {
  const application = await manager
    .getRepository(ApplicationEntity)
    .findOneBy({ id, candidateId: actor.candidateId });
  if (application === null) throw new Failure('not_found');
  return application;
}
