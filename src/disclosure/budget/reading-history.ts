import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { Database } from '../../platform/database/database.js';
import { hourOf, windowStart } from './budget-policy.js';
import type { Shown } from './shown.js';

/** What a client has been shown lately. */
export interface ClientReading {
  readonly clientId: string;
  /** Different candidates by hour over thirty days, the running hour included. */
  readonly shown: readonly Shown[];
  /** By how many clients the most wanted of its candidates of this hour was read within a day. */
  readonly readers: number;
}

/** What clients read, as their budgets count it: numbers only. */
@Injectable()
export class ReadingHistory {
  readonly #database: Database;
  readonly #clock: Clock;

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  read(clients: readonly string[]): Promise<readonly ClientReading[]> {
    const now = this.#clock.now();
    return this.#database.run({ kind: 'system' }, async (manager) => {
      const shown: readonly (Shown & { readonly client: string })[] = await manager.query(
        `SELECT client_id AS client, hour, count(DISTINCT candidate_id)::integer AS candidates
         FROM disclosure.spent WHERE client_id = ANY ($1::uuid[]) AND hour >= $2 GROUP BY client_id, hour`,
        [clients, windowStart('month', now)],
      );
      const crowds: readonly { readonly client: string; readonly readers: number }[] = await manager.query(
        `SELECT mine.client_id AS client, max(theirs.readers)::integer AS readers
         FROM disclosure.spent AS mine CROSS JOIN LATERAL (
           SELECT count(DISTINCT s.client_id) AS readers FROM disclosure.spent AS s
           WHERE s.candidate_id = mine.candidate_id AND s.hour >= $3) AS theirs
         WHERE mine.client_id = ANY ($1::uuid[]) AND mine.hour = $2 GROUP BY mine.client_id`,
        [clients, hourOf(now), windowStart('day', now)],
      );
      return clients.map((clientId) => ({
        clientId,
        shown: shown.filter(({ client }) => client === clientId),
        readers: crowds.find(({ client }) => client === clientId)?.readers ?? 0,
      }));
    });
  }
}
