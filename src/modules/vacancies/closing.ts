import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import type { AgencyId, VacancyId } from '../../kernel/ids.js';
import { Ledger } from '../../ledger/index.js';
import { ownContext } from '../../kernel/own-context.js';
import { Database } from '../../platform/database/database.js';
import { Rounds } from '../../platform/jobs/rounds.js';

/** How many are closed in one transaction. */
const BATCH = 100;

/** The worker's part: closes published vacancies whose deadline has passed. */
@Injectable()
export class Closing {
  readonly #database: Database;
  readonly #ledger: Ledger;
  readonly #rounds: Rounds;
  readonly #clock: Clock;

  constructor(database: Database, ledger: Ledger, rounds: Rounds, clock: Clock) {
    this.#database = database;
    this.#ledger = ledger;
    this.#rounds = rounds;
    this.#clock = clock;
  }

  /** Every minute. */
  async start(): Promise<void> {
    await this.#rounds.every(1, 'vacancy_closing', () => this.run());
  }

  /** May be repeated, and run side by side. */
  async run(): Promise<void> {
    while ((await this.#closeSome()) === BATCH);
  }

  /** One that somebody holds, who is submitting in time, is left for the next run. @returns how many were closed */
  #closeSome(): Promise<number> {
    const now = this.#clock.now();
    return this.#database.run({ kind: 'system' }, async (manager) => {
      const [closed]: [{ id: VacancyId; agency: AgencyId }[], number] = await manager.query(
        `UPDATE vacancies.vacancy SET status = 'closed', revision = revision + 1
         WHERE id IN (SELECT id FROM vacancies.vacancy WHERE status = 'published' AND deadline <= $1
                      ORDER BY deadline, id LIMIT ${BATCH} FOR UPDATE SKIP LOCKED)
         RETURNING id, agency_id AS agency`,
        [now],
      );
      const context = ownContext('vacancies.closing', now);
      for (const { id, agency } of closed)
        await this.#ledger.stage(manager, { action: 'vacancy.closed', context, resource: id, agency });
      return closed.length;
    });
  }
}
