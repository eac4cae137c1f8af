import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type pg from 'pg';
import { Failure } from '../../kernel/errors.js';
import type { SubjectId } from '../../kernel/ids.js';
import { Settings } from '../../platform/config/settings.js';
import { createPool } from '../../platform/database/pool.js';
import type { WrappedKey } from '../providers/key-provider.js';

export interface WantedKey {
  readonly subject: SubjectId;
  /** The version that sealed a value; left out: the newest, to seal with. */
  readonly version?: number;
}

export interface StoredKey extends WrappedKey {
  readonly owner: string;
  readonly version: number;
}

/** Told on commit when versions of an index key are deleted. */
export const INDEX_KEY_CHANNEL = 'sceau_index_key';

interface Row {
  owner: string;
  version: number;
  wrapped: Buffer;
  master_version: number;
}

/** Prepared once by each connection: asked whenever somebody's key is not in memory. */
const SUBJECT_KEYS = {
  name: 'subject-keys',
  text: `SELECT subject_id::text AS owner, version, wrapped, master_version FROM keys.subject_key
         WHERE subject_id = ANY($1::uuid[])`,
} as const;

const stored = (row: Row): StoredKey => ({
  owner: row.owner,
  version: row.version,
  wrapped: row.wrapped,
  masterVersion: row.master_version,
});

/** The wrapped keys, in a database that may be another than the data's. */
@Injectable()
export class KeyStore implements OnApplicationShutdown {
  readonly pool: pg.Pool;

  constructor(settings: Settings) {
    this.pool = createPool(settings.database.keystoreUrl, {
      applicationName: 'sceau-keys',
      max: 4,
      statementTimeoutMs: 5_000,
    });
  }

  /** Every version of these subjects' keys. */
  async subjectKeys(subjects: readonly SubjectId[]): Promise<readonly StoredKey[]> {
    const rows = await this.#query(SUBJECT_KEYS, [subjects]);
    return rows.map(stored);
  }

  /** @returns false when the subject has a key already */
  async addSubjectKey(subject: SubjectId, version: number, key: WrappedKey, at: Date): Promise<boolean> {
    const rows = await this.#query(
      `INSERT INTO keys.subject_key (subject_id, version, wrapped, master_version, created_at)
       VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING
       RETURNING subject_id::text AS owner, version, wrapped, master_version`,
      [subject, version, key.wrapped, key.masterVersion, at],
    );
    return rows.length > 0;
  }

  /** Every version of a subject's key and the tombstone, in one transaction; other processes are told on commit. */
  async destroySubject(subject: SubjectId, reason: string, at: Date): Promise<void> {
    await this.#query('SELECT keys.destroy_subject($1, $2, $3)', [subject, reason, at]);
  }

  async indexKey(purpose: string, version: number): Promise<StoredKey | undefined> {
    const [row] = await this.#query(
      `SELECT purpose AS owner, version, wrapped, master_version FROM keys.index_key
       WHERE purpose = $1 AND version = $2`,
      [purpose, version],
    );
    return row && stored(row);
  }

  /** @returns 0 when there is none */
  async newestIndexKey(purpose: string): Promise<number> {
    const [row] = await this.#query(
      `SELECT purpose AS owner, version, wrapped, master_version FROM keys.index_key
       WHERE purpose = $1 ORDER BY version DESC LIMIT 1`,
      [purpose],
    );
    return row?.version ?? 0;
  }

  /** Of several processes that add the same version one wins. */
  async addIndexKey(purpose: string, version: number, key: WrappedKey, at: Date): Promise<void> {
    await this.#query(
      `INSERT INTO keys.index_key (purpose, version, wrapped, master_version, created_at)
       VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
      [purpose, version, key.wrapped, key.masterVersion, at],
    );
  }

  /** Deletes the versions of an index key before one, and lets every process know. @returns how many there were */
  async deleteIndexKeys(purpose: string, before: number): Promise<number> {
    const rows = await this.#query(
      `WITH gone AS (DELETE FROM keys.index_key WHERE purpose = $1 AND version < $2
                     RETURNING purpose AS owner, version, wrapped, master_version)
       SELECT gone.*, pg_notify('${INDEX_KEY_CHANNEL}', '') FROM gone`,
      [purpose, before],
    );
    return rows.length;
  }

  /** Every index key, of every purpose and version. */
  async indexKeys(): Promise<readonly StoredKey[]> {
    const rows = await this.#query(
      'SELECT purpose AS owner, version, wrapped, master_version FROM keys.index_key',
      [],
    );
    return rows.map(stored);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool.end();
  }

  async #query(
    statement: string | { readonly name: string; readonly text: string },
    values: unknown[],
  ): Promise<Row[]> {
    try {
      return (await this.pool.query<Row>(statement, values)).rows;
    } catch (cause) {
      throw new Failure('keys_unavailable', { privateDetail: 'the key store does not answer', cause });
    }
  }
}
