import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { RequestContext } from '../../kernel/context.js';
import { Failure, systemCode } from '../../kernel/errors.js';
import type { CandidateId, SubjectId } from '../../kernel/ids.js';
import { Randomness } from '../../kernel/randomness.js';
import { Database } from '../../platform/database/database.js';
import { enterScope } from '../../platform/database/enter-scope.js';
import { NONCE_BYTES } from '../format/cipher.js';
import { keyVersionOf, openField, sealField, type VersionedKey } from '../format/sealed-field.js';
import { KeyJournal } from './key-journal.js';
import { lockRows, SEALED_TABLES, type SealedRow, SealedRowWriter } from './sealed-rows.js';

/** How long to wait for somebody's row: well below the time after which PostgreSQL looks for a deadlock. */
const LOCK_TIMEOUT = '200ms';
const PAUSE_MS = 100;
const ATTEMPTS = 100;
/** SQLSTATE: lock_not_available, deadlock_detected. */
const BUSY = new Set(['55P03', '40P01']);

export interface Resealed {
  /** Values that are under the new version now. */
  readonly values: number;
  /** Values that do not open, under whichever version; they stay as they are. */
  readonly unreadable: number;
}

/** The subject's keys that values may be under, and the one they all shall be under. */
export interface ResealingKeys {
  readonly all: ReadonlyMap<number, VersionedKey>;
  readonly target: VersionedKey;
}

interface Change {
  readonly row: SealedRow;
  readonly columns: ReadonlyMap<string, Buffer>;
  readonly digests: readonly Buffer[];
}

/** Seals everything of one subject again, in one transaction. */
@Injectable()
export class SubjectResealing {
  readonly #database: Database;
  readonly #writer: SealedRowWriter;
  readonly #journal: KeyJournal;
  readonly #randomness: Randomness;

  constructor(database: Database, writer: SealedRowWriter, journal: KeyJournal, randomness: Randomness) {
    this.#database = database;
    this.#writer = writer;
    this.#journal = journal;
    this.#randomness = randomness;
  }

  /**
   * Repeating it changes nothing. From its commit on nothing can be stored under an older version.
   * @throws Failure `service_unavailable` when the subject's rows cannot be had for ten seconds and more
   */
  async run(context: RequestContext, subject: SubjectId, keys: ResealingKeys): Promise<Resealed> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#database.run({ kind: 'system' }, (manager) =>
          this.#reseal(manager, context, subject, keys),
        );
      } catch (error) {
        // Whoever holds a row may be waiting for us: letting go is what lets both go on.
        if (!BUSY.has(systemCode(error) ?? '')) throw error;
        if (attempt === ATTEMPTS)
          throw new Failure('service_unavailable', {
            detail: 'The subject’s rows are in use.',
            cause: error,
          });
        await pause(PAUSE_MS);
      }
    }
  }

  /** Forgets what was replaced, once no request that has read it can still be running. */
  async forgetReplaced(subject: SubjectId): Promise<void> {
    await this.#database.run({ kind: 'system' }, (manager) =>
      manager.query('DELETE FROM platform.resealed_value WHERE subject_id = $1', [subject]),
    );
  }

  async #reseal(
    manager: EntityManager,
    context: RequestContext,
    subject: SubjectId,
    keys: ResealingKeys,
  ): Promise<Resealed> {
    await manager.query(`SELECT set_config('lock_timeout', $1, true)`, [LOCK_TIMEOUT]);
    await manager.query('SELECT pg_advisory_xact_lock(platform.subject_values_lock($1))', [subject]);
    const raised: unknown[] = await manager.query(
      `INSERT INTO platform.subject_key_floor AS f (subject_id, version) VALUES ($1, $2)
       ON CONFLICT (subject_id) DO UPDATE SET version = excluded.version WHERE f.version < excluded.version
       RETURNING version`,
      [subject, keys.target.version],
    );
    const rows = await this.#lockAll(manager, subject);
    const { changes, unreadable } = this.#resealed(subject, rows, keys);
    await manager.query(
      `INSERT INTO platform.resealed_value (subject_id, digest)
       SELECT $1, digest FROM unnest($2::bytea[]) AS digest ON CONFLICT DO NOTHING`,
      [subject, changes.flatMap(({ digests }) => digests)],
    );
    for (const { row, columns } of changes) {
      await this.#enter(manager, row.table, subject);
      await this.#writer.write(context, manager, row, columns);
    }
    await enterScope(manager, { kind: 'system' });
    const values = changes.reduce((sum, { columns }) => sum + columns.size, 0);
    // A run that goes on after the commit of an earlier one has raised nothing: that one has recorded it.
    if (raised.length > 0) {
      const event = { action: 'key.subject_rotated', resource: subject, count: values } as const;
      await this.#journal.stage(manager, context, event);
    }
    return { values, unreadable };
  }

  async #lockAll(manager: EntityManager, subject: SubjectId): Promise<readonly SealedRow[]> {
    const rows: SealedRow[] = [];
    for (const table of SEALED_TABLES) {
      await this.#enter(manager, table.table, subject);
      rows.push(...(await lockRows(manager, table, subject)));
    }
    return rows;
  }

  async #enter(manager: EntityManager, table: string, subject: SubjectId): Promise<void> {
    const isOwn = SEALED_TABLES.some((known) => known.table === table && known.scope === 'candidate');
    await enterScope(
      manager,
      isOwn ? { kind: 'candidate', candidateId: asCandidate(subject) } : { kind: 'system' },
    );
  }

  #resealed(
    subject: SubjectId,
    rows: readonly SealedRow[],
    { all, target }: ResealingKeys,
  ): { readonly changes: readonly Change[]; readonly unreadable: number } {
    let unreadable = 0;
    const changes = rows.flatMap((row): Change[] => {
      const columns = new Map<string, Buffer>();
      const digests: Buffer[] = [];
      const position = { subject, row: row.id };
      for (const { place, column, value } of row.values) {
        const version = keyVersionOf(value);
        if (version === target.version) continue;
        try {
          const key = version === undefined ? undefined : all.get(version);
          if (key === undefined) throw new Error('There is no such key.');
          const text = openField(key.key, place, position, value);
          columns.set(column, sealField(target, this.#randomness.bytes(NONCE_BYTES), place, position, text));
          text.fill(0);
          digests.push(createHash('sha256').update(value).digest());
        } catch {
          unreadable += 1;
        }
      }
      return columns.size === 0 ? [] : [{ row, columns, digests }];
    });
    return { changes, unreadable };
  }
}

function asCandidate(subject: SubjectId): CandidateId {
  const id: string = subject;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a candidate has the id of their subject; of anybody else no row is shown
  return id as CandidateId;
}
