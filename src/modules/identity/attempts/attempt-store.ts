import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DELAYS, FULL, NETWORK_KNOWN_SECONDS, WEARS_OFF_SECONDS } from './delays.js';

export type Begun =
  | { readonly kind: 'begun' }
  | { readonly kind: 'turned away'; readonly nextAt: Date; readonly isFirst: boolean };

const PRUNED_AT_ONCE = 100;
const before = (now: Date, seconds: number): Date => new Date(now.getTime() - seconds * 1_000);

/** The rows of attempts and known networks. Each step is one statement: of many at once each sees the one before. */
@Injectable()
export class AttemptStore {
  async begin(manager: EntityManager, key: Buffer, now: Date): Promise<Begun> {
    const begun: unknown[] = await manager.query(
      `INSERT INTO identity.attempt AS a (key, failures, last_at, next_at, forgotten_at)
       VALUES ($1, 1, $2, $2::timestamptz + make_interval(secs => ($3::float8[])[1]),
               $2::timestamptz + make_interval(secs => $5::float8))
       ON CONFLICT (key) DO UPDATE SET (failures, last_at, next_at, forgotten_at, turned_away) = (
         SELECT count, $2, $2::timestamptz + make_interval(secs => ($3::float8[])[LEAST(count, $4)]),
                $2::timestamptz + make_interval(secs => count * $5::float8), 0
         FROM (SELECT 1 + GREATEST(0, LEAST(a.failures, $4)
                 - GREATEST(0, floor(extract(epoch FROM $2::timestamptz - a.last_at) / $5::float8)))::integer
               AS count) AS counted
       )
       -- Of several at once the one that comes later may have looked at the clock before: without a delay that is no matter.
       WHERE a.next_at <= $2 OR coalesce(($3::float8[])[LEAST(a.failures, $4)], 0) = 0
       RETURNING failures`,
      [key, now, DELAYS, FULL, WEARS_OFF_SECONDS],
    );
    if (begun.length > 0) return { kind: 'begun' };
    const [rows]: [{ nextAt: Date; times: number }[]] = await manager.query(
      `UPDATE identity.attempt SET turned_away = turned_away + 1 WHERE key = $1
       RETURNING next_at AS "nextAt", turned_away AS times`,
      [key],
    );
    const [row] = rows;
    // Cleared in this moment by somebody who was right.
    if (row === undefined) return { kind: 'begun' };
    return { kind: 'turned away', nextAt: row.nextAt, isFirst: row.times === 1 };
  }

  async clear(manager: EntityManager, key: Buffer): Promise<void> {
    await manager.query('DELETE FROM identity.attempt WHERE key = $1', [key]);
  }

  async uncount(manager: EntityManager, key: Buffer): Promise<void> {
    await manager.query(
      'UPDATE identity.attempt SET failures = failures - 1 WHERE key = $1 AND failures > 0',
      [key],
    );
  }

  async know(manager: EntityManager, network: Buffer, now: Date): Promise<void> {
    await manager.query(
      `INSERT INTO identity.known_network (key, seen_at) VALUES ($1, $2)
       ON CONFLICT (key) DO UPDATE SET seen_at = excluded.seen_at`,
      [network, now],
    );
  }

  /** A few of what is too old, whenever somebody signs in: more than comes in, so nothing piles up. */
  async prune(manager: EntityManager, now: Date): Promise<void> {
    for (const [table, column, until] of [
      ['identity.attempt', 'forgotten_at', now],
      ['identity.known_network', 'seen_at', before(now, NETWORK_KNOWN_SECONDS)],
    ] as const) {
      await manager.query(
        `DELETE FROM ${table} WHERE key IN (
           SELECT key FROM ${table} WHERE ${column} < $1 ORDER BY ${column} LIMIT $2 FOR UPDATE SKIP LOCKED
         )`,
        [until, PRUNED_AT_ONCE],
      );
    }
  }

  async isKnown(manager: EntityManager, network: Buffer, now: Date): Promise<boolean> {
    const rows: unknown[] = await manager.query(
      'SELECT FROM identity.known_network WHERE key = $1 AND seen_at >= $2',
      [network, before(now, NETWORK_KNOWN_SECONDS)],
    );
    return rows.length > 0;
  }
}
