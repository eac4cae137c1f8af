import { setImmediate as turn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { EntityManager } from 'typeorm';
import { raisesAllowance } from '../../disclosure/index.js';
import type { RequestContext } from '../../kernel/context.js';
import type { AgencyId } from '../../kernel/ids.js';
import { ApplicationRecords } from './application-records.js';
import { APPLICATION_STATUSES, isOver } from './application.machine.js';
import type { ApplicationRecordEntity } from './persistence/application-record.entity.js';

/** So many are looked at before others get their turn. */
const AT_ONCE = 500;
/** What an agency receives meanwhile raises its allowance that much later. */
const REMEMBERED_MS = 60_000;
const AGENCIES = 1_000;

const OPEN = APPLICATION_STATUSES.filter((status) => status !== 'draft' && !isOver(status));

/** How many of an agency's applications may still come to something; the disclosure budget grows with them. */
@Injectable()
export class OpenApplications {
  readonly #records: ApplicationRecords;
  readonly #genuine = new LRUCache<AgencyId, number>({ max: AGENCIES, ttl: REMEMBERED_MS });

  constructor(records: ApplicationRecords) {
    this.#records = records;
  }

  /**
   * In a transaction of the agency's. So many that they raise its allowance are looked at one by one, once a minute:
   * nobody reads faster for having written rows to the database.
   * @throws Failure `keys_unavailable`, `ledger_unavailable`
   */
  async count(context: RequestContext, manager: EntityManager, agencyId: AgencyId): Promise<number> {
    const [row]: { count: number }[] = await manager.query(
      `SELECT count(*)::integer AS count FROM applications.application WHERE agency_id = $1 AND status = ANY($2)`,
      [agencyId, OPEN],
    );
    const said = row?.count ?? 0;
    if (!raisesAllowance(said)) return said;
    const known = this.#genuine.get(agencyId) ?? (await this.#countGenuine(context, manager, agencyId));
    this.#genuine.set(agencyId, known);
    return Math.min(said, known);
  }

  async #countGenuine(context: RequestContext, manager: EntityManager, agencyId: AgencyId): Promise<number> {
    const rows: ApplicationRecordEntity[] = await manager.query(
      `SELECT id, candidate_id AS "candidateId", vacancy_id AS "vacancyId", agency_id AS "agencyId", mode, status,
              anonymous_review AS "anonymousReview", answer_by AS "answerBy", record_revision AS revision, mac
       FROM applications.application WHERE agency_id = $1 AND status = ANY($2)`,
      [agencyId, OPEN],
    );
    let genuine = 0;
    for (let at = 0; at < rows.length; at += AT_ONCE) {
      genuine += await this.#records.countGenuine(context, rows.slice(at, at + AT_ONCE));
      await turn();
    }
    return genuine;
  }
}
