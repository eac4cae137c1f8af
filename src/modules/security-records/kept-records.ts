import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { RequestContext } from '../../kernel/context.js';
import { PlainRowWriter, type RowName, SealedRowWriter } from '../../sealing/index.js';
import { Readmission, type RecordRows } from './readmission.js';
import { RecordResealing } from './resealing.js';
import type { RecordRow } from './standing-records.js';

/** Records of one kind, whatever their rows are. */
interface Kept {
  readonly called: string;
  /** Whether the sealed columns of this table are under its MAC. */
  seals(manager: EntityManager, table: string): boolean;
  readmit(context: RequestContext): Promise<number>;
  reseal(
    context: RequestContext,
    manager: EntityManager,
    id: string,
    columns: ReadonlyMap<string, Buffer>,
  ): Promise<void>;
}

/** How many rows of one kind were taken back. */
export interface Readmitted {
  /** The kind in the plural, as operators know it. */
  readonly called: string;
  readonly count: number;
}

/** Every kind of record that outlasts a restore or a new key: whoever keeps one adds it as it is made. */
@Injectable()
export class KeptRecords extends SealedRowWriter {
  readonly #readmission: Readmission;
  readonly #resealing: RecordResealing;
  readonly #plain = new PlainRowWriter();
  readonly #kinds: Kept[] = [];

  constructor(readmission: Readmission, resealing: RecordResealing) {
    super();
    this.#readmission = readmission;
    this.#resealing = resealing;
  }

  add<Row extends RecordRow>(rows: RecordRows<Row>): void {
    this.#kinds.push({
      called: rows.called,
      seals: (manager, table) =>
        rows.coversSealed && manager.dataSource.getMetadata(rows.entity).tablePath === table,
      readmit: (context) => this.#readmission.run(context, rows),
      reseal: (context, manager, id, columns) => this.#resealing.run(context, manager, rows, id, columns),
    });
  }

  /** Takes all of them as a backup has brought them back. May be broken off and repeated. */
  async readmit(context: RequestContext): Promise<readonly Readmitted[]> {
    const readmitted: Readmitted[] = [];
    for (const kind of this.#kinds)
      readmitted.push({ called: kind.called, count: await kind.readmit(context) });
    return readmitted;
  }

  /**
   * In a transaction that has locked the row: bytes that are under a record's MAC get a new one, all others are written as they are.
   * @throws Failure `conflict` when a record does not stand
   */
  override write(
    context: RequestContext,
    manager: EntityManager,
    row: RowName,
    columns: ReadonlyMap<string, Buffer>,
  ): Promise<void> {
    const kept = this.#kinds.find((kind) => kind.seals(manager, row.table));
    if (kept === undefined) return this.#plain.write(context, manager, row, columns);
    return kept.reseal(context, manager, row.id, columns);
  }
}
