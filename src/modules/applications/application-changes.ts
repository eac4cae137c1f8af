import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../kernel/clock.js';
import type { RequestContext } from '../../kernel/context.js';
import { Failure } from '../../kernel/errors.js';
import type { AgencyId } from '../../kernel/ids.js';
import { Ledger } from '../../ledger/index.js';
import { Notices } from '../identity/index.js';
import { ApplicationObservers } from './application-observers.js';
import { ApplicationRecords } from './application-records.js';
import { MovePreparation, type PreparedMove } from './move-preparation.js';
import type { Move } from './move.policy.js';
import type { ApplicationEntity } from './persistence/application.entity.js';
import { EventEntity } from './persistence/event.entity.js';

/**
 * The one way in which an application changes its state: by the table, once, with its entry, its event and its mail.
 * All that takes its time is prepared before the agency's clock is taken, which everybody else at the agency waits for.
 */
@Injectable()
export class ApplicationChanges {
  readonly #preparation: MovePreparation;
  readonly #records: ApplicationRecords;
  readonly #ledger: Ledger;
  readonly #notices: Notices;
  readonly #observers: ApplicationObservers;
  readonly #clock: Clock;

  constructor(
    preparation: MovePreparation,
    records: ApplicationRecords,
    ledger: Ledger,
    notices: Notices,
    observers: ApplicationObservers,
    clock: Clock,
  ) {
    this.#preparation = preparation;
    this.#records = records;
    this.#ledger = ledger;
    this.#notices = notices;
    this.#observers = observers;
    this.#clock = clock;
  }

  /** @throws Failure `transition_refused`, `invalid_request`, `deadline_passed`, `precondition_failed`: see below */
  async move(
    manager: EntityManager,
    context: RequestContext,
    application: ApplicationEntity,
    move: Move,
  ): Promise<ApplicationEntity> {
    return this.apply(manager, context, await this.#preparation.prepare(manager, application, move));
  }

  /**
   * @param frozen what is sent along, on submission
   * @throws Failure `precondition_failed` when somebody else was faster, `not_found` for an application that does not
   *   stand, `keys_unavailable`
   */
  async apply(
    manager: EntityManager,
    context: RequestContext,
    { application, transition, decision, answerBy, letter, eventId }: PreparedMove,
    frozen: Pick<ApplicationEntity, 'snapshot' | 'submittedAt'> = application,
  ): Promise<ApplicationEntity> {
    const { id, vacancyId, agencyId, candidateId } = application;
    const { from, to, by, action } = transition;
    await this.#records.require(context, manager, application);
    const at = await this.tick(manager, agencyId);
    const stamp = await this.#records.changed(context, manager, application, {
      ...application,
      status: to,
      answerBy,
    });
    const { snapshot, submittedAt } = frozen;
    const changed = {
      status: to,
      updatedAt: at,
      revision: application.revision + 1,
      answerBy,
      snapshot,
      submittedAt,
      ...stamp,
    };
    const [, affected]: [unknown, number] = await manager.query(
      `UPDATE applications.application
       SET status = $1, updated_at = $2, revision = $3, answer_by = $4, snapshot = $5, submitted_at = $6,
           record_revision = $7, mac = $8
       WHERE id = $9 AND revision = $10 AND status = $11`,
      [
        to,
        at,
        changed.revision,
        answerBy,
        snapshot,
        submittedAt,
        stamp.recordRevision,
        stamp.mac,
        id,
        application.revision,
        from,
      ],
    );
    if (affected !== 1) throw new Failure('precondition_failed');
    await manager
      .getRepository(EventEntity)
      .insert({ id: eventId, applicationId: id, candidateId, agencyId, at, from, to, by, decision });
    await this.#ledger.stage(manager, {
      action,
      context,
      resource: id,
      agency: agencyId,
      reason: to,
      subjects: [{ candidate: candidateId, application: id, fields: [] }],
    });
    if (letter !== undefined) await this.#notices.post(manager, letter);
    const { revision } = changed;
    await this.#observers.applicationChanged(manager, { id, vacancyId, agencyId, status: to, revision, at });
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
}
