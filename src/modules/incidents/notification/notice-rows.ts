import { Injectable } from '@nestjs/common';
import { type EntityManager, In } from 'typeorm';
import { Clock } from '../../../kernel/clock.js';
import type { RequestContext } from '../../../kernel/context.js';
import { Failure } from '../../../kernel/errors.js';
import { type CandidateId, newId } from '../../../kernel/ids.js';
import { Database } from '../../../platform/database/database.js';
import { RowMacs, type SecurityRecord, Sealer } from '../../../sealing/index.js';
import { StandingRecords } from '../../security-records/index.js';
import type { IncidentId } from '../incident.js';
import { NoticeEntity } from '../persistence/notice.entity.js';
import { TOLD, type Told } from '../persistence/places.js';

const KIND = 'incidents_notice';

const recordOf = ({
  id,
  incidentId,
  candidateId,
  createdAt,
}: Omit<NoticeEntity, 'told' | 'mac'>): SecurityRecord => ({
  kind: KIND,
  id,
  revision: 1,
  columns: [
    ['incident_id', incidentId],
    ['candidate_id', candidateId],
    ['created_at', createdAt],
  ],
});

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

  /** Removes rows about these candidates that we have not written. @returns those of whom there is one that we have */
  async told(
    context: RequestContext,
    manager: EntityManager,
    incidentId: IncidentId,
    candidates: readonly CandidateId[],
  ): Promise<ReadonlySet<CandidateId>> {
    const notices = manager.getRepository(NoticeEntity);
    const told = new Set<CandidateId>();
    for (const notice of await notices.findBy({ incidentId, candidateId: In([...candidates]) })) {
      if (await this.#macs.isGenuine(recordOf(notice), notice.mac)) {
        told.add(notice.candidateId);
        continue;
      }
      await this.#records.refuse(context, KIND, notice.id, 'forged');
      await notices.delete({ id: notice.id });
    }
    return told;
  }

  /** A row to be added. @returns `undefined` for a candidate whose key is destroyed: there is nobody to be told */
  async prepare(
    incidentId: IncidentId,
    candidateId: CandidateId,
    content: Told,
  ): Promise<NoticeEntity | undefined> {
    const createdAt = this.#clock.now();
    const row = { id: newId<'incident-notice'>(createdAt.getTime()), incidentId, candidateId, createdAt };
    const position = { subject: candidateId, row: row.id };
    const told = await unlessErased(this.#sealer.seal(TOLD, position, content));
    return told && { ...row, told, mac: await this.#macs.mac(recordOf(row)) };
  }

  /** @returns false when there is one already: whoever was quicker tells the candidate */
  async add(manager: EntityManager, row: NoticeEntity): Promise<boolean> {
    const added: unknown[] = await manager.query(
      `INSERT INTO incidents.notice (id, incident_id, candidate_id, told, created_at, mac)
       VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (incident_id, candidate_id) DO NOTHING RETURNING id`,
      [row.id, row.incidentId, row.candidateId, row.told, row.createdAt, row.mac],
    );
    return added.length > 0;
  }

  /** How many were told of an incident. */
  count(incidentId: IncidentId): Promise<number> {
    return this.#database.run({ kind: 'system' }, (manager) =>
      manager.getRepository(NoticeEntity).countBy({ incidentId }),
    );
  }

  /** What a candidate was told, newest first: what does not open was not told by us. */
  async of(manager: EntityManager, candidateId: CandidateId): Promise<readonly OwnNotice[]> {
    const rows = await manager
      .getRepository(NoticeEntity)
      .find({ where: { candidateId }, order: { createdAt: 'DESC', id: 'DESC' } });
    const own: OwnNotice[] = [];
    for (const row of rows) {
      const position = { subject: candidateId, row: row.id };
      const isGenuine = await this.#macs.isGenuine(recordOf(row), row.mac);
      const told = isGenuine
        ? await unlessErased(this.#sealer.openOperational(TOLD, position, row.told))
        : undefined;
      if (told !== undefined) own.push({ incident: row.incidentId, toldAt: row.createdAt, ...told });
    }
    return own;
  }
}

/** What a candidate was told of one incident. */
export interface OwnNotice extends Told {
  readonly incident: IncidentId;
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
