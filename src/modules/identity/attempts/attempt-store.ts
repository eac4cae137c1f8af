import { Injectable } from '@nestjs/common';
import { IdentityStatements } from '../persistence/identity-statements.js';
import { DELAYS, FULL, NETWORK_KNOWN_SECONDS, WEARS_OFF_SECONDS } from './delays.js';

export type Begun =
  | { readonly kind: 'begun' }
  | { readonly kind: 'turned away'; readonly nextAt: Date; readonly isFirst: boolean };

/** What becomes of a count when an attempt turned out right. */
export type Settled = 'cleared' | 'taken off' | 'left';

const BEGIN = {
  name: 'attempt-begin',
  text: `INSERT INTO identity.attempt AS a (key, failures, last_at, next_at, forgotten_at)
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
} as const;

const TURN_AWAY = {
  name: 'attempt-turn-away',
  text: `UPDATE identity.attempt SET turned_away = turned_away + 1 WHERE key = $1
         RETURNING next_at AS "nextAt", turned_away AS times`,
} as const;

const TAKE_OFF = {
  name: 'attempt-take-off',
  text: 'UPDATE identity.attempt SET failures = failures - 1 WHERE key = $1 AND failures > 0',
} as const;

/**
 * With a few of what is too old, whenever somebody signs in: more than comes in, so nothing piles up. No row is met
 * twice by one statement: what has just been used is left to the next one.
 */
const SETTLE = {
  name: 'attempt-settle',
  text: `WITH cleared AS (DELETE FROM identity.attempt WHERE key = $1 AND $2 = 'cleared'),
              taken_off AS (UPDATE identity.attempt SET failures = failures - 1
                            WHERE key = $1 AND failures > 0 AND $2 = 'taken off'),
              known AS (INSERT INTO identity.known_network (key, seen_at)
                        SELECT $3::bytea, $4::timestamptz WHERE $3::bytea IS NOT NULL
                        ON CONFLICT (key) DO UPDATE SET seen_at = excluded.seen_at),
              old_attempts AS (DELETE FROM identity.attempt WHERE key IN (
                SELECT key FROM identity.attempt WHERE forgotten_at < $4 AND key <> $1
                ORDER BY forgotten_at LIMIT $6 FOR UPDATE SKIP LOCKED))
         DELETE FROM identity.known_network WHERE key IN (
           SELECT key FROM identity.known_network WHERE seen_at < $5 AND key IS DISTINCT FROM $3::bytea
           ORDER BY seen_at LIMIT $6 FOR UPDATE SKIP LOCKED)`,
} as const;

const IS_KNOWN = {
  name: 'network-is-known',
  text: 'SELECT FROM identity.known_network WHERE key = $1 AND seen_at >= $2',
} as const;

const PRUNED_AT_ONCE = 100;
const before = (now: Date, seconds: number): Date => new Date(now.getTime() - seconds * 1_000);

/** The rows of attempts and known networks. Each step is one statement: of many at once each sees the one before. */
@Injectable()
export class AttemptStore {
  readonly #statements: IdentityStatements;

  constructor(statements: IdentityStatements) {
    this.#statements = statements;
  }

  async begin(key: Buffer, now: Date): Promise<Begun> {
    const begun = await this.#statements.run(BEGIN, [key, now, DELAYS, FULL, WEARS_OFF_SECONDS]);
    if (begun.length > 0) return { kind: 'begun' };
    const [row] = await this.#statements.run<{ nextAt: Date; times: number }>(TURN_AWAY, [key]);
    // Cleared in this moment by somebody who was right.
    if (row === undefined) return { kind: 'begun' };
    return { kind: 'turned away', nextAt: row.nextAt, isFirst: row.times === 1 };
  }

  async takeOff(key: Buffer): Promise<void> {
    await this.#statements.run(TAKE_OFF, [key]);
  }

  /** @param network to be known from now on */
  async settle(key: Buffer, settled: Settled, network: Buffer | null, now: Date): Promise<void> {
    const unknown = before(now, NETWORK_KNOWN_SECONDS);
    await this.#statements.run(SETTLE, [key, settled, network, now, unknown, PRUNED_AT_ONCE]);
  }

  async isKnown(network: Buffer, now: Date): Promise<boolean> {
    const rows = await this.#statements.run(IS_KNOWN, [network, before(now, NETWORK_KNOWN_SECONDS)]);
    return rows.length > 0;
  }
}
