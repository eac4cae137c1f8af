import { Injectable } from '@nestjs/common';
import { RotationPool } from './rotation-pool.js';

/** What is known of a version of the master key that no longer wraps anything new. */
export interface SupersededVersion {
  readonly version: number;
  readonly supersededAt: Date;
  readonly lastRewrappedAt: Date | null;
  readonly retiredAt: Date | null;
}

interface VersionRow {
  version: number;
  superseded_at: Date;
  last_rewrapped_at: Date | null;
  retired_at: Date | null;
}

/** Taken shared by whoever stores a wrapped key: see `keys.refuse_retired()`. */
const WRITERS_LOCK = 7_346_431;

/** The key store's own book about versions of the master key. */
@Injectable()
export class MasterStore {
  readonly #pool: RotationPool;

  constructor(pool: RotationPool) {
    this.#pool = pool;
  }

  /** How many keys each version of the master key wraps. */
  async wrappedKeys(): Promise<ReadonlyMap<number, number>> {
    const rows = await this.#pool.query<{ version: number; keys: string }>(
      `SELECT master_version AS version, sum(keys)::text AS keys FROM (
         SELECT master_version, count(*) AS keys FROM keys.subject_key GROUP BY 1
         UNION ALL SELECT master_version, count(*) FROM keys.index_key GROUP BY 1
       ) AS counted GROUP BY 1 ORDER BY 1`,
    );
    return new Map(rows.map(({ version, keys }) => [version, Number(keys)]));
  }

  async superseded(): Promise<readonly SupersededVersion[]> {
    const rows = await this.#pool.query<VersionRow>(
      'SELECT version, superseded_at, last_rewrapped_at, retired_at FROM keys.master_version ORDER BY version',
    );
    return rows.map((row) => ({
      version: row.version,
      supersededAt: row.superseded_at,
      lastRewrappedAt: row.last_rewrapped_at,
      retiredAt: row.retired_at,
    }));
  }

  /** Notes versions that no longer wrap, from when that was first seen. */
  async noteSuperseded(versions: readonly number[], at: Date): Promise<void> {
    await this.#pool.query(
      `INSERT INTO keys.master_version (version, superseded_at)
       SELECT version, $2 FROM unnest($1::int[]) AS version ON CONFLICT DO NOTHING`,
      [versions, at],
    );
  }

  /** @returns the version that was current when the rotation under way began: now, or before this process died */
  async beginRotation(current: number, at: Date): Promise<number> {
    await this.#pool.query(
      'INSERT INTO keys.master_rotation (from_version, began_at) VALUES ($1, $2) ON CONFLICT DO NOTHING',
      [current, at],
    );
    const rows = await this.#pool.query<{ from_version: number }>(
      'SELECT from_version FROM keys.master_rotation',
    );
    return rows[0]?.from_version ?? current;
  }

  async endRotation(): Promise<void> {
    await this.#pool.query('DELETE FROM keys.master_rotation');
  }

  /**
   * Closes a version to writers, unless it still wraps something.
   * @returns how many keys it wraps: 0 when it is closed now
   */
  async close(version: number, at: Date): Promise<number> {
    return this.#pool.transaction(async (client) => {
      await client.query('SELECT pg_advisory_xact_lock($1)', [WRITERS_LOCK]);
      const { rows } = await client.query<{ keys: string }>(
        `SELECT ((SELECT count(*) FROM keys.subject_key WHERE master_version = $1)
               + (SELECT count(*) FROM keys.index_key WHERE master_version = $1))::text AS keys`,
        [version],
      );
      const keys = Number(rows[0]?.keys ?? 0);
      if (keys > 0) return keys;
      await client.query(
        `INSERT INTO keys.master_version (version, superseded_at, retired_at) VALUES ($1, $2, $2)
         ON CONFLICT (version) DO UPDATE SET retired_at = coalesce(master_version.retired_at, excluded.retired_at)`,
        [version, at],
      );
      return 0;
    });
  }
}
