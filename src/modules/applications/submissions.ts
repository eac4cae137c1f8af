import { Injectable } from '@nestjs/common';
import type { CandidateActor, RequestContext } from '../../kernel/context.js';
import { Failure, type FieldError } from '../../kernel/errors.js';
import type { ApplicationId } from '../../kernel/ids.js';
import { Database } from '../../platform/database/database.js';
import { scopeOf } from '../../platform/database/scope.js';
import { requireRevision, type SeenRevisions } from '../../platform/http/index.js';
import { Sealer } from '../../sealing/index.js';
import { ProfileSnapshots, type TakenSnapshot } from '../candidates/index.js';
import { Attachments } from '../documents/index.js';
import { OpenVacancies } from '../vacancies/index.js';
import { ApplicationChanges } from './application-changes.js';
import { ApplicationReader, type OwnApplication, type TimelineEntry } from './application-reader.js';
import { applicationGaps } from './application.policy.js';
import { MovePreparation } from './move-preparation.js';
import { findOwn } from './own-applications.js';
import type { ApplicationEntity } from './persistence/application.entity.js';
import { SNAPSHOT } from './persistence/places.js';

type Candidate = RequestContext<CandidateActor>;
/** What a candidate can do to an application that the agency knows. */
export type CandidateMove = 'withdrawn' | 'accepted' | 'declined';

/** From the draft on: submitting, and what candidates may do afterwards. */
@Injectable()
export class Submissions {
  readonly #database: Database;
  readonly #sealer: Sealer;
  readonly #profiles: ProfileSnapshots;
  readonly #attachments: Attachments;
  readonly #vacancies: OpenVacancies;
  readonly #preparation: MovePreparation;
  readonly #changes: ApplicationChanges;
  readonly #reader: ApplicationReader;

  constructor(
    database: Database,
    sealer: Sealer,
    profiles: ProfileSnapshots,
    attachments: Attachments,
    vacancies: OpenVacancies,
    preparation: MovePreparation,
    changes: ApplicationChanges,
    reader: ApplicationReader,
  ) {
    this.#database = database;
    this.#sealer = sealer;
    this.#profiles = profiles;
    this.#attachments = attachments;
    this.#vacancies = vacancies;
    this.#preparation = preparation;
    this.#changes = changes;
    this.#reader = reader;
  }

  /**
   * What keeps a draft from being submitted, named: its own gaps first, then the profile's, below `/profile`.
   * @throws Failure as `submit` does, but for `application_incomplete`
   */
  async gaps(context: Candidate, id: ApplicationId): Promise<readonly FieldError[]> {
    const { draft, written, profile } = await this.#open(context, id, 'any');
    const vacancy = await this.#database.run(scopeOf(context.actor), (manager) =>
      this.#vacancies.find(context, manager, draft.vacancyId, 'live'),
    );
    return [...applicationGaps(vacancy, written), ...profile.gaps];
  }

  /**
   * Freezes the profile as it is now and hands the application to the agency.
   * @throws Failure `application_incomplete` listing every gap, `deadline_passed`, `vacancy_not_open`,
   *   `document_quarantined`, `transition_refused`, `precondition_failed`, `not_found`
   */
  async submit(context: Candidate, id: ApplicationId, revision: SeenRevisions): Promise<OwnApplication> {
    const scope = scopeOf(context.actor);
    const { draft, written, profile } = await this.#open(context, id, revision);
    const submitted = await this.#database.run(scope, async (manager) => {
      const documents = await this.#attachments.sending(manager, context, id);
      const position = { subject: draft.candidateId, row: draft.id };
      const snapshot = await this.#sealer.seal(SNAPSHOT, position, { ...profile.snapshot, documents });
      const move = await this.#preparation.prepare(manager, draft, { to: 'submitted', by: 'candidate' });
      const { vacancy, at } = await this.#vacancies.hold(context, manager, draft.vacancyId, 'live');
      const fields = [...applicationGaps(vacancy, written), ...profile.gaps];
      if (fields.length > 0) throw new Failure('application_incomplete', { fields });
      return this.#changes.apply(manager, context, move, { snapshot, submittedAt: at });
    });
    return { ...written, application: submitted };
  }

  /** @throws Failure `not_found`, `precondition_failed`, `transition_refused`, `deadline_passed` for a late answer */
  async move(
    context: Candidate,
    id: ApplicationId,
    revision: SeenRevisions,
    to: CandidateMove,
  ): Promise<OwnApplication> {
    const scope = scopeOf(context.actor);
    const application = await this.#database.run(scope, (manager) => findOwn(manager, context, id));
    requireRevision(application.revision, revision);
    const written = await this.#reader.own(context, application);
    const moved = await this.#database.run(scope, (manager) =>
      this.#changes.move(manager, context, application, { to, by: 'candidate' }),
    );
    return { ...written, application: moved };
  }

  /** @throws Failure `not_found`, `precondition_failed`, `application_not_editable` */
  async #open(
    context: Candidate,
    id: ApplicationId,
    revision: SeenRevisions,
  ): Promise<{ draft: ApplicationEntity; written: OwnApplication; profile: TakenSnapshot }> {
    const draft = await this.#database.run(scopeOf(context.actor), (manager) =>
      findOwn(manager, context, id),
    );
    requireRevision(draft.revision, revision);
    if (draft.status !== 'draft') throw new Failure('application_not_editable');
    const [written, profile] = await Promise.all([
      this.#reader.own(context, draft),
      this.#profiles.take(context),
    ]);
    return { draft, written, profile };
  }

  /** @throws Failure `not_found` */
  async timeline(context: Candidate, id: ApplicationId): Promise<readonly TimelineEntry[]> {
    const scope = scopeOf(context.actor);
    const application = await this.#database.run(scope, (manager) => findOwn(manager, context, id));
    return this.#reader.timeline(context, application);
  }
}
