import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { RequestContext } from '../../kernel/context.js';
import type { SubjectId } from '../../kernel/ids.js';
import type { PlaceName } from '../places.js';
import { SEALED_COLUMNS, type SealedColumn } from './sealed-columns.js';

/** One row of a table that seals, by the id that its values are bound to. */
export interface RowName {
  readonly table: string;
  /** Column with the id. */
  readonly row: string;
  readonly id: string;
}

export interface SealedRow extends RowName {
  readonly values: readonly { readonly place: PlaceName; readonly column: string; readonly value: Buffer }[];
}

/** How a row is changed without its content changing: by itself, or by the module that keeps more about it. */
export abstract class SealedRowWriter {
  /** @param columns new bytes by column */
  abstract write(
    context: RequestContext,
    manager: EntityManager,
    row: RowName,
    columns: ReadonlyMap<string, Buffer>,
  ): Promise<void>;
}

/** For rows about which nothing else is kept. */
@Injectable()
export class PlainRowWriter extends SealedRowWriter {
  override async write(
    _context: RequestContext,
    manager: EntityManager,
    { table, row, id }: RowName,
    columns: ReadonlyMap<string, Buffer>,
  ): Promise<void> {
    const assignments = [...columns.keys()].map((column, index) => `"${column}" = $${index + 2}`);
    await manager.query(`UPDATE ${table} SET ${assignments.join(', ')} WHERE "${row}" = $1`, [
      id,
      ...columns.values(),
    ]);
  }
}

interface Table extends Omit<SealedColumn, 'column'> {
  readonly columns: readonly { readonly place: PlaceName; readonly column: string }[];
}

const isPlace = (name: string): name is PlaceName => Object.hasOwn(SEALED_COLUMNS, name);

/** Every table that seals, with its sealed columns together. */
export const SEALED_TABLES: readonly Table[] = Array.from(
  Map.groupBy(Object.keys(SEALED_COLUMNS).filter(isPlace), (place) => SEALED_COLUMNS[place].table),
  ([, [first, ...others]]): Table => {
    if (first === undefined) throw new Error('A group has a first place.');
    const { column, ...table } = SEALED_COLUMNS[first];
    const rest = others.map((place) => ({ place, column: SEALED_COLUMNS[place].column }));
    return { ...table, columns: [{ place: first, column }, ...rest] };
  },
);

/** All rows of a subject in one table, locked until the transaction ends. */
export async function lockRows(
  manager: EntityManager,
  { table, row, owned, columns }: Table,
  subject: SubjectId,
): Promise<readonly SealedRow[]> {
  const list = columns.map(({ column }) => `"${column}"`).join(', ');
  const rows: Readonly<Record<string, Buffer | string | null>>[] = await manager.query(
    `SELECT "${row}"::text AS "row id", ${list} FROM ${table} WHERE ${owned} FOR UPDATE`,
    [subject],
  );
  return rows.map((found) => ({
    table,
    row,
    id: String(found['row id']),
    values: columns.flatMap(({ place, column }) => {
      const value = found[column];
      return Buffer.isBuffer(value) ? [{ place, column, value }] : [];
    }),
  }));
}
