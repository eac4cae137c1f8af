import { Injectable } from '@nestjs/common';
import { type EntityManager, LessThan } from 'typeorm';
import { Clock } from '../../../kernel/clock.js';
import type { Id } from '../../../kernel/ids.js';
import { Database } from '../../../platform/database/database.js';
import { OutgoingMailEntity } from '../persistence/outgoing-mail.entity.js';

const MINUTE_MS = 60_000;
/** What nobody has tried by then has lost its job. */
const LOST_MS = 5 * MINUTE_MS;
/** Between two tries at the most; the first two are two minutes apart, which no try takes. */
const LONGEST_WAIT_MS = 60 * MINUTE_MS;
/** What no server has taken by then is given up. */
const TRIED_MS = 3 * 24 * 60 * MINUTE_MS;

/** Which mails are to be tried at this moment, and who tries them. */
@Injectable()
export class Outbox {
  readonly #database: Database;
  readonly #clock: Clock;

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  /**
   * Takes a mail for one try, and lets it wait for the next one: longer after each.
   * @returns `undefined` where there is no such mail any more, or it is not due
   */
  async take(id: Id<'mail'>): Promise<OutgoingMailEntity | undefined> {
    const { now, beyond } = this.#moments();
    return this.#run(async (manager) => {
      const [taken]: [unknown[], number] = await manager.query(
        `UPDATE platform.outgoing_mail
         SET tries = tries + 1, next_try_at = $2::timestamptz + least(60, 2 ^ least(tries + 1, 6)) * interval '1 minute'
         WHERE id = $1 AND (next_try_at IS NULL OR next_try_at <= $2 OR next_try_at > $3) RETURNING id`,
        [id, now, beyond],
      );
      if (taken.length === 0) return undefined;
      return (await manager.getRepository(OutgoingMailEntity).findOneBy({ id })) ?? undefined;
    });
  }

  /**
   * Those to be tried that no job has taken or will take. First come those that have waited longest, measured by the
   * time between their tries: what has failed for days does not hold up what has failed once.
   */
  due(limit: number): Promise<readonly { readonly id: Id<'mail'>; readonly isLost: boolean }[]> {
    const { now, beyond } = this.#moments();
    const lost = new Date(now.getTime() - LOST_MS);
    return this.#run((manager) =>
      manager.query(
        `SELECT id, next_try_at IS NULL AS "isLost" FROM platform.outgoing_mail
         WHERE next_try_at <= $1 OR next_try_at > $2 OR (next_try_at IS NULL AND created_at < $3)
         ORDER BY extract(epoch FROM $1::timestamptz - coalesce(CASE WHEN next_try_at <= $1 THEN next_try_at END, created_at))
           / 2 ^ greatest(0, least(tries, 6)) DESC, id LIMIT $4`,
        [now, beyond, lost, limit],
      ),
    );
  }

  /** Those that were tried for long enough. */
  async old(limit: number): Promise<readonly Id<'mail'>[]> {
    const before = new Date(this.#clock.now().getTime() - TRIED_MS);
    const rows = await this.#run((manager) =>
      manager.getRepository(OutgoingMailEntity).find({
        select: { id: true },
        where: { createdAt: LessThan(before) },
        order: { createdAt: 'ASC' },
        take: limit,
      }),
    );
    return rows.map(({ id }) => id);
  }

  /** A try later than `beyond` was written by somebody else, to hold the mail back. */
  #moments(): { readonly now: Date; readonly beyond: Date } {
    const now = this.#clock.now();
    return { now, beyond: new Date(now.getTime() + LONGEST_WAIT_MS) };
  }

  #run<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.#database.run({ kind: 'system' }, work);
  }
}
