import { Injectable } from '@nestjs/common';
import type { WrapContext, WrappedKey } from '../providers/key-provider.js';
import { RotationPool } from './rotation-pool.js';

/** A wrapped key as it is stored, and whose it is. */
export interface StoredWrap extends WrappedKey {
  readonly context: WrapContext;
}

/** A key that was wrapped again. */
export interface Replacement {
  readonly before: StoredWrap;
  readonly after: WrappedKey;
}

/** Where a run is: behind this key, in the order of subject and version. */
export interface RewrapPosition {
  readonly subject: string;
  readonly version: number;
  /** Keys wrapped again so far, by this run and those it goes on from. */
  readonly done: number;
}

interface KeyRow {
  owner: string;
  version: number;
  wrapped: Buffer;
  master_version: number;
}

const START = '00000000-0000-0000-0000-000000000000';

const storedWrap =
  (purpose: keyof typeof TABLES) =>
  ({ owner, version, wrapped, master_version }: KeyRow): StoredWrap => ({
    context: { purpose, owner, version },
    wrapped,
    masterVersion: master_version,
  });

const TABLES = {
  'subject-key': { name: 'keys.subject_key', owner: 'subject_id', type: 'uuid' },
  'index-key': { name: 'keys.index_key', owner: 'purpose', type: 'text' },
} as const;

/** The wrapped keys in the order in which they are wrapped again, and how far that has come. */
@Injectable()
export class RewrapStore {
  readonly #pool: RotationPool;

  constructor(pool: RotationPool) {
    this.#pool = pool;
  }

  /** @returns where an earlier run to the same version was killed, or the beginning */
  async begin(target: number, at: Date): Promise<RewrapPosition> {
    const rows = await this.#pool.query<{ subject: string; version: number; done: string }>(
      `INSERT INTO keys.rewrapping AS run (target_version, after_subject, after_version, done, began_at)
       VALUES ($1, $2, 0, 0, $3)
       ON CONFLICT (single) DO UPDATE SET
         target_version = excluded.target_version,
         after_subject = CASE WHEN run.target_version = excluded.target_version THEN run.after_subject ELSE excluded.after_subject END,
         after_version = CASE WHEN run.target_version = excluded.target_version THEN run.after_version ELSE 0 END,
         done = CASE WHEN run.target_version = excluded.target_version THEN run.done ELSE 0 END
       RETURNING after_subject::text AS subject, after_version AS version, done::text AS done`,
      [target, START, at],
    );
    const [row] = rows;
    return { subject: row?.subject ?? START, version: row?.version ?? 0, done: Number(row?.done ?? 0) };
  }

  /** Before the first key. @param done keys wrapped again so far */
  beginning(done: number): RewrapPosition {
    return { subject: START, version: 0, done };
  }

  async progress(): Promise<{ readonly target: number; readonly done: number } | undefined> {
    const rows = await this.#pool.query<{ target_version: number; done: string }>(
      'SELECT target_version, done::text FROM keys.rewrapping',
    );
    const [row] = rows;
    return row && { target: row.target_version, done: Number(row.done) };
  }

  /** How many keys another version than `target` wraps. */
  async left(target: number): Promise<number> {
    const rows = await this.#pool.query<{ keys: string }>(
      `SELECT ((SELECT count(*) FROM keys.subject_key WHERE master_version <> $1)
             + (SELECT count(*) FROM keys.index_key WHERE master_version <> $1))::text AS keys`,
      [target],
    );
    return Number(rows[0]?.keys ?? 0);
  }

  /** The next subject keys that another version wraps. Nothing is locked while the provider works. */
  async nextSubjectKeys(
    target: number,
    after: RewrapPosition,
    limit: number,
  ): Promise<readonly StoredWrap[]> {
    const rows = await this.#pool.query<KeyRow>(
      `SELECT subject_id::text AS owner, version, wrapped, master_version FROM keys.subject_key
       WHERE (subject_id, version) > ($2::uuid, $3::int) AND master_version <> $1
       ORDER BY subject_id, version LIMIT $4`,
      [target, after.subject, after.version, limit],
    );
    return rows.map(storedWrap('subject-key'));
  }

  /** Index keys are a handful: all of them at once. */
  async indexKeys(target: number): Promise<readonly StoredWrap[]> {
    const rows = await this.#pool.query<KeyRow>(
      'SELECT purpose AS owner, version, wrapped, master_version FROM keys.index_key WHERE master_version <> $1',
      [target],
    );
    return rows.map(storedWrap('index-key'));
  }

  /**
   * Stores what was wrapped again and how far the run has come, in one transaction. A key that was destroyed or
   * changed in the meantime stays as it is.
   * @returns the position, with what was stored counted in
   */
  async replace(
    purpose: keyof typeof TABLES,
    replacements: readonly Replacement[],
    position: RewrapPosition,
    at: Date,
  ): Promise<RewrapPosition> {
    const { name, owner, type } = TABLES[purpose];
    const rows = await this.#pool.query<{ done: string }>(
      `WITH given AS (
         SELECT * FROM unnest($1::${type}[], $2::int[], $3::bytea[], $4::bytea[], $5::int[])
           AS given (owner, version, before, after, master)
       ), replaced AS (
         UPDATE ${name} AS k SET wrapped = given.after, master_version = given.master
         FROM given JOIN ${name} AS previous ON previous.${owner} = given.owner AND previous.version = given.version
         WHERE k.${owner} = given.owner AND k.version = given.version AND k.wrapped = given.before
         RETURNING previous.master_version
       ), noted AS (
         INSERT INTO keys.master_version (version, superseded_at, last_rewrapped_at)
         SELECT DISTINCT master_version, $8::timestamptz, $8::timestamptz FROM replaced
         ON CONFLICT (version) DO UPDATE SET last_rewrapped_at = excluded.last_rewrapped_at
       )
       UPDATE keys.rewrapping SET after_subject = $6, after_version = $7, done = done + (SELECT count(*) FROM replaced)
       RETURNING done::text`,
      [
        replacements.map(({ before }) => before.context.owner),
        replacements.map(({ before }) => before.context.version),
        replacements.map(({ before }) => before.wrapped),
        replacements.map(({ after }) => after.wrapped),
        replacements.map(({ after }) => after.masterVersion),
        position.subject,
        position.version,
        at,
      ],
    );
    return { ...position, done: Number(rows[0]?.done ?? position.done) };
  }

  async end(): Promise<void> {
    await this.#pool.query('DELETE FROM keys.rewrapping');
  }
}
