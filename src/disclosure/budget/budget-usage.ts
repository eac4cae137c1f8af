import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../kernel/clock.js';
import type { AgencyId, ClientId } from '../../kernel/ids.js';
import { Database } from '../../platform/database/database.js';
import { dailyLimit, WINDOW_MS, windowStart } from './budget-policy.js';
import type { CountOpenApplications } from './budget.js';

/** Units that are free again from a moment on, unless the same candidates are shown once more before it. */
export interface Return {
  readonly at: Date;
  readonly candidates: number;
}

/** What an agency has read of candidates within the window, and what it may still read. */
export interface Usage {
  readonly openApplications: number;
  /** Different candidates within the window. */
  readonly limit: number;
  readonly spent: number;
  readonly left: number;
  /** Soonest first; together they are what is spent. */
  readonly returns: readonly Return[];
  /** By which of its clients; a candidate whom two have read counts for both. */
  readonly clients: readonly { readonly clientId: ClientId; readonly candidates: number }[];
}

/** Tells an agency of its disclosure budget; nothing is spent by asking. */
@Injectable()
export class BudgetUsage {
  readonly #database: Database;
  readonly #clock: Clock;

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  read(agencyId: AgencyId, countOpenApplications: CountOpenApplications): Promise<Usage> {
    const since = windowStart(this.#clock.now());
    return this.#database.run({ kind: 'agency', agencyId }, async (manager) => {
      const openApplications = await countOpenApplications(manager);
      const limit = dailyLimit(openApplications);
      const returns = await returnsOf(manager, agencyId, since);
      const spent = returns.reduce((sum, { candidates }) => sum + candidates, 0);
      const clients = await clientsOf(manager, agencyId, since);
      // Applications that end take their part of the limit with them, so that more may be spent than there is.
      return { openApplications, limit, spent, left: Math.max(0, limit - spent), returns, clients };
    });
  }
}

async function returnsOf(manager: EntityManager, agency: AgencyId, since: Date): Promise<Return[]> {
  const rows: { last: Date; candidates: number }[] = await manager.query(
    `SELECT last, count(*)::integer AS candidates FROM (
       SELECT max(hour) AS last FROM disclosure.spent WHERE agency_id = $1 AND hour >= $2 GROUP BY candidate_id
     ) AS shown GROUP BY last ORDER BY last`,
    [agency, since],
  );
  return rows.map(({ last, candidates }) => ({ at: new Date(last.getTime() + WINDOW_MS), candidates }));
}

function clientsOf(manager: EntityManager, agency: AgencyId, since: Date): Promise<Usage['clients']> {
  return manager.query(
    `SELECT client_id AS "clientId", count(DISTINCT candidate_id)::integer AS candidates FROM disclosure.spent
     WHERE agency_id = $1 AND hour >= $2 GROUP BY client_id ORDER BY client_id`,
    [agency, since],
  );
}
