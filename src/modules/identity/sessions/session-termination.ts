import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { RequestContext } from '../../../kernel/context.js';
import { Failure } from '../../../kernel/errors.js';
import type { AccountId, SessionId } from '../../../kernel/ids.js';
import { Database } from '../../../platform/database/database.js';
import { AccountJournal } from '../changes/account-journal.js';
import { SessionEntity } from '../persistence/session.entity.js';
import { SessionEnds } from './session-ends.js';

const BATCH = 200;
const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

/** What operators do about sessions that may be in the wrong hands (ASVS 7.4.5): end somebody's, or everybody's. */
@Injectable()
export class SessionTermination {
  readonly #database: Database;
  readonly #ends: SessionEnds;
  readonly #journal: AccountJournal;

  constructor(database: Database, ends: SessionEnds, journal: AccountJournal) {
    this.#database = database;
    this.#ends = ends;
    this.#journal = journal;
  }

  /**
   * Ends every session of a person and voids what was mailed to them, at once and in every process; they are told.
   * @throws Failure `not_found` for an account that is not there
   */
  async endOf(context: RequestContext, id: AccountId): Promise<void> {
    if (!(await this.#end(context, id))) throw new Failure('not_found');
  }

  /**
   * Which of these people have a session that began before a moment of their own.
   * @param named whose session it is counts as well, whenever it began
   */
  withSessions(
    before: ReadonlyMap<AccountId, Date>,
    named: SessionId | undefined,
  ): Promise<readonly AccountId[]> {
    return this.#database.run({ kind: 'system' }, async (manager) => {
      const rows: { readonly id: AccountId }[] = await manager.query(
        `SELECT DISTINCT s.account_id AS id
         FROM identity.session s
         LEFT JOIN unnest($1::uuid[], $2::timestamptz[]) AS p (id, moment) ON p.id = s.account_id
         WHERE s.created_at < p.moment OR s.id = $3 ORDER BY 1`,
        [[...before.keys()], [...before.values()], named ?? null],
      );
      return rows.map(({ id }) => id);
    });
  }

  /** Everybody's, those of whoever asks included. May be broken off and repeated. @returns of how many people */
  async endAll(context: RequestContext): Promise<number> {
    let people = 0;
    let ids = await this.#ownersAfter(BEFORE_ALL);
    while (ids.length > 0) {
      for (const id of ids) if (await this.#end(context, id)) people += 1;
      ids = await this.#ownersAfter(ids.at(-1) ?? BEFORE_ALL);
    }
    return people;
  }

  #end(context: RequestContext, id: AccountId): Promise<boolean> {
    return this.#database.run({ kind: 'system' }, async (manager) => {
      const account = await this.#ends.renew(context, manager, id, undefined, () => ({}));
      if (account === null) return false;
      await this.#journal.note(context, manager, account, 'session.terminated', { kind: 'sessions_ended' });
      return true;
    });
  }

  #ownersAfter(id: string): Promise<readonly AccountId[]> {
    return this.#database.run({ kind: 'system' }, (manager) => ownersOf(manager, id));
  }
}

async function ownersOf(manager: EntityManager, after: string): Promise<readonly AccountId[]> {
  const rows = await manager
    .getRepository(SessionEntity)
    .createQueryBuilder('session')
    .select('session.account_id', 'id')
    .distinct(true)
    .where('session.account_id > :after', { after })
    .orderBy('session.account_id')
    .limit(BATCH)
    .getRawMany<{ id: AccountId }>();
  return rows.map(({ id }) => id);
}
