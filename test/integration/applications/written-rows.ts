import type { TestDatabase } from '../../support/database.js';
import { asSuperuser } from '../ledger/tampering.js';
import { copyRow, type Row } from '../sealing/record-rows.js';

const TABLE = 'applications.application';

/** Applications as somebody writes them who may do everything in the database, whatever stands in the way. */
export class WrittenRows {
  readonly #database: TestDatabase;

  constructor(database: TestDatabase) {
    this.#database = database;
  }

  copy(id: string): Promise<Row> {
    return copyRow(this.#database, TABLE, id);
  }

  /** Changes a row and nothing else. */
  alter(id: string, changes: Row): Promise<void> {
    const columns = Object.keys(changes).map((name, at) => `${name} = $${at + 2}`);
    return this.#write(`UPDATE ${TABLE} SET ${columns.join(', ')} WHERE id = $1`, [
      id,
      ...Object.values(changes),
    ]);
  }

  /** Writes a copy over the row that has its id now. */
  putBack(row: Row): Promise<void> {
    const names = Object.keys(row).join(', ');
    const all = `SELECT ${names} FROM jsonb_populate_record(NULL::${TABLE}, $1)`;
    return this.#write(`UPDATE ${TABLE} SET (${names}) = (${all}) WHERE id = $2`, [row, row['id']]);
  }

  plant(row: Row): Promise<void> {
    return this.#write(`INSERT INTO ${TABLE} SELECT (jsonb_populate_record(NULL::${TABLE}, $1)).*`, [row]);
  }

  remove(id: string): Promise<void> {
    return this.#write(`DELETE FROM ${TABLE} WHERE id = $1`, [id]);
  }

  /** Gives a vacancy, and nothing of what was sent to it, to another agency. */
  moveVacancy(id: string, agencyId: string): Promise<void> {
    return this.#write('UPDATE vacancies.vacancy SET agency_id = $2 WHERE id = $1', [id, agencyId]);
  }

  #write(statement: string, values: unknown[]): Promise<void> {
    return asSuperuser(this.#database, async (query) => {
      await query(statement, values);
    });
  }
}

/** What a copy has of bytes, to be written into another row. */
export const bytes = (value: unknown): Buffer => Buffer.from(String(value).replace(/^\\x/, ''), 'hex');
