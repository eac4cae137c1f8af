import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../../kernel/clock.js';
import type { AgencyActor, RequestContext, SystemActor } from '../../../kernel/context.js';
import { Failure } from '../../../kernel/errors.js';
import { type ApplicationId, type CandidateId, newId, type VacancyId } from '../../../kernel/ids.js';
import { Ledger, recordingMisses } from '../../../ledger/index.js';
import { Database } from '../../../platform/database/database.js';
import { requireRevision, type SeenRevisions } from '../../../platform/http/index.js';
import { Sealer, SubjectKeys } from '../../../sealing/index.js';
import { AgencyModes } from '../../agencies/index.js';
import type { Snapshot } from '../../candidates/index.js';
import { OpenVacancies } from '../../vacancies/index.js';
import type { Answer } from '../answer.js';
import { ApplicationChanges } from '../application-changes.js';
import { ApplicationRecords } from '../application-records.js';
import { answerProblems } from '../application.policy.js';
import { MovePreparation } from '../move-preparation.js';
import { newDraft } from '../new-draft.js';
import { ApplicationEntity } from '../persistence/application.entity.js';
import { ANSWERS, MOTIVATION, SNAPSHOT } from '../persistence/places.js';
import { type ReceivedApplication, ReceivedApplications } from '../received-applications.js';
import type { CandidateMove } from '../submissions.js';

type Agency = RequestContext<AgencyActor>;

/** What a candidate who does not exist would have written. */
export interface SyntheticApplication {
  readonly snapshot: Snapshot;
  readonly motivation: string;
  readonly answers: readonly Answer[];
}

/** A sandbox's applications: what a candidate would do is done by whoever builds an integration. */
@Injectable()
export class SandboxApplications {
  readonly #database: Database;
  readonly #modes: AgencyModes;
  readonly #vacancies: OpenVacancies;
  readonly #keys: SubjectKeys;
  readonly #sealer: Sealer;
  readonly #preparation: MovePreparation;
  readonly #changes: ApplicationChanges;
  readonly #records: ApplicationRecords;
  readonly #received: ReceivedApplications;
  readonly #ledger: Ledger;
  readonly #clock: Clock;

  constructor(
    database: Database,
    modes: AgencyModes,
    vacancies: OpenVacancies,
    keys: SubjectKeys,
    sealer: Sealer,
    preparation: MovePreparation,
    changes: ApplicationChanges,
    records: ApplicationRecords,
    received: ReceivedApplications,
    ledger: Ledger,
    clock: Clock,
  ) {
    this.#database = database;
    this.#modes = modes;
    this.#vacancies = vacancies;
    this.#keys = keys;
    this.#sealer = sealer;
    this.#preparation = preparation;
    this.#changes = changes;
    this.#records = records;
    this.#received = received;
    this.#ledger = ledger;
    this.#clock = clock;
  }

  /**
   * Submits an application in the name of nobody: a candidate without account or profile.
   * @throws Failure `not_found` for a vacancy of no sandbox, `vacancy_not_open`, `deadline_passed`, `invalid_request` for bad answers
   */
  async submit(
    context: RequestContext<SystemActor>,
    vacancyId: VacancyId,
    written: SyntheticApplication,
  ): Promise<ApplicationId> {
    const now = this.#clock.now();
    const candidateId = newId<'candidate'>(now.getTime());
    return this.#database.run({ kind: 'system' }, async (manager) => {
      const { vacancy, at } = await this.#vacancies.hold(context, manager, vacancyId, 'sandbox');
      const fields = answerProblems(vacancy.questions, written.answers);
      if (fields.length > 0) throw new Failure('invalid_request', { fields });
      await this.#keys.create(candidateId);
      const draft = newDraft(candidateId, vacancy, 1, now);
      const { snapshot, ...sealed } = await this.#sealed(candidateId, draft.id, written);
      const application = { ...draft, ...sealed, ...(await this.#records.underWay(draft)) };
      await manager.getRepository(ApplicationEntity).insert(application);
      const move = await this.#preparation.prepare(manager, application, {
        to: 'submitted',
        by: 'candidate',
      });
      await this.#changes.apply(manager, context, move, { snapshot, submittedAt: at });
      return application.id;
    });
  }

  /**
   * What the candidate would do: accept or decline an offer, withdraw.
   * @throws Failure `not_found` for an application that is not the sandbox's, `precondition_failed`,
   *   `transition_refused`, `deadline_passed`
   */
  async move(
    context: Agency,
    id: ApplicationId,
    revision: SeenRevisions,
    to: CandidateMove,
  ): Promise<ReceivedApplication> {
    const { agencyId } = context.actor;
    const action = to === 'withdrawn' ? 'application.withdrawn' : 'application.transitioned';
    const moved = await recordingMisses(this.#ledger, { action, context, resource: id }, () =>
      this.#database.run({ kind: 'agency', agencyId }, async (manager) => {
        await this.#modes.require(context, manager, agencyId, 'sandbox');
        const application = await findSynthetic(manager, context, id);
        requireRevision(application.revision, revision);
        return this.#changes.move(manager, context, application, { to, by: 'candidate' });
      }),
    );
    return this.#received.present(moved);
  }

  async #sealed(
    subject: CandidateId,
    row: ApplicationId,
    { motivation, answers, snapshot }: SyntheticApplication,
  ): Promise<Pick<ApplicationEntity, 'motivation' | 'answers' | 'snapshot'>> {
    const position = { subject, row };
    return {
      motivation: await this.#sealer.seal(MOTIVATION, position, motivation),
      answers: await this.#sealer.seal(ANSWERS, position, answers),
      snapshot: await this.#sealer.seal(SNAPSHOT, position, { ...snapshot }),
    };
  }
}

async function findSynthetic(
  manager: EntityManager,
  { actor }: Agency,
  id: ApplicationId,
): Promise<ApplicationEntity> {
  const application = await manager
    .getRepository(ApplicationEntity)
    .findOneBy({ id, agencyId: actor.agencyId, mode: 'sandbox' });
  if (application === null) throw new Failure('not_found');
  return application;
}
