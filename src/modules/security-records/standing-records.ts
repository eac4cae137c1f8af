import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { RequestContext } from '../../kernel/context.js';
import { Ledger } from '../../ledger/index.js';
import { Database } from '../../platform/database/database.js';
import { Logger } from '../../platform/logging/logger.js';
import {
  type AskedRevision,
  type RecordColumn,
  type RecordKind,
  type RecordRefusal,
  SecurityRecords,
} from '../../sealing/index.js';

/** What every security record's row has. */
export interface RecordRow {
  readonly id: string;
  readonly revision: number;
  readonly mac: Buffer;
}

/** What makes a row the present one. */
export type Stamped = Pick<RecordRow, 'revision' | 'mac'>;

/** How the rows of one table are security records; `Content` is what a row has besides revision and MAC. */
export interface RecordTable<Content> {
  readonly kind: RecordKind;
  /** Every column that the MAC covers, in an order that never changes. */
  readonly columns: (content: Content) => readonly RecordColumn[];
}

/** Reads and writes security records: one that does not stand counts for nothing, and that is alerted. */
@Injectable()
export class StandingRecords {
  readonly #records: SecurityRecords;
  readonly #database: Database;
  readonly #ledger: Ledger;
  readonly #logger: Logger;

  constructor(records: SecurityRecords, database: Database, ledger: Ledger, logger: Logger) {
    this.#records = records;
    this.#database = database;
    this.#ledger = ledger;
    this.#logger = logger;
  }

  /**
   * @param find reads the row; called again when it was changed while it was looked at
   * @returns the row, or `null` when there is none that stands
   * @throws Failure `keys_unavailable`, `ledger_unavailable`
   */
  async read<Row extends RecordRow>(
    context: RequestContext,
    manager: EntityManager,
    table: RecordTable<Row>,
    find: () => Promise<Row | null>,
  ): Promise<Row | null> {
    let row = await find();
    while (row !== null) {
      const refusal = await this.refusal(manager, table, row);
      if (refusal === undefined) return row;
      const again = await find();
      if (again?.id === row.id && again.revision === row.revision) {
        await this.refuse(context, table.kind, row.id, refusal);
        return null;
      }
      row = again;
    }
    return null;
  }

  /** Why a row does not stand. Whoever holds no lock on it uses `read`, which looks again. */
  refusal<Row extends RecordRow>(
    manager: EntityManager,
    { kind, columns }: RecordTable<Row>,
    row: Row,
  ): Promise<RecordRefusal | undefined> {
    const { id, revision, mac } = row;
    return this.#records.refusal(manager, { kind, id, revision, mac, columns: columns(row) });
  }

  /** Whether a row plainly stands, no change of it being under way. Otherwise `read` or `refusal` finds out. */
  isSettled<Row extends RecordRow>(
    { kind, columns }: RecordTable<Row>,
    row: Row,
    asked?: AskedRevision,
  ): Promise<boolean> {
    const { id, revision, mac } = row;
    return this.#records.isSettled({ kind, id, revision, mac, columns: columns(row) }, asked);
  }

  /** Asks beforehand what `isSettled` needs to know of a row that is still being read. */
  ask({ kind }: Pick<RecordTable<never>, 'kind'>, id: string): AskedRevision {
    return this.#records.ask({ kind, id });
  }

  /**
   * What the row must carry that is to be written in this transaction, which has locked the row or inserts it.
   * @throws Failure `keys_unavailable`, upon which the transaction must fail
   */
  async stamp<Content extends { readonly id: string }>(
    manager: EntityManager,
    { kind, columns }: RecordTable<Content>,
    content: Content,
  ): Promise<Stamped> {
    const record = { kind, id: content.id, columns: columns(content) };
    const { revision, mac, settle } = await this.#records.stamp(manager, record);
    this.#database.afterCommit(manager, settle);
    return { revision, mac };
  }

  /**
   * Alerts that a row does not count.
   * @throws Failure `ledger_unavailable`
   */
  async refuse(context: RequestContext, kind: RecordKind, id: string, reason: RecordRefusal): Promise<void> {
    const { requestId } = context;
    this.#logger.warn('security record refused', { kind, reason, requestId });
    await this.#ledger.append(
      { action: 'security_record.refused', context, outcome: 'refused', reason, resource: id },
      'staged',
    );
  }
}
