import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../../kernel/clock.js';
import type { RequestContext } from '../../../kernel/context.js';
import { type CandidateId, newId } from '../../../kernel/ids.js';
import { ApplicationChanges } from '../application-changes.js';
import { ApplicationRecords } from '../application-records.js';
import { findTransition } from '../application.machine.js';
import { ApplicationObservers } from '../application-observers.js';
import { MovePreparation } from '../move-preparation.js';
import { ApplicationEntity } from '../persistence/application.entity.js';

/**
 * Takes a candidate out of their applications. Drafts go. What an agency knows of stays as a number among others: a
 * state and times, without a word of what was written, under the id of a candidate that there never was. The agency
 * sees that as a change like any other, and so learns that it has to erase what it has copied (GDPR art. 19).
 */
@Injectable()
export class ApplicationErasure {
  readonly #preparation: MovePreparation;
  readonly #changes: ApplicationChanges;
  readonly #records: ApplicationRecords;
  readonly #observers: ApplicationObservers;
  readonly #clock: Clock;

  constructor(
    preparation: MovePreparation,
    changes: ApplicationChanges,
    records: ApplicationRecords,
    observers: ApplicationObservers,
    clock: Clock,
  ) {
    this.#preparation = preparation;
    this.#changes = changes;
    this.#records = records;
    this.#observers = observers;
    this.#clock = clock;
  }

  async run(manager: EntityManager, context: RequestContext, candidateId: CandidateId): Promise<void> {
    const applications = manager.getRepository(ApplicationEntity);
    const own = await applications.find({ select: { agencyId: true }, where: { candidateId } });
    // In the order in which every change takes them: an agency's clock, then the rows.
    for (const agency of new Set(own.map(({ agencyId }) => agencyId).toSorted()))
      await this.#changes.tick(manager, agency);
    const locked = await applications.find({
      where: { candidateId },
      order: { id: 'ASC' },
      lock: { mode: 'pessimistic_write' },
    });
    for (const application of locked) {
      if (application.status === 'draft') await applications.delete({ id: application.id });
      else await this.#empty(manager, await this.#withdrawn(manager, context, application));
    }
  }

  /** Of somebody who had begun to write before the account was gone. */
  async removeLeftovers(manager: EntityManager, candidateId: CandidateId): Promise<void> {
    await manager.getRepository(ApplicationEntity).delete({ candidateId, status: 'draft' });
  }

  async #withdrawn(
    manager: EntityManager,
    context: RequestContext,
    application: ApplicationEntity,
  ): Promise<ApplicationEntity> {
    const [standing] = await this.#records.standing(context, manager, [application]);
    if (findTransition(application.status, 'withdrawn', 'candidate') === undefined) return application;
    // Whatever it was before somebody altered it, nothing is left of it and it is over.
    if (standing === undefined) return { ...application, status: 'withdrawn' };
    const withdrawal = this.#preparation.withoutWords(application, { to: 'withdrawn', by: 'candidate' });
    return this.#changes.apply(manager, context, withdrawal);
  }

  async #empty(manager: EntityManager, application: ApplicationEntity): Promise<void> {
    const { id, vacancyId, agencyId, status } = application;
    const at = await this.#changes.tick(manager, agencyId);
    const nobody = newId<'candidate'>(this.#clock.now().getTime());
    const revision = application.revision + 1;
    const stamp = await this.#records.ended(manager, { ...application, candidateId: nobody });
    await manager.query(
      `UPDATE applications.application
       SET candidate_id = $2, motivation = NULL, answers = NULL, snapshot = NULL, erased_at = $3, updated_at = $3,
           revision = $4, status = $5, record_revision = $6, mac = $7
       WHERE id = $1`,
      [id, nobody, at, revision, status, stamp.recordRevision, stamp.mac],
    );
    await manager.query(
      'UPDATE applications.event SET candidate_id = $2, decision = NULL WHERE application_id = $1',
      [id, nobody],
    );
    await this.#observers.applicationChanged(manager, {
      id,
      vacancyId,
      agencyId,
      status,
      revision,
      at,
      isErased: true,
    });
  }
}
