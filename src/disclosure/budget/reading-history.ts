import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import { windowStart } from './budget-policy.js';
import type { Shown } from './shown.js';

/** What a client had been shown by the end of an hour. */
export interface ClientReading {
  readonly clientId: string;
  /** Different candidates by hour over thirty days, that hour included. */
  readonly shown: readonly Shown[];
  /** By how many clients the most wanted of its candidates of that hour was read within a day. */
  readonly readers: number;
}

/** What clients read, as their budgets count it: numbers only. */
@Injectable()
export class ReadingHistory {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** @param hour its beginning */
  read(clients: readonly string[], hour: Date): Promise<readonly ClientReading[]> {
    return this.#database.run({ kind: 'system' }, async (manager) => {
      const shown: readonly (Shown & { readonly client: string })[] = await manager.query(
        `SELECT client_id AS client, hour, count(DISTINCT candidate_id)::integer AS candidates
         FROM disclosure.spent WHERE client_id = ANY ($1::uuid[]) AND hour BETWEEN $2 AND $3
         GROUP BY client_id, hour`,
        [clients, windowStart('month', hour), hour],
      );
      const crowds: readonly { readonly client: string; readonly readers: number }[] = await manager.query(
        `SELECT mine.client_id AS client, max(theirs.readers)::integer AS readers
         FROM disclosure.spent AS mine CROSS JOIN LATERAL (
           SELECT count(DISTINCT s.client_id) AS readers FROM disclosure.spent AS s
           WHERE s.candidate_id = mine.candidate_id AND s.hour BETWEEN $3 AND $2) AS theirs
         WHERE mine.client_id = ANY ($1::uuid[]) AND mine.hour = $2 GROUP BY mine.client_id`,
        [clients, hour, windowStart('day', hour)],
      );
      return clients.map((clientId) => ({
        clientId,
        shown: shown.filter(({ client }) => client === clientId),
        readers: crowds.find(({ client }) => client === clientId)?.readers ?? 0,
      }));
    });
  }
}
