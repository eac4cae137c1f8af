import { Injectable } from '@nestjs/common';
import { type EntityManager, In, MoreThan } from 'typeorm';
import { Canaries } from '../../../disclosure/index.js';
import type { CandidateId, Id } from '../../../kernel/ids.js';
import { Database } from '../../../platform/database/database.js';
import { RowMacs } from '../../../sealing/index.js';
import { Notices } from '../../identity/index.js';
import type { Affected } from '../impact/affected-candidates.js';
import type { IncidentId } from '../incident.js';
import { NoticeEntity } from '../persistence/notice.entity.js';
import { noticeRecord } from './notice-record.js';

/** How many are looked at by one statement. */
const PAGE = 1_000;

export const LETTER_STATES = ['none', 'waiting', 'accepted', 'refused'] as const;
/**
 * What has become of the last letter to somebody. `none`: there is none, or it has gone from the outbox unsent;
 * `waiting`: in the outbox; `accepted`: a mail server has taken it; `refused`: none will, or none has in three days.
 */
export type LetterState = (typeof LETTER_STATES)[number];

/** How many people an incident's letters have reached. */
export interface Reached {
  readonly told: number;
  /** To whom a letter is on its way. */
  readonly waiting: number;
  /** Whom no mail has reached. */
  readonly unreached: number;
}

export interface Addressed extends Affected {
  readonly letter: LetterState;
}

/** What has become of the letters about an incident, by rows that we have written. */
@Injectable()
export class LetterStates {
  readonly #macs: RowMacs;
  readonly #notices: Notices;
  readonly #canaries: Canaries;
  readonly #database: Database;

  constructor(macs: RowMacs, notices: Notices, canaries: Canaries, database: Database) {
    this.#macs = macs;
    this.#notices = notices;
    this.#canaries = canaries;
    this.#database = database;
  }

  /** Without canaries: they are in no number of people. */
  async reached(id: IncidentId): Promise<Reached> {
    const to: Record<LetterState, CandidateId[]> = { none: [], waiting: [], accepted: [], refused: [] };
    for await (const [candidate, letter] of this.each(id)) to[letter].push(candidate);
    const people = async (candidates: readonly CandidateId[]): Promise<number> =>
      candidates.length - (await this.#canaries.of(candidates)).size;
    return {
      told: await people(to.accepted),
      waiting: await people(to.waiting),
      unreached: await people(to.refused),
    };
  }

  /** Whoever was ever written to. */
  async *each(incidentId: IncidentId): AsyncGenerator<readonly [CandidateId, LetterState]> {
    let after: NoticeEntity['id'] | undefined;
    for (;;) {
      const where = { incidentId, ...(after === undefined ? {} : { id: MoreThan(after) }) };
      const page = await this.#run(async (manager) => {
        const rows = await manager
          .getRepository(NoticeEntity)
          .find({ where, order: { id: 'ASC' }, take: PAGE });
        return { last: rows.at(-1)?.id, states: await this.#ofOurs(manager, rows) };
      });
      yield* page.states;
      if (page.last === undefined) return;
      after = page.last;
    }
  }

  /** In the order in which they are given. */
  async with<A extends Affected>(
    incidentId: IncidentId,
    affected: readonly A[],
  ): Promise<readonly (A & Addressed)[]> {
    const addressed: (A & Addressed)[] = [];
    for (let from = 0; from < affected.length; from += PAGE) {
      const part = affected.slice(from, from + PAGE);
      const candidates = part.flatMap(({ candidate }) => candidate ?? []);
      const states = await this.#run(async (manager) => {
        const where = { incidentId, candidateId: In(candidates) };
        return this.#ofOurs(manager, await manager.getRepository(NoticeEntity).find({ where }));
      });
      for (const one of part) {
        const letter = one.candidate === undefined ? undefined : states.get(one.candidate);
        addressed.push({ ...one, letter: letter ?? 'none' });
      }
    }
    return addressed;
  }

  /** @param notices rows that we have written */
  async of(
    manager: EntityManager,
    notices: readonly NoticeEntity[],
  ): Promise<ReadonlyMap<CandidateId, LetterState>> {
    const open = await this.#notices.waiting(manager, notices.flatMap(openMail));
    const gone = notices.filter((notice) => openMail(notice).some((mail) => !open.has(mail)));
    // A mail leaves the outbox in the transaction that notes what has become of it, which came meanwhile.
    const since =
      gone.length === 0
        ? []
        : await manager.getRepository(NoticeEntity).findBy({ id: In(gone.map(({ id }) => id)) });
    const now = new Map(since.map((notice) => [notice.id, notice]));
    return new Map(
      notices.map((notice) => [notice.candidateId, stateOf(now.get(notice.id) ?? notice, open)]),
    );
  }

  async #ofOurs(
    manager: EntityManager,
    notices: readonly NoticeEntity[],
  ): Promise<ReadonlyMap<CandidateId, LetterState>> {
    const ours: NoticeEntity[] = [];
    for (const notice of notices)
      if (await this.#macs.isGenuine(noticeRecord(notice), notice.mac)) ours.push(notice);
    return this.of(manager, ours);
  }

  #run<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.#database.run({ kind: 'system' }, work);
  }
}

/** Of a letter of which nothing is noted. */
const openMail = ({ mailId, isReached }: NoticeEntity): readonly Id<'mail'>[] =>
  mailId === null || isReached !== null ? [] : [mailId];

function stateOf({ mailId, isReached }: NoticeEntity, waiting: ReadonlySet<Id<'mail'>>): LetterState {
  // Of the first letters nothing was noted; whoever has no letter was reached by none.
  if (mailId === null) return isReached === null ? 'accepted' : 'none';
  if (isReached !== null) return isReached ? 'accepted' : 'refused';
  return waiting.has(mailId) ? 'waiting' : 'none';
}
