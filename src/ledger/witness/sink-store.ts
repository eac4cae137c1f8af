import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type pg from 'pg';
import { Settings } from '../../platform/config/settings.js';
import { createPool } from '../../platform/database/pool.js';
import { OriginHasher } from '../entry/origin-hasher.js';
import type { PublishedCheckpoint } from '../read/tree-reader.js';
import { cosignatureMark } from './cosignature-mark.js';

/** What is known of a sink. */
export interface SinkState {
  readonly name: string;
  /** Of the newest checkpoint that it has taken; 0 before the first. */
  readonly epoch: number;
  readonly size: number;
  /** Since when it lacks a checkpoint that is kept here; `null` while it has the newest. */
  readonly behindSince: Date | null;
  /** Whether it is said to have taken more than was ever kept here: somebody wants it to get nothing any more. */
  readonly isAhead: boolean;
  /** Why it does not take the newest, as last recorded. */
  readonly objection: string | null;
}

type StateRow = Omit<SinkState, 'size'> & { readonly size: string };

const CONNECTIONS = 2;

/** What the sinks have taken, as role `sceau_sequencer`: who writes entries must not be able to say that they are safe. */
@Injectable()
export class SinkStore implements OnApplicationShutdown {
  readonly #pool: pg.Pool;
  readonly #hasher: OriginHasher;

  constructor(settings: Settings, hasher: OriginHasher) {
    this.#hasher = hasher;
    this.#pool = createPool(settings.database.sequencerUrl, {
      applicationName: 'sceau-sinks',
      max: CONNECTIONS,
      statementTimeoutMs: 10_000,
    });
  }

  /** Makes a sink known, if it is not. */
  async introduce(name: string, now: Date): Promise<void> {
    await this.#pool.query(
      'INSERT INTO audit.sink (name, since) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING',
      [name, now],
    );
  }

  async states(names: readonly string[]): Promise<readonly SinkState[]> {
    const { rows } = await this.#pool.query<StateRow>(
      `SELECT name, epoch, size::text, behind_since AS "behindSince", objection,
         (s.epoch, s.size) > (0, 0) AND NOT EXISTS (SELECT FROM audit.checkpoint c WHERE (c.epoch, c.size) >= (s.epoch, s.size)) AS "isAhead"
       FROM audit.sinks s WHERE name = ANY ($1) ORDER BY name`,
      [names],
    );
    return rows.map((row) => ({ ...row, size: Number(row.size) }));
  }

  /** @returns whether it was said to be behind, or to object, until now */
  async accept(
    name: string,
    { epoch, size }: PublishedCheckpoint,
    cosignature: string | undefined,
    now: Date,
  ): Promise<boolean> {
    const n = (await this.#cosigned(name)) + 1;
    const signed = cosignature === undefined ? undefined : { sink: name, n, epoch, size, line: cosignature };
    const mark = signed && (await cosignatureMark(this.#hasher, signed));
    const { rows } = await this.#pool.query<{ wasInTrouble: boolean }>(
      `WITH before AS (SELECT alerted OR objection IS NOT NULL AS trouble FROM audit.sink WHERE name = $1::text),
            line AS (INSERT INTO audit.cosignature (epoch, size, sink, line, at, n, mark)
                     SELECT $2::integer, $3::bigint, s.name, $4::text, $5::timestamptz, $6::bigint, $7::text FROM audit.sink s
                     WHERE s.name = $1::text AND (s.epoch, s.size) <= ($2::integer, $3::bigint) AND $4::text IS NOT NULL
                     ON CONFLICT ON CONSTRAINT cosignature_pkey DO NOTHING RETURNING n)
       UPDATE audit.sink s SET epoch = $2::integer, size = $3::bigint, taken_at = $5::timestamptz, alerted = false, objection = NULL,
         cosigned = coalesce((SELECT n FROM line), s.cosigned)
       FROM before WHERE s.name = $1::text AND (s.epoch, s.size) <= ($2::integer, $3::bigint)
       RETURNING before.trouble AS "wasInTrouble"`,
      [name, epoch, size, cosignature ?? null, now, n, mark ?? null],
    );
    return rows[0]?.wasInTrouble === true;
  }

  /** How many cosignatures of this sink there are, of those that are numbered. */
  async #cosigned(name: string): Promise<number> {
    const { rows } = await this.#pool.query<{ cosigned: string }>(
      'SELECT cosigned::text FROM audit.sink WHERE name = $1',
      [name],
    );
    return Number(rows[0]?.cosigned ?? 0);
  }

  /** Remembers that an alert was given. @returns whether it was not yet, so that one process gives it, once */
  async startAlert(name: string): Promise<boolean> {
    const { rowCount } = await this.#pool.query(
      'UPDATE audit.sink SET alerted = true WHERE name = $1 AND NOT alerted',
      [name],
    );
    return rowCount === 1;
  }

  /** The alert could not be given after all. */
  async forgetAlert(name: string): Promise<void> {
    await this.#pool.query('UPDATE audit.sink SET alerted = false WHERE name = $1', [name]);
  }

  /** Remembers an objection. @param objection `null` to forget it @returns whether it is another than before */
  async object(name: string, objection: string | null): Promise<boolean> {
    const { rowCount } = await this.#pool.query(
      'UPDATE audit.sink SET objection = $2 WHERE name = $1 AND objection IS DISTINCT FROM $2',
      [name, objection],
    );
    return rowCount === 1;
  }

  onApplicationShutdown(): Promise<void> {
    return this.#pool.end();
  }
}
