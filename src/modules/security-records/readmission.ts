import { Injectable } from '@nestjs/common';
import type { EntityTarget } from 'typeorm';
import type { RequestContext } from '../../kernel/context.js';
import { Ledger } from '../../ledger/index.js';
import { Database } from '../../platform/database/database.js';
import type { Scope } from '../../platform/database/scope.js';
import { type RecordRow, type RecordTable, StandingRecords } from './standing-records.js';

/** The rows of one kind of record, and where they are. */
export interface RecordRows<Row extends RecordRow> {
  /** The kind in the plural, as operators know it. */
  readonly called: string;
  readonly table: RecordTable<Row>;
  readonly entity: EntityTarget<Row>;
  /** Whether the MAC covers sealed columns, which are then never written without it. */
  readonly coversSealed: boolean;
  /** What a row that is taken back must not bring with it. */
  readonly amend?: (row: Row) => Partial<Row>;
}

const PAGE = 500;
const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';
const SCOPE: Scope = { kind: 'system' };

/**
 * After the data was restored from a backup, whatever changed since then is a row put back like any other. An operator
 * who knows that takes those rows as the present ones; what the product never wrote stays refused.
 */
@Injectable()
export class Readmission {
  readonly #records: StandingRecords;
  readonly #database: Database;
  readonly #ledger: Ledger;

  constructor(records: StandingRecords, database: Database, ledger: Ledger) {
    this.#records = records;
    this.#database = database;
    this.#ledger = ledger;
  }

  /** May be broken off and repeated. @returns how many rows were readmitted, each of which is an entry of the ledger */
  async run<Row extends RecordRow>(context: RequestContext, rows: RecordRows<Row>): Promise<number> {
    let readmitted = 0;
    let page = await this.#pageAfter(rows, BEFORE_ALL);
    while (page.length > 0) {
      // Nearly all of a large table stand: they are asked for together, and neither locked nor looked at again.
      const settled = await Promise.all(page.map((row) => this.#records.isSettled(rows.table, row)));
      for (const { id } of page.filter((_, at) => settled[at] !== true))
        if (await this.#readmit(context, rows, id)) readmitted += 1;
      page = await this.#pageAfter(rows, page.at(-1)?.id ?? BEFORE_ALL);
    }
    return readmitted;
  }

  #pageAfter<Row extends RecordRow>({ entity }: RecordRows<Row>, id: string): Promise<readonly Row[]> {
    return this.#database.run(SCOPE, (manager) => {
      const query = manager.createQueryBuilder(entity, 'record').where('record.id > :id', { id });
      return query.orderBy('record.id').limit(PAGE).getMany();
    });
  }

  #readmit<Row extends RecordRow>(
    context: RequestContext,
    { table, entity, amend }: RecordRows<Row>,
    id: string,
  ): Promise<boolean> {
    return this.#database.run(SCOPE, async (manager) => {
      const query = manager.createQueryBuilder(entity, 'record').where('record.id = :id', { id });
      const row = await query.setLock('pessimistic_write').getOne();
      const refusal = row === null ? undefined : await this.#records.refusal(manager, table, row);
      if (row === null || refusal === undefined || refusal === 'forged') return false;
      const amended: Row = { ...row, ...amend?.(row) };
      const stamp = await this.#records.stamp(manager, table, amended);
      await manager.getRepository(entity).save({ ...amended, ...stamp });
      await this.#ledger.stage(manager, { action: 'security_record.readmitted', context, resource: id });
      return true;
    });
  }
}
