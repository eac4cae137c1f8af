import { Injectable } from '@nestjs/common';
import { type EntityManager, In, MoreThan } from 'typeorm';
import { Clock } from '../../../kernel/clock.js';
import type { RequestContext } from '../../../kernel/context.js';
import { Failure } from '../../../kernel/errors.js';
import { type CandidateId, type Id, newId } from '../../../kernel/ids.js';
import { Database } from '../../../platform/database/database.js';
import { RowMacs, type SecurityRecord, Sealer } from '../../../sealing/index.js';
import { StandingRecords } from '../../security-records/index.js';
import type { IncidentId } from '../incident.js';
import { NoticeEntity } from '../persistence/notice.entity.js';
import { TOLD, type Told } from '../persistence/places.js';

const KIND = 'incidents_notice';
/** How many are looked at by one statement. */
const PAGE = 1_000;

const recordOf = ({
  id,
  incidentId,
  candidateId,
  toldAt,
  revision,
}: Omit<NoticeEntity, 'told' | 'mac'>): SecurityRecord => ({
  kind: KIND,
  id,
  revision,
  columns: [
    ['incident_id', incidentId],
    ['candidate_id', candidateId],
    // By the name that it had when the first were written.
    ['created_at', toldAt],
  ],
});

/** A row that we have written. */
export interface StandingNotice {
  readonly id: Id<'incident-notice'>;
  readonly revision: number;
  /** `undefined` where it does not open: the candidate's key is destroyed, or somebody has changed it. */
  readonly told: Told | undefined;
}

/** Who was told of which incident. A row that was planted keeps nobody from being told, and that is alerted. */
@Injectable()
export class NoticeRows {
  readonly #macs: RowMacs;
  readonly #records: StandingRecords;
  readonly #sealer: Sealer;
  readonly #clock: Clock;
  readonly #database: Database;

  constructor(macs: RowMacs, records: StandingRecords, sealer: Sealer, clock: Clock, database: Database) {
    this.#macs = macs;
    this.#records = records;
    this.#sealer = sealer;
    this.#clock = clock;
    this.#database = database;
  }

  /** What these candidates were told. Removes rows about them that we have not written. */
  async standing(
    context: RequestContext,
    manager: EntityManager,
    incidentId: IncidentId,
    candidates: readonly CandidateId[],
  ): Promise<ReadonlyMap<CandidateId, StandingNotice>> {
    const notices = manager.getRepository(NoticeEntity);
    const standing = new Map<CandidateId, StandingNotice>();
    for (const notice of await notices.findBy({ incidentId, candidateId: In([...candidates]) })) {
      const { id, revision, candidateId } = notice;
      if (await this.#isOurs(notice)) {
        standing.set(candidateId, { id, revision, told: await this.#open(notice) });
        continue;
      }
      await this.#records.refuse(context, KIND, id, 'forged');
      await notices.delete({ id });
    }
    return standing;
  }

  /**
   * A row to be written.
   * @param before the one in whose place it comes
   * @returns `undefined` for a candidate whose key is destroyed: there is nobody to be told
   */
  async prepare(
    incidentId: IncidentId,
    candidateId: CandidateId,
    content: Told,
    before?: StandingNotice,
  ): Promise<NoticeEntity | undefined> {
    const toldAt = this.#clock.now();
    const id = before?.id ?? newId<'incident-notice'>(toldAt.getTime());
    const row = { id, incidentId, candidateId, toldAt, revision: (before?.revision ?? 0) + 1 };
    const told = await unlessErased(this.#sealer.seal(TOLD, { subject: candidateId, row: id }, content));
    return told && { ...row, told, mac: await this.#macs.mac(recordOf(row)) };
  }

  /** @returns false when somebody was quicker: they tell the candidate */
  async write(manager: EntityManager, row: NoticeEntity): Promise<boolean> {
    const { id, revision, incidentId, candidateId, told, toldAt, mac } = row;
    if (revision > 1) {
      const change = { told, toldAt, revision, mac };
      const { affected } = await manager
        .getRepository(NoticeEntity)
        .update({ id, revision: revision - 1 }, change);
      return affected === 1;
    }
    const added: unknown[] = await manager.query(
      `INSERT INTO incidents.notice (id, incident_id, candidate_id, told, told_at, revision, mac)
       VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (incident_id, candidate_id) DO NOTHING RETURNING id`,
      [id, incidentId, candidateId, told, toldAt, revision, mac],
    );
    return added.length > 0;
  }

  /** Who was told of an incident, by rows that we have written. */
  async *toldOf(incidentId: IncidentId): AsyncGenerator<CandidateId> {
    let page = await this.#page(incidentId);
    while (page.length > 0) {
      for (const notice of page) if (await this.#isOurs(notice)) yield notice.candidateId;
      page = await this.#page(incidentId, page.at(-1)?.id);
    }
  }

  /** What a candidate was told, newest first: what does not open was not told by us. */
  async of(manager: EntityManager, candidateId: CandidateId): Promise<readonly OwnNotice[]> {
    const rows = await manager
      .getRepository(NoticeEntity)
      .find({ where: { candidateId }, order: { toldAt: 'DESC', id: 'DESC' } });
    const own: OwnNotice[] = [];
    for (const row of rows) {
      const told = (await this.#isOurs(row)) ? await this.#open(row) : undefined;
      if (told !== undefined) own.push({ incident: row.incidentId, toldAt: row.toldAt, ...told });
    }
    return own;
  }

  #isOurs(notice: NoticeEntity): Promise<boolean> {
    return this.#macs.isGenuine(recordOf(notice), notice.mac);
  }

  #open({ id, candidateId, told }: NoticeEntity): Promise<Told | undefined> {
    return unlessErased(this.#sealer.openOperational(TOLD, { subject: candidateId, row: id }, told));
  }

  #page(incidentId: IncidentId, after?: NoticeEntity['id']): Promise<readonly NoticeEntity[]> {
    const where = { incidentId, ...(after === undefined ? {} : { id: MoreThan(after) }) };
    return this.#database.run({ kind: 'system' }, (manager) =>
      manager.getRepository(NoticeEntity).find({ where, order: { id: 'ASC' }, take: PAGE }),
    );
  }
}

/** What a candidate was told of one incident. */
export interface OwnNotice extends Told {
  readonly incident: IncidentId;
  /** The last time, where it was more than once. */
  readonly toldAt: Date;
}

/** @returns `undefined` where the candidate's key is destroyed, or the value is not the candidate's */
export async function unlessErased<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Failure && error.code === 'sealed_value_unreadable') return undefined;
    throw error;
  }
}
