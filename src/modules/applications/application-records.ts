import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { RequestContext } from '../../kernel/context.js';
import { Failure } from '../../kernel/errors.js';
import type { ApplicationId } from '../../kernel/ids.js';
import { RowMacs, type SecurityRecord, UNNOTED } from '../../sealing/index.js';
import {
  KeptRecords,
  type RecordRows,
  type RecordTable,
  StandingRecords,
} from '../security-records/index.js';
import { isOver } from './application.machine.js';
import { ApplicationEntity } from './persistence/application.entity.js';
import { ApplicationRecordEntity, type Decisive } from './persistence/application-record.entity.js';

/** What makes an application's row one that we have written. */
export type ApplicationStamp = Pick<ApplicationEntity, 'recordRevision' | 'mac'>;

const TABLE: RecordTable<Decisive> = {
  kind: 'applications_application',
  columns: (application) => [
    ['candidate_id', application.candidateId],
    ['vacancy_id', application.vacancyId],
    ['agency_id', application.agencyId],
    ['mode', application.mode],
    ['status', application.status],
    ['anonymous_review', String(application.anonymousReview)],
    ['answer_by', application.answerBy],
  ],
};

const ROWS: RecordRows<ApplicationRecordEntity> = {
  called: 'applications',
  coversSealed: false,
  table: TABLE,
  entity: ApplicationRecordEntity,
};

/**
 * Applications as security records: whose one is, where it was sent and how far it has come decide who reads it and how
 * much, so a row in which somebody has changed that counts for nothing, and that is alerted. The key store has the
 * revision of those that have ended, so that none of them opens again; one under way has its MAC alone.
 */
@Injectable()
export class ApplicationRecords {
  readonly #records: StandingRecords;
  readonly #macs: RowMacs;

  constructor(records: StandingRecords, macs: RowMacs, kept: KeptRecords) {
    this.#records = records;
    this.#macs = macs;
    kept.add(ROWS);
  }

  /** What the row of an application under way carries. @throws Failure `keys_unavailable` */
  async underWay(content: Decisive): Promise<ApplicationStamp> {
    return { recordRevision: UNNOTED, mac: await this.#macs.mac(recordOf(content, UNNOTED)) };
  }

  /**
   * What the row of one that has ended carries, in a transaction that holds its lock and has seen whether it stood.
   * @throws Failure `keys_unavailable`, upon which the transaction must fail
   */
  async ended(manager: EntityManager, content: Decisive): Promise<ApplicationStamp> {
    const { revision, mac } = await this.#records.stamp(manager, TABLE, content);
    return { recordRevision: revision, mac };
  }

  /**
   * What a row carries after a change, in the transaction that makes it.
   * @param before as `require` has let it pass
   * @throws Failure `precondition_failed` when somebody else was faster, `not_found`, `keys_unavailable`
   */
  async changed(
    context: RequestContext,
    manager: EntityManager,
    before: ApplicationEntity,
    after: Decisive,
  ): Promise<ApplicationStamp> {
    if (!isOver(after.status) && before.recordRevision === UNNOTED) return this.underWay(after);
    const locked = await manager
      .getRepository(ApplicationEntity)
      .findOne({ where: { id: before.id }, lock: { mode: 'pessimistic_write' } });
    if (locked?.revision !== before.revision) throw new Failure('precondition_failed');
    await this.require(context, manager, locked);
    return this.ended(manager, after);
  }

  /** Those that we have written, though perhaps not last: enough to list them. @throws Failure `keys_unavailable` */
  async genuine(
    context: RequestContext,
    applications: readonly ApplicationEntity[],
  ): Promise<readonly ApplicationEntity[]> {
    const checked = await Promise.all(
      applications.map((row) => this.#macs.isGenuine(recordOf(row, row.recordRevision), row.mac)),
    );
    const genuine: ApplicationEntity[] = [];
    for (const [at, application] of applications.entries())
      if (checked[at] === true) genuine.push(application);
      else await this.#records.refuse(context, TABLE.kind, application.id, 'forged');
    return genuine;
  }

  /**
   * How many of these rows of one agency we have written; where there are others, one of them is told.
   * @throws Failure `keys_unavailable`, `ledger_unavailable`
   */
  async countGenuine(context: RequestContext, rows: readonly ApplicationRecordEntity[]): Promise<number> {
    const checked = await Promise.all(
      rows.map((row) => this.#macs.isGenuine(recordOf(row, row.revision), row.mac)),
    );
    const forged = rows[checked.indexOf(false)];
    if (forged !== undefined) await this.#records.refuse(context, TABLE.kind, forged.id, 'forged');
    return checked.filter(Boolean).length;
  }

  /**
   * Those that stand, in their order; one that was changed while it was looked at is as it is now.
   * @throws Failure `keys_unavailable`, `ledger_unavailable`
   */
  async standing(
    context: RequestContext,
    manager: EntityManager,
    applications: readonly ApplicationEntity[],
  ): Promise<readonly ApplicationEntity[]> {
    const settled = await Promise.all(
      applications.map((application) => this.#records.isSettled(TABLE, rowOf(application))),
    );
    const standing: ApplicationEntity[] = [];
    for (const [at, application] of applications.entries()) {
      const found = settled[at] === true ? application : await this.#look(context, manager, application.id);
      if (found !== undefined) standing.push(found);
    }
    return standing;
  }

  /**
   * Before anything is decided from what was read.
   * @throws Failure `not_found` for one that does not stand, `precondition_failed` when it has changed meanwhile
   */
  async require(
    context: RequestContext,
    manager: EntityManager,
    application: ApplicationEntity,
  ): Promise<void> {
    const [standing] = await this.standing(context, manager, await this.genuine(context, [application]));
    if (standing === undefined)
      throw new Failure('not_found', { privateDetail: 'the application does not stand' });
    if (!standing.mac.equals(application.mac)) throw new Failure('precondition_failed');
  }

  async #look(
    context: RequestContext,
    manager: EntityManager,
    id: ApplicationId,
  ): Promise<ApplicationEntity | undefined> {
    const row = await this.#records.read(context, manager, TABLE, async () => {
      const application = await manager.getRepository(ApplicationEntity).findOneBy({ id });
      return application && { ...rowOf(application), application };
    });
    return row?.application;
  }
}

function recordOf(content: Decisive, revision: number): SecurityRecord {
  return { kind: TABLE.kind, id: content.id, revision, columns: TABLE.columns(content) };
}

function rowOf(application: ApplicationEntity): ApplicationRecordEntity {
  const { id, candidateId, vacancyId, agencyId, mode, status, anonymousReview, answerBy } = application;
  const { recordRevision: revision, mac } = application;
  return {
    id,
    candidateId,
    vacancyId,
    agencyId,
    mode,
    status,
    anonymousReview,
    answerBy,
    revision,
    mac,
  };
}
