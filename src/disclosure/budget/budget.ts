import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../kernel/clock.js';
import type { AgencyActor } from '../../kernel/context.js';
import type { AgencyId, CandidateId } from '../../kernel/ids.js';
import { Database } from '../../platform/database/database.js';
import { crossesWarning, dailyLimit, hourOf, secondsUntilFreed, windowStart } from './budget-policy.js';

/** Counts the agency's open applications, in the transaction that is handed in. */
export type CountOpenApplications = (manager: EntityManager) => Promise<number>;

export type Spending =
  | { readonly outcome: 'within'; readonly warning: boolean }
  | { readonly outcome: 'exceeded'; readonly retryAfterSeconds: number };

const FREE: Spending = { outcome: 'within', warning: false };

/** How many different candidates an agency may be shown: kept in PostgreSQL, so that every process counts as one. */
@Injectable()
export class Budget {
  readonly #database: Database;
  readonly #clock: Clock;

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  /**
   * Spends one unit for each candidate who was not shown to the agency within the window, all or nothing.
   * Showing one again within the hour writes nothing.
   */
  spend(
    actor: AgencyActor,
    candidates: readonly CandidateId[],
    countOpenApplications: CountOpenApplications,
  ): Promise<Spending> {
    const now = this.#clock.now();
    const { agencyId } = actor;
    return this.#database.run({ kind: 'agency', agencyId }, async (manager) => {
      const wanted = [...new Set(candidates)];
      const shown = await shownSince(manager, agencyId, wanted, hourOf(now));
      if (wanted.every((candidate) => shown.has(candidate))) return FREE;
      // Two requests that each fit the limit must not exceed it together.
      await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [
        `disclosure.spent/${agencyId}`,
      ]);
      const limit = dailyLimit(await countOpenApplications(manager));
      const before = await spentSince(manager, agencyId, windowStart(now));
      const known = await shownSince(manager, agencyId, wanted, windowStart(now));
      const after = before + wanted.filter((candidate) => !known.has(candidate)).length;
      if (after > limit) {
        const freed = await hourFreeing(manager, agencyId, windowStart(now), wanted, after - limit);
        return { outcome: 'exceeded', retryAfterSeconds: secondsUntilFreed(freed ?? hourOf(now), now) };
      }
      await record(manager, actor, wanted, now);
      return { outcome: 'within', warning: crossesWarning(before, after, limit) };
    });
  }
}

async function shownSince(
  manager: EntityManager,
  agency: AgencyId,
  candidates: readonly CandidateId[],
  since: Date,
): Promise<ReadonlySet<CandidateId>> {
  const rows: { candidate: CandidateId }[] = await manager.query(
    `SELECT DISTINCT candidate_id AS candidate FROM disclosure.spent
     WHERE agency_id = $1 AND candidate_id = ANY ($2::uuid[]) AND hour >= $3`,
    [agency, candidates, since],
  );
  return new Set(rows.map((row) => row.candidate));
}

async function spentSince(manager: EntityManager, agency: AgencyId, since: Date): Promise<number> {
  const rows: { spent: number }[] = await manager.query(
    `SELECT count(DISTINCT candidate_id)::integer AS spent FROM disclosure.spent WHERE agency_id = $1 AND hour >= $2`,
    [agency, since],
  );
  return rows[0]?.spent ?? 0;
}

/** The hour whose leaving the window makes room for `units` more candidates; none when they never fit at once. */
async function hourFreeing(
  manager: EntityManager,
  agency: AgencyId,
  since: Date,
  wanted: readonly CandidateId[],
  units: number,
): Promise<Date | undefined> {
  const rows: { last: Date }[] = await manager.query(
    `SELECT max(hour) AS last FROM disclosure.spent
     WHERE agency_id = $1 AND hour >= $2 AND candidate_id <> ALL ($3::uuid[])
     GROUP BY candidate_id ORDER BY last OFFSET $4 LIMIT 1`,
    [agency, since, wanted, units - 1],
  );
  return rows[0]?.last;
}

async function record(
  manager: EntityManager,
  actor: AgencyActor,
  candidates: readonly CandidateId[],
  now: Date,
): Promise<void> {
  await manager.query(
    `INSERT INTO disclosure.spent (agency_id, candidate_id, hour, client_id)
     SELECT $1, candidate, $3, $4 FROM unnest($2::uuid[]) AS candidate ON CONFLICT DO NOTHING`,
    [actor.agencyId, candidates, hourOf(now), actor.clientId],
  );
  await manager.query('DELETE FROM disclosure.spent WHERE agency_id = $1 AND hour < $2', [
    actor.agencyId,
    windowStart(now),
  ]);
}
