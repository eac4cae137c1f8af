import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../kernel/clock.js';
import type { AgencyActor, RequestContext } from '../../kernel/context.js';
import type { CandidateId } from '../../kernel/ids.js';
import { Ledger } from '../../ledger/index.js';
import { Database } from '../../platform/database/database.js';
import type { AgencyPurpose } from '../release-policy.js';
import {
  type Allowance,
  countsUntil,
  hourOf,
  limitCode,
  limitOf,
  type Reach,
  reachesWarning,
  type Window,
  WINDOWS,
} from './budget-policy.js';
import { freedAt, secondsUntil, type Shown, usedWithin } from './shown.js';
import { type Reading, shownByReach, SpentRows } from './spent-rows.js';
import { WarnedRows } from './warned-rows.js';

/** Reads what the agency may be shown, in the transaction that is handed in. */
export type ReadAllowance = (manager: EntityManager) => Promise<Allowance>;

export type Spending =
  | { readonly outcome: 'within' }
  /** @param limit code of the one that would be exceeded, of several that with the longest wait */
  | { readonly outcome: 'exceeded'; readonly limit: string; readonly retryAfterSeconds: number };

interface Limit {
  readonly reach: Reach;
  readonly window: Window;
  readonly limit: number;
  /** What others than the wanted candidates have taken of it, by hour. */
  readonly others: readonly Shown[];
  readonly before: number;
  readonly after: number;
}

const WITHIN: Spending = { outcome: 'within' };

/** How many different candidates an agency may be shown: kept in PostgreSQL, so that every process counts as one. */
@Injectable()
export class Budget {
  readonly #database: Database;
  readonly #ledger: Ledger;
  readonly #clock: Clock;
  readonly #spent: SpentRows;
  readonly #warned: WarnedRows;

  constructor(database: Database, ledger: Ledger, clock: Clock, spent: SpentRows, warned: WarnedRows) {
    this.#database = database;
    this.#ledger = ledger;
    this.#clock = clock;
    this.#spent = spent;
    this.#warned = warned;
  }

  /**
   * Spends one unit for each candidate who was not shown within the window, all or nothing, of every limit. Showing one
   * again within sixty minutes of having counted them writes nothing, whatever hour it is then. The first time within its window that a limit is nearly spent is an entry.
   * @throws Failure `ledger_unavailable`, upon which nothing is spent
   */
  spend(
    context: RequestContext<AgencyActor>,
    purpose: AgencyPurpose,
    candidates: readonly CandidateId[],
    readAllowance: ReadAllowance,
  ): Promise<Spending> {
    const now = this.#clock.now();
    const { agencyId } = context.actor;
    const reading: Reading = { actor: context.actor, purpose };
    const all = [...new Set(candidates)];
    return this.#database.run({ kind: 'agency', agencyId }, async (manager) => {
      if ((await this.#spent.costly(manager, reading, now, all)).length === 0) return WITHIN;
      // Two requests that each fit the limit must not exceed it together.
      await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [
        `disclosure.spent/${agencyId}`,
      ]);
      // Nor count whom the one before has just counted, in an hour that was over meanwhile.
      const wanted = await this.#spent.costly(manager, reading, now, all);
      if (wanted.length === 0) return WITHIN;
      const limits = await this.#limitsFor(manager, reading, now, wanted, await readAllowance(manager));
      const exceeded = limits.filter(({ before, after, limit }) => after > limit && after > before);
      if (exceeded.length > 0) return refusal(exceeded, now);
      await this.#spent.note(manager, reading, now, wanted);
      for (const { reach, window, limit, after } of limits) {
        if (!reachesWarning(after, limit)) continue;
        if (!(await this.#warned.isFirst(manager, agencyId, { reach, window, limit }, now))) continue;
        const reason = limitCode(reach, window);
        const draft = { action: 'disclosure.budget_warned', context, resource: agencyId, reason } as const;
        await this.#ledger.stage(manager, draft);
      }
      return WITHIN;
    });
  }

  async #limitsFor(
    manager: EntityManager,
    { actor, purpose }: Reading,
    now: Date,
    wanted: readonly CandidateId[],
    allowance: Allowance,
  ): Promise<readonly Limit[]> {
    const { shown } = await shownByReach(manager, actor.agencyId, now, wanted);
    const known = await this.#spent.lastShown(manager, actor.agencyId, now, wanted);
    const reaches: readonly Reach[] = [
      { kind: 'agency' },
      { kind: 'client', client: actor.clientId },
      { kind: 'purpose', purpose },
    ];
    return reaches.flatMap((reach) =>
      WINDOWS.map((window): Limit => {
        const others = shown(reach);
        const used = usedWithin(others, window, now);
        return {
          reach,
          window,
          limit: limitOf(allowance, reach, window),
          others,
          before: used + usedWithin(known(reach), window, now),
          after: used + wanted.length,
        };
      }),
    );
  }
}

function refusal(exceeded: readonly Limit[], now: Date): Spending {
  const waits = exceeded.map(({ reach, window, others, after, limit }) => {
    // More than the whole limit at once never fits: then there is nothing better to say than the whole window.
    const freed = freedAt(others, window, now, after - limit) ?? countsUntil(window, hourOf(now));
    return { limit: limitCode(reach, window), retryAfterSeconds: secondsUntil(freed, now) };
  });
  const [longest] = waits.toSorted((one, other) => other.retryAfterSeconds - one.retryAfterSeconds);
  if (longest === undefined) throw new Error('There is a refusal only where a limit is exceeded.');
  return { outcome: 'exceeded', ...longest };
}
