import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type pg from 'pg';
import { Failure } from '../../kernel/errors.js';
import type { CandidateId } from '../../kernel/ids.js';
import { Settings } from '../../platform/config/settings.js';
import { createPool } from '../../platform/database/pool.js';
import type { Action, EntryPurpose, Outcome } from '../entry/vocabulary.js';
import {
  consistencyProof,
  HASH_BYTES,
  inclusionProof,
  nodeFromTiles,
  type ReadNode,
  type TileRequest,
} from '../merkle/index.js';
import { type Condition, whereOf } from './conditions.js';

export interface LedgerFilter {
  readonly actor?: string;
  readonly client?: string;
  readonly agency?: string;
  /** The subject's reference, not the candidate's id. */
  readonly subject?: string;
  readonly action?: string;
  readonly outcome?: string;
  /** Inclusive. */
  readonly from?: string;
  /** Exclusive. */
  readonly to?: string;
}

/** An entry as the index table has it. */
export interface LedgerEntry {
  readonly index: number;
  readonly id: string;
  readonly at: Date;
  readonly action: Action;
  readonly outcome: Outcome;
  readonly reason: string | null;
  readonly actorKind: string;
  readonly actorId: string | null;
  readonly clientId: string | null;
  readonly agencyId: string | null;
  readonly sessionId: string | null;
  readonly resourceType: string;
  readonly resourceId: string | null;
  readonly purpose: EntryPurpose | null;
  readonly requestId: string;
  readonly origin: string;
  readonly count: number;
}

/** One access to one subject, as that subject may see it. */
export interface SubjectAccess extends LedgerEntry {
  readonly applicationId: string | null;
  readonly fields: readonly string[];
}

export interface PublishedCheckpoint {
  readonly size: number;
  readonly note: string;
  readonly at: Date;
}

export interface EntryProof {
  readonly index: number;
  /** The exact bytes that are hashed. */
  readonly envelope: Buffer;
  readonly hashes: readonly Buffer[];
  readonly checkpoint: PublishedCheckpoint;
}

const COLUMNS = `e.leaf_index::int8::text AS index, e.entry_id::text AS id, e.at, e.action, e.outcome, e.reason,
  e.actor_kind AS "actorKind", e.actor_id::text AS "actorId", e.client_id::text AS "clientId", e.agency_id::text AS "agencyId",
  e.session_id::text AS "sessionId", e.resource_type AS "resourceType", e.resource_id::text AS "resourceId", e.purpose,
  e.request_id::text AS "requestId", e.origin, e.count`;

type Row<T extends LedgerEntry> = Omit<T, 'index'> & { readonly index: string };

const numbered = <T extends LedgerEntry>(row: Row<T>): Omit<T, 'index'> & { index: number } => ({
  ...row,
  index: Number(row.index),
});

/** Reads the tree as role `sceau_auditor`, which can see nothing else of the database. */
@Injectable()
export class LedgerReader implements OnApplicationShutdown {
  readonly #auditor: pg.Pool;
  readonly #app: pg.Pool;

