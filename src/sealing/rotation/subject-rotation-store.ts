import { Injectable } from '@nestjs/common';
import { Failure } from '../../kernel/errors.js';
import type { SubjectId } from '../../kernel/ids.js';
import type { WrappedKey } from '../providers/key-provider.js';
import { RotationPool } from './rotation-pool.js';

/** A rotation of one subject's key that is under way. */
export interface SubjectRotationState {
  readonly toVersion: number;
  /** Since when new values are sealed under the new version. */
  readonly beganAt: Date;
  /** Since when nothing is stored under older ones. */
  readonly resealedAt: Date | null;
}

interface Row {
  to_version: number;
  began_at: Date;
  resealed_at: Date | null;
}

const CHANGED = `pg_notify('sceau_subject_key', $1::text)`;

/** The key store's own book about subjects' keys that are being renewed. */
@Injectable()
export class SubjectRotationStore {
  readonly #pool: RotationPool;

  constructor(pool: RotationPool) {
    this.#pool = pool;
  }

  async find(subject: SubjectId): Promise<SubjectRotationState | undefined> {
    const [row] = await this.#pool.query<Row>(
      'SELECT to_version, began_at, resealed_at FROM keys.subject_rotation WHERE subject_id = $1',
      [subject],
    );
    return row && { toVersion: row.to_version, beganAt: row.began_at, resealedAt: row.resealed_at };
  }

  /** Subjects whose rotation is at work or was killed. */
  async underWay(): Promise<readonly string[]> {
    const rows = await this.#pool.query<{ subject: string }>(
      'SELECT subject_id::text AS subject FROM keys.subject_rotation ORDER BY began_at',
    );
    return rows.map(({ subject }) => subject);
  }

  /** Which of these have keys, none of them made since a moment of their own, or are being rotated. */
  async outdated(since: ReadonlyMap<SubjectId, Date>): Promise<readonly SubjectId[]> {
    const rows = await this.#pool.query<{ subject: SubjectId }>(
      `SELECT k.subject_id::text AS subject
       FROM keys.subject_key AS k JOIN unnest($1::uuid[], $2::timestamptz[]) AS p (id, moment) ON p.id = k.subject_id
       GROUP BY k.subject_id
       HAVING max(k.created_at) < max(p.moment) OR EXISTS (SELECT FROM keys.subject_rotation AS r WHERE r.subject_id = k.subject_id)
       ORDER BY k.subject_id`,
      [[...since.keys()], [...since.values()]],
    );
    return rows.map(({ subject }) => subject);
  }

  /** @throws Failure `not_found` for a subject without keys */
  async newestVersion(subject: SubjectId): Promise<number> {
    const [row] = await this.#pool.query<{ version: number | null }>(
      'SELECT max(version) AS version FROM keys.subject_key WHERE subject_id = $1',
      [subject],
    );
    if (row?.version == null) throw new Failure('not_found', { detail: 'This subject has no key.' });
    return row.version;
  }

  /** A version more; every process seals with it as soon as this is committed. */
  async begin(
    subject: SubjectId,
    toVersion: number,
    key: WrappedKey,
    at: Date,
  ): Promise<SubjectRotationState> {
    await this.#pool.transaction(async (client) => {
      await client.query(
        `INSERT INTO keys.subject_key (subject_id, version, wrapped, master_version, created_at)
         VALUES ($1, $2, $3, $4, $5)`,
        [subject, toVersion, key.wrapped, key.masterVersion, at],
      );
      await client.query(
        'INSERT INTO keys.subject_rotation (subject_id, to_version, began_at) VALUES ($1, $2, $3)',
        [subject, toVersion, at],
      );
      await client.query(`SELECT ${CHANGED}`, [subject]);
    });
    return { toVersion, beganAt: at, resealedAt: null };
  }

  /** @returns since when everything is resealed: the first time that was noted */
  async resealed(subject: SubjectId, at: Date): Promise<Date> {
    const [row] = await this.#pool.query<{ resealed_at: Date }>(
      `UPDATE keys.subject_rotation SET resealed_at = coalesce(resealed_at, $2) WHERE subject_id = $1
       RETURNING resealed_at`,
      [subject, at],
    );
    if (row === undefined) throw new Failure('not_found', { detail: 'This subject has been destroyed.' });
    return row.resealed_at;
  }

  /** Deletes the versions before the new one for good; every process forgets them. */
  async finish(subject: SubjectId, { toVersion }: SubjectRotationState): Promise<void> {
    await this.#pool.transaction(async (client) => {
      await client.query('DELETE FROM keys.subject_key WHERE subject_id = $1 AND version < $2', [
        subject,
        toVersion,
      ]);
      await client.query('DELETE FROM keys.subject_rotation WHERE subject_id = $1', [subject]);
      await client.query(`SELECT ${CHANGED}`, [subject]);
    });
  }
}
