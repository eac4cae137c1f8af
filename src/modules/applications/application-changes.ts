import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../kernel/clock.js';
import type { RequestContext } from '../../kernel/context.js';
import { Failure } from '../../kernel/errors.js';
import { type AccountId, type AgencyId, newId } from '../../kernel/ids.js';
import { Ledger } from '../../ledger/index.js';
import { Settings } from '../../platform/config/settings.js';
import { Sealer } from '../../sealing/index.js';
import { Notices } from '../identity/index.js';
import { VacancySearch } from '../vacancies/index.js';
import { ApplicationObservers } from './application-observers.js';
import {
  type ApplicationStatus,
  findTransition,
  type Mover,
  nextStatuses,
  type Reason,
} from './application.machine.js';
import { ApplicationEntity } from './persistence/application.entity.js';
import { EventEntity } from './persistence/event.entity.js';
import { NOTE } from './persistence/places.js';

export interface Move {
  readonly to: ApplicationStatus;
  readonly by: Mover;
  readonly reason?: Reason;
  /** For the candidate's eyes, sealed. */
  readonly publicNote?: string;
}

/** The one way in which an application changes its state: by the table, once, with its entry, its event and its mail. */
@Injectable()
export class ApplicationChanges {
  readonly #sealer: Sealer;
  readonly #ledger: Ledger;
  readonly #notices: Notices;
  readonly #vacancies: VacancySearch;
  readonly #observers: ApplicationObservers;
  readonly #clock: Clock;
  readonly #publicUrl: string;

  constructor(
    sealer: Sealer,
    ledger: Ledger,
    notices: Notices,
    vacancies: VacancySearch,
    observers: ApplicationObservers,
    clock: Clock,
    settings: Settings,
  ) {
    this.#sealer = sealer;
    this.#ledger = ledger;
    this.#notices = notices;
    this.#vacancies = vacancies;
    this.#observers = observers;
    this.#clock = clock;
    this.#publicUrl = settings.publicUrl;
  }

  /**
   * @param extra columns that change along with the state, on submission
   * @throws Failure `transition_refused` naming the allowed ones, `invalid_request` without a reason that is needed,
   *   `precondition_failed` when somebody else was faster
   */
  async move(
    manager: EntityManager,
    context: RequestContext,
    application: ApplicationEntity,
    move: Move,
    extra: Pick<ApplicationEntity, 'snapshot' | 'submittedAt'> = application,
  ): Promise<ApplicationEntity> {
    const transition = findTransition(application.status, move.to, move.by);
    if (transition === undefined) throw refusedTransition(application.status, move.by);
    if (transition.needsReason && move.reason === undefined) throw missingReason();
    const at = await this.tick(manager, application.agencyId);
    const { snapshot, submittedAt } = extra;
    const changed = {
      status: move.to,
      updatedAt: at,
      revision: application.revision + 1,
      snapshot,
      submittedAt,
    };
    const [, affected]: [unknown, number] = await manager.query(
      `UPDATE applications.application
       SET status = $1, updated_at = $2, revision = $3, snapshot = $4, submitted_at = $5
       WHERE id = $6 AND revision = $7 AND status = $8`,
      [
        move.to,
        at,
        changed.revision,
        snapshot,
        submittedAt,
        application.id,
        application.revision,
        application.status,
      ],
    );
    if (affected !== 1) throw new Failure('precondition_failed');
    await this.#remember(manager, application, move, at);
    await this.#ledger.stage(manager, {
      action: transition.action,
      context,
      resource: application.id,
      agency: application.agencyId,
      reason: move.to,
      subjects: [{ candidate: application.candidateId, application: application.id, fields: [] }],
    });
    // Nobody is behind a synthetic candidate.
    if (transition.tellsCandidate && application.mode === 'live')
      await this.#tell(manager, application, move.to);
    const { id, vacancyId, agencyId } = application;
    const { status, revision } = changed;
    await this.#observers.applicationChanged(manager, { id, vacancyId, agencyId, status, revision, at });
    return { ...application, ...changed };
  }

  /**
   * The moment of a change, later than that of every earlier change of the same agency. The row stays locked until
   * the transaction ends, so that moments rise in the order in which changes become visible.
   */
  async tick(manager: EntityManager, agencyId: AgencyId): Promise<Date> {
    const rows: { last: Date }[] = await manager.query(
      `INSERT INTO applications.agency_clock AS c (agency_id, last) VALUES ($1, $2)
       ON CONFLICT (agency_id) DO UPDATE SET last = greatest(excluded.last, c.last + interval '1 millisecond')
       RETURNING last`,
      [agencyId, this.#clock.now()],
    );
    const [row] = rows;
    if (row === undefined) throw new Error('The statement returns its row.');
    return row.last;
  }

  async #remember(
    manager: EntityManager,
    application: ApplicationEntity,
    move: Move,
    at: Date,
  ): Promise<void> {
    const id = newId<'event'>(at.getTime());
    const position = { subject: application.candidateId, row: id };
    await manager.getRepository(EventEntity).insert({
      id,
      applicationId: application.id,
      candidateId: application.candidateId,
      agencyId: application.agencyId,
      at,
      from: application.status,
      to: move.to,
      by: move.by,
      reason: move.reason ?? null,
      note: move.publicNote === undefined ? null : await this.#sealer.seal(NOTE, position, move.publicNote),
    });
  }

  async #tell(
    manager: EntityManager,
    application: ApplicationEntity,
    status: ApplicationStatus,
  ): Promise<void> {
    const vacancy = await this.#vacancies.find(manager, application.vacancyId);
    const link = `${this.#publicUrl}/v1/me/applications/${application.id}/timeline`;
    const account: string = application.candidateId;
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a candidate has the id of their account
    const accountId = account as AccountId;
    await this.#notices.tell(manager, accountId, {
      kind: 'application_changed',
      vacancy: vacancy.title,
      status,
      link,
    });
  }
}

function refusedTransition(from: ApplicationStatus, by: Mover): Failure {
  const allowed = nextStatuses(from, by).join(', ');
  return new Failure('transition_refused', {
    detail:
      allowed === ''
        ? { en: `Nothing can be done from “${from}”.`, fr: `Rien n'est possible depuis « ${from} ».` }
        : {
            en: `From “${from}” you can go to: ${allowed}.`,
            fr: `Depuis « ${from} », les suites possibles sont : ${allowed}.`,
          },
  });
}

function missingReason(): Failure {
  return new Failure('invalid_request', {
    fields: [{ pointer: '/reason', code: 'required', detail: { en: 'Say why.', fr: 'Indiquez le motif.' } }],
  });
}
