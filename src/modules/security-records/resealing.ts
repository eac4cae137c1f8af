import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { RequestContext } from '../../kernel/context.js';
import { Failure } from '../../kernel/errors.js';
import type { RecordRows } from './readmission.js';
import { type RecordRow, StandingRecords } from './standing-records.js';

/** New bytes for sealed columns of security records, whose content stays what it is. */
@Injectable()
export class RecordResealing {
  readonly #records: StandingRecords;

  constructor(records: StandingRecords) {
    this.#records = records;
  }

  /**
   * In a transaction that has locked the row. Gives it the revision and the MAC that the new bytes need.
   * @param columns new bytes by the column's name in the database
   * @throws Failure `conflict` when the row does not stand: it would be made genuine by this
   */
  async run<Row extends RecordRow>(
    context: RequestContext,
    manager: EntityManager,
    { table, entity }: RecordRows<Row>,
    id: string,
    columns: ReadonlyMap<string, Buffer>,
  ): Promise<void> {
    const query = manager.createQueryBuilder(entity, 'record').where('record.id = :id', { id });
    const row = await this.#records.read(context, manager, table, () => query.getOne());
    if (row === null)
      throw new Failure('conflict', {
        detail:
          'A security record of this subject is not as the product last wrote it. Look into that first; after a restore, run sceau records readmit.',
      });
    const metadata = manager.dataSource.getMetadata(entity);
    const content: Row = { ...row };
    for (const { databaseName, propertyName } of metadata.columns) {
      const bytes = columns.get(databaseName);
      if (bytes !== undefined) Reflect.set(content, propertyName, bytes);
    }
    const { revision, mac } = await this.#records.stamp(manager, table, content);
    const assignments = [...columns.keys()].map((column, index) => `"${column}" = $${index + 4}`);
    await manager.query(
      `UPDATE ${metadata.tablePath} SET revision = $2, mac = $3, ${assignments.join(', ')} WHERE id = $1`,
      [id, revision, mac, ...columns.values()],
    );
  }
}
