import { Injectable } from '@nestjs/common';
import { Failure } from '../../kernel/errors.js';
import { Batch } from '../../platform/database/batch.js';
import { KeyStore } from '../keys/key-store.js';
import type { RecordKind } from './record-mac.js';

export interface RecordName {
  readonly kind: RecordKind;
  readonly id: string;
}

/** What the key store knows of a record. */
export interface KnownRevision {
  /** The last revision that is known to be committed; 0 before the first. */
  readonly settled: number;
  /** The highest revision that was ever begun. */
  readonly begun: number;
  /** The data database's transaction (xid8) that brings `begun`, while its outcome has not been noted. */
  readonly transaction: string | null;
}

/** Prepared once by each connection, under its name: every request of a signed-in person asks the first. */
interface Statement {
  readonly name: string;
  readonly text: string;
}

const FIND: Statement = {
  name: 'revision-find',
  text: `SELECT kind, record_id AS id, settled, begun, transaction::text FROM keys.record_revision
         WHERE (kind, record_id) IN (SELECT * FROM unnest($1::text[], $2::uuid[]))`,
};

const BEGIN: Statement = {
  name: 'revision-begin',
  text: `INSERT INTO keys.record_revision AS r (kind, record_id, settled, begun, transaction)
         VALUES ($1, $2, 0, 1, $3)
         ON CONFLICT (kind, record_id) DO UPDATE SET begun = r.begun + 1, transaction = excluded.transaction
         RETURNING begun`,
};

const SETTLE: Statement = {
  name: 'revision-settle',
  text: `UPDATE keys.record_revision
         SET settled = $3, transaction = CASE WHEN begun = $3 THEN NULL ELSE transaction END
         WHERE kind = $1 AND record_id = $2 AND settled < $3 AND begun >= $3`,
};

const ABANDON: Statement = {
  name: 'revision-abandon',
  text: `UPDATE keys.record_revision SET transaction = NULL
         WHERE kind = $1 AND record_id = $2 AND transaction = $3`,
};

const nameOf = ({ kind, id }: RecordName): string => `${kind}/${id}`;

/** Each security record's revision, outside the database that holds the record. A revision never falls. */
@Injectable()
export class RecordRevisions {
  readonly #store: KeyStore;
  readonly #finding = new Batch<RecordName, KnownRevision | undefined>((records) => this.#findAll(records));

  constructor(store: KeyStore) {
    this.#store = store;
  }

  /** As it stands after this was asked. */
  find(record: RecordName): Promise<KnownRevision | undefined> {
    return this.#finding.ask(record);
  }

  /** Notes, durably, that a transaction is about to bring the next revision. @returns that revision */
  async begin({ kind, id }: RecordName, transaction: string): Promise<number> {
    const [row] = await this.#query<{ begun: number }>(BEGIN, [kind, id, transaction]);
    if (row === undefined) throw new Failure('keys_unavailable', { privateDetail: 'a revision vanished' });
    return row.begun;
  }

  /** Notes that a revision is committed: no earlier one stands any more. */
  async settle({ kind, id }: RecordName, revision: number): Promise<void> {
    await this.#query(SETTLE, [kind, id, revision]);
  }

  /** Notes that a transaction was rolled back: the revision that it was to bring will never come. */
  async abandon({ kind, id }: RecordName, transaction: string): Promise<void> {
    await this.#query(ABANDON, [kind, id, transaction]);
  }

  async #findAll(records: readonly RecordName[]): Promise<(record: RecordName) => KnownRevision | undefined> {
    const values = [records.map(({ kind }) => kind), records.map(({ id }) => id)];
    const rows = await this.#query<KnownRevision & RecordName>(FIND, values);
    const known = new Map(rows.map((row) => [nameOf(row), row]));
    return (record) => known.get(nameOf(record));
  }

  async #query<Row extends object>(statement: Statement, values: unknown[]): Promise<Row[]> {
    try {
      return (await this.#store.pool.query<Row>({ ...statement, values })).rows;
    } catch (cause) {
      throw new Failure('keys_unavailable', { privateDetail: 'the key store does not answer', cause });
    }
  }
}
