import { Injectable } from '@nestjs/common';
import { type EntityManager, In } from 'typeorm';
import { Clock } from '../../../kernel/clock.js';
import type { RequestContext } from '../../../kernel/context.js';
import { type CandidateId, type Id, newId } from '../../../kernel/ids.js';
import { RowMacs, Sealer, unlessUnreadable } from '../../../sealing/index.js';
import { StandingRecords } from '../../security-records/index.js';
import type { IncidentId } from '../incident.js';
import { NoticeEntity } from '../persistence/notice.entity.js';
import { TOLD, type Told } from '../persistence/places.js';
import { type LetterState, LetterStates } from './letter-states.js';
import { NOTICE_KIND, noticeRecord } from './notice-record.js';

/** A row that we have written. */
export interface StandingNotice {
  readonly id: Id<'incident-notice'>;
  readonly revision: number;
  /** `undefined` where it does not open: the candidate's key is destroyed, or somebody has changed it. */
  readonly told: Told | undefined;
  readonly isFurther: boolean;
  readonly letter: LetterState;
}

/** What is written about a letter, or in the place of one. */
interface NewNotice {
  /** `null` where there is none: the candidate sees it in their access history alone. */
  readonly mailId: Id<'mail'> | null;
  readonly isFurther: boolean;
  readonly content: Told;
}

/** Who was told of which incident. A row that was planted keeps nobody from being told, and that is alerted. */
@Injectable()
export class NoticeRows {
  readonly #macs: RowMacs;
  readonly #records: StandingRecords;
  readonly #sealer: Sealer;
  readonly #states: LetterStates;
  readonly #clock: Clock;

  constructor(macs: RowMacs, records: StandingRecords, sealer: Sealer, states: LetterStates, clock: Clock) {
    this.#macs = macs;
    this.#records = records;
    this.#sealer = sealer;
    this.#states = states;
    this.#clock = clock;
  }

  /** What these candidates were told. Removes rows about them that we have not written. */
  async standing(
    context: RequestContext,
    manager: EntityManager,
    incidentId: IncidentId,
    candidates: readonly CandidateId[],
  ): Promise<ReadonlyMap<CandidateId, StandingNotice>> {
    const notices = manager.getRepository(NoticeEntity);
    const ours: NoticeEntity[] = [];
    for (const notice of await notices.findBy({ incidentId, candidateId: In([...candidates]) })) {
      if (await this.#isOurs(notice)) {
        ours.push(notice);
        continue;
      }
      await this.#records.refuse(context, NOTICE_KIND, notice.id, 'forged');
      await notices.delete({ id: notice.id });
    }
    const states = await this.#states.of(manager, ours);
    const standing = new Map<CandidateId, StandingNotice>();
    for (const notice of ours) {
      const { id, revision, candidateId, isFurther } = notice;
      const letter = states.get(candidateId) ?? 'none';
      standing.set(candidateId, { id, revision, isFurther, letter, told: await this.#open(notice) });
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
    { content, ...letter }: NewNotice,
    before?: StandingNotice,
  ): Promise<NoticeEntity | undefined> {
    const toldAt = this.#clock.now();
    const id = before?.id ?? newId<'incident-notice'>(toldAt.getTime());
    const revision = (before?.revision ?? 0) + 1;
    const isReached = letter.mailId === null ? false : null;
    const row = { id, incidentId, candidateId, toldAt, revision, ...letter, isReached };
    const told = await unlessUnreadable(this.#sealer.seal(TOLD, { subject: candidateId, row: id }, content));
    return told && { ...row, told, mac: await this.#macs.mac(noticeRecord(row)) };
  }

  /** @returns false when somebody was quicker: they tell the candidate */
  async write(manager: EntityManager, row: NoticeEntity): Promise<boolean> {
    const { id, revision, incidentId, candidateId, told, toldAt, mailId, isFurther, isReached, mac } = row;
    if (revision > 1) {
      const change = { told, toldAt, revision, mailId, isFurther, isReached, mac };
      const { affected } = await manager
        .getRepository(NoticeEntity)
        .update({ id, revision: revision - 1 }, change);
      return affected === 1;
    }
    const added: unknown[] = await manager.query(
      `INSERT INTO incidents.notice (id, incident_id, candidate_id, told, told_at, revision, mail_id, is_further, reached, mac)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (incident_id, candidate_id) DO NOTHING RETURNING id`,
      [id, incidentId, candidateId, told, toldAt, revision, mailId, isFurther, isReached, mac],
    );
    return added.length > 0;
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

  /** Of which incidents a candidate was told: a mail server has taken the last letter. Under the rows' locks. */
  async reachedBy(manager: EntityManager, candidateId: CandidateId): Promise<readonly IncidentId[]> {
    const rows = await manager
      .getRepository(NoticeEntity)
      .find({ where: { candidateId }, order: { incidentId: 'ASC' }, lock: { mode: 'pessimistic_write' } });
    const reached: IncidentId[] = [];
    for (const row of rows) {
      if (!(await this.#isOurs(row))) continue;
      if ((await this.#states.of(manager, [row])).get(candidateId) === 'accepted')
        reached.push(row.incidentId);
    }
    return reached;
  }

  #isOurs(notice: NoticeEntity): Promise<boolean> {
    return this.#macs.isGenuine(noticeRecord(notice), notice.mac);
  }

  #open({ id, candidateId, told }: NoticeEntity): Promise<Told | undefined> {
    return unlessUnreadable(this.#sealer.openOperational(TOLD, { subject: candidateId, row: id }, told));
  }
}

/** What a candidate was told of one incident. */
export interface OwnNotice extends Told {
  readonly incident: IncidentId;
  /** The last time, where it was more than once. */
  readonly toldAt: Date;
}