  constructor(settings: Settings) {
    const options = { max: 4, statementTimeoutMs: 10_000 };
    this.#auditor = createPool(settings.database.auditorUrl, {
      ...options,
      applicationName: 'sceau-auditor',
    });
    this.#app = createPool(settings.database.appUrl, {
      ...options,
      max: 2,
      applicationName: 'sceau-references',
    });
  }

  /** Newest first. @param before only entries with a smaller index */
  async list(filter: LedgerFilter, limit: number, before?: number): Promise<readonly LedgerEntry[]> {
    const conditions: Condition[] = [
      ['e.actor_id =', filter.actor],
      ['e.client_id =', filter.client],
      ['e.agency_id =', filter.agency],
      ['e.action =', filter.action],
      ['e.outcome =', filter.outcome],
      ['e.at >=', filter.from],
      ['e.at <', filter.to],
      ['e.leaf_index <', before],
      [
        'e.leaf_index IN (SELECT s.leaf_index FROM audit.subject_access s WHERE s.subject =',
        filter.subject,
        ')',
      ],
    ];
    const { text, values } = whereOf(conditions);
    const { rows } = await this.#auditor.query<Row<LedgerEntry>>(
      `SELECT ${COLUMNS} FROM audit.entry e ${text} ORDER BY e.leaf_index DESC LIMIT ${Number(limit)}`,
      values,
    );
    return rows.map((row) => numbered<LedgerEntry>(row));
  }

  /** @throws Failure `not_found` */
  async entry(id: string): Promise<LedgerEntry> {
    const { rows } = await this.#auditor.query<Row<LedgerEntry>>(
      `SELECT ${COLUMNS} FROM audit.entry e WHERE e.entry_id = $1`,
      [id],
    );
    const [row] = rows;
    if (row === undefined) throw new Failure('not_found');
    return numbered<LedgerEntry>(row);
  }

  /** Every access to one candidate's data, newest first. */
  async historyOf(candidate: CandidateId, limit: number, before?: number): Promise<readonly SubjectAccess[]> {
    const found = await this.#app.query<{ reference: string }>(
      'SELECT reference::text FROM audit.references_of(ARRAY[$1::uuid])',
      [candidate],
    );
    const { text, values } = whereOf([
      ['s.subject =', found.rows[0]?.reference],
      ['s.leaf_index <', before],
    ]);
    const { rows } = await this.#auditor.query<Row<SubjectAccess>>(
      `SELECT ${COLUMNS}, s.application_id::text AS "applicationId", s.fields
       FROM audit.subject_access s JOIN audit.entry e USING (leaf_index) ${text}
       ORDER BY s.leaf_index DESC LIMIT ${Number(limit)}`,
      values,
    );
    return rows.map((row) => numbered<SubjectAccess>(row));
  }

  /** The entry's bytes and its inclusion proof in the newest checkpoint. @throws Failure `not_found` */
  async proof(id: string): Promise<EntryProof> {
    const { rows } = await this.#auditor.query<{ index: string; envelope: Buffer }>(
      `SELECT l.leaf_index::text AS index, l.envelope FROM audit.entry e
       JOIN audit.leaf l ON l.leaf_index = e.leaf_index AND l.at = e.at WHERE e.entry_id = $1`,
      [id],
    );
    const [row] = rows;
    const checkpoint = await this.latestCheckpoint();
    const index = Number(row?.index);
    if (row === undefined || checkpoint === undefined || index >= checkpoint.size)
      throw new Failure('not_found');
    const hashes = await inclusionProof(this.#readNode, index, checkpoint.size);
    return { index, envelope: row.envelope, hashes, checkpoint };
  }

  /** @throws Failure `not_found` unless both sizes were published */
  async consistency(from: number, to: number): Promise<readonly Buffer[]> {
    const { rows } = await this.#auditor.query<{ size: string }>(
      'SELECT size::text FROM audit.checkpoint WHERE size = ANY ($1::bigint[])',
      [[from, to]],
    );
    const known = new Set(rows.map((row) => Number(row.size)));
    if (from < 1 || from > to || !known.has(from) || !known.has(to)) throw new Failure('not_found');
    return consistencyProof(this.#readNode, from, to);
  }

  async latestCheckpoint(): Promise<PublishedCheckpoint | undefined> {
    return (await this.checkpoints(1))[0];
  }

  /** Newest first. */
  async checkpoints(limit: number, before?: number): Promise<readonly PublishedCheckpoint[]> {
    const { text, values } = whereOf([['c.size <', before]]);
    const { rows } = await this.#auditor.query<{ size: string; note: string; at: Date }>(
      `SELECT c.size::text, c.note, c.at FROM audit.checkpoint c ${text} ORDER BY c.epoch DESC, c.size DESC LIMIT ${Number(limit)}`,
      values,
    );
    return rows.map((row) => ({ ...row, size: Number(row.size) }));
  }

  /** Hashes of a tile, or of the part of it that is asked for. @throws Failure `not_found` */
  async tile({ level, index, width }: TileRequest): Promise<Buffer> {
    const hashes = await this.#readTile(level, index);
    if (hashes === undefined || hashes.length < width * HASH_BYTES) throw new Failure('not_found');
    return hashes.subarray(0, width * HASH_BYTES);
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.#auditor.end(), this.#app.end()]);
  }

  readonly #readNode: ReadNode = (level, index) =>
    nodeFromTiles(
      async (position) => {
        const hashes = await this.#readTile(position.level, position.index);
        if (hashes === undefined) throw new Failure('internal_error', { privateDetail: 'a tile is missing' });
        return hashes;
      },
      level,
      index,
    );

  async #readTile(level: number, index: number): Promise<Buffer | undefined> {
    const { rows } = await this.#auditor.query<{ hashes: Buffer }>(
      'SELECT hashes FROM audit.tile WHERE level = $1 AND index = $2',
      [level, index],
    );
    return rows[0]?.hashes;
  }
}
