import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import type { AgencyId } from '../../kernel/ids.js';
import { Database } from '../../platform/database/database.js';
import { AGENCY_PURPOSES } from '../release-policy.js';
import type { ReadAllowance } from './budget.js';
import { type Allowance, limitOf, type Reach, type Window, WINDOWS } from './budget-policy.js';
import { freedAt, usedWithin } from './shown.js';
import { shownByReach } from './spent-rows.js';

/** One limit, and what is used of it. */
export interface LimitUsage {
  readonly reach: Reach;
  readonly window: Window;
  /** Different candidates within the window. */
  readonly limit: number;
  /** Can be more than the limit: applications that end take their part of it with them. */
  readonly used: number;
  /** When the oldest of what is used counts no more, unless it is read again; `null` when nothing is used. */
  readonly resetsAt: Date | null;
}

export interface Usage {
  readonly allowance: Allowance;
  /** Of the agency, of each client that has read within thirty days, of each purpose; in each window. */
  readonly limits: readonly LimitUsage[];
}

/** Tells of a disclosure budget; nothing is spent by asking. */
@Injectable()
export class BudgetUsage {
  readonly #database: Database;
  readonly #clock: Clock;

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  read(agencyId: AgencyId, readAllowance: ReadAllowance): Promise<Usage> {
    const now = this.#clock.now();
    return this.#database.run({ kind: 'agency', agencyId }, async (manager) => {
      const allowance = await readAllowance(manager);
      const { shown, clients } = await shownByReach(manager, agencyId, now);
      const reaches: readonly Reach[] = [
        { kind: 'agency' },
        ...clients.map((client) => ({ kind: 'client', client }) as const),
        ...AGENCY_PURPOSES.map((purpose) => ({ kind: 'purpose', purpose }) as const),
      ];
      const limits = reaches.flatMap((reach) =>
        WINDOWS.map((window): LimitUsage => {
          const used = usedWithin(shown(reach), window, now);
          const limit = limitOf(allowance, reach, window);
          return { reach, window, limit, used, resetsAt: freedAt(shown(reach), window, now, 1) ?? null };
        }),
      );
      return { allowance, limits };
    });
  }
}
