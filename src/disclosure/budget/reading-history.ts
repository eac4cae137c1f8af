import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import { hourOf, windowStart } from './budget-policy.js';

const HOUR_MS = 3_600_000;

/** How many different candidates were shown within one of several equal spans of time. */
export interface ShownInSpan {
  /** Which of them, counted back: 0 is the one that ends at the moment that is looked at. */
  readonly ago: number;
  readonly candidates: number;
}

/** What a client had been shown by a moment, over thirty days; spans without any candidate are left out. */
export interface ClientReading {
  readonly clientId: string;
  /** Sixty minutes each, back from that moment and not by the clock. */
  readonly hours: readonly ShownInSpan[];
  /** 24 hours each. */
  readonly days: readonly ShownInSpan[];
  /** Seven days each. */
  readonly weeks: readonly ShownInSpan[];
  /** By how many clients the most wanted candidate of the sixty minutes was read within a day. */
  readonly readers: number;
}

interface Counted {
  readonly client: string;
  readonly span: 'hours' | 'days' | 'weeks';
  readonly ago: number;
  readonly candidates: number;
}

/** What clients read, as their budgets count it: numbers only. */
@Injectable()
export class ReadingHistory {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** @param at what is counted later does not count */
  read(clients: readonly string[], at: Date): Promise<readonly ClientReading[]> {
    const thisHour = hourOf(at);
    return this.#database.run({ kind: 'system' }, async (manager) => {
      const counted: readonly Counted[] = await manager.query(
        `SELECT client, coalesce(hours, days, weeks) AS ago, candidates,
           CASE WHEN hours IS NOT NULL THEN 'hours' WHEN days IS NOT NULL THEN 'days' ELSE 'weeks' END AS span
         FROM (
           SELECT client_id AS client, hours, hours / 24 AS days, hours / 168 AS weeks,
             count(DISTINCT candidate_id)::integer AS candidates
           FROM (
             SELECT client_id, candidate_id,
               floor(extract(epoch FROM $2::timestamptz - counted_at) / 3600)::integer AS hours
             FROM disclosure.spent
             WHERE client_id = ANY ($1::uuid[]) AND hour BETWEEN $3 AND $4 AND counted_at <= $2) AS spent
           GROUP BY client_id, GROUPING SETS ((hours), (hours / 24), (hours / 168))) AS spans`,
        [clients, at, windowStart('month', at), thisHour],
      );
      const crowds: readonly { readonly client: string; readonly readers: number }[] = await manager.query(
        `SELECT mine.client_id AS client, max(theirs.readers)::integer AS readers
         FROM disclosure.spent AS mine CROSS JOIN LATERAL (
           SELECT count(DISTINCT s.client_id) AS readers FROM disclosure.spent AS s
           WHERE s.candidate_id = mine.candidate_id AND s.hour BETWEEN $5 AND $4 AND s.counted_at <= $2) AS theirs
         WHERE mine.client_id = ANY ($1::uuid[]) AND mine.hour >= $3
           AND mine.counted_at <= $2 AND mine.counted_at > $2::timestamptz - interval '1 hour'
         GROUP BY mine.client_id`,
        [clients, at, hourOf(new Date(at.getTime() - HOUR_MS)), thisHour, windowStart('day', at)],
      );
      const ofClients = Map.groupBy(counted, ({ client }) => client);
      return clients.map((clientId) => ({
        clientId,
        ...spansOf(ofClients.get(clientId) ?? []),
        readers: crowds.find(({ client }) => client === clientId)?.readers ?? 0,
      }));
    });
  }
}

function spansOf(counted: readonly Counted[]): Pick<ClientReading, Counted['span']> {
  const of = (span: Counted['span']) =>
    counted
      .filter((one) => one.span === span)
      .map(({ ago, candidates }): ShownInSpan => ({ ago, candidates }));
  return { hours: of('hours'), days: of('days'), weeks: of('weeks') };
}
