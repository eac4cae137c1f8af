import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from } from 'pg-copy-streams';
import { binaryRows, type Column } from './binary-rows.js';

/** A table of the ledger, and the columns that rows are copied into. */
export interface CopiedTable<Row> {
  readonly table: string;
  readonly columns: readonly Column<Row>[];
}

/** Inserts rows as a stream: a page of a table at a time instead of a row at a time. */
export async function copyRows<Row>(
  client: pg.Client,
  { table, columns }: CopiedTable<Row>,
  rows: Iterable<Row>,
): Promise<void> {
  const names = columns.map(({ name }) => name).join(', ');
  const copying = client.query(from(`COPY ${table} (${names}) FROM STDIN (FORMAT binary)`));
  await pipeline(Readable.from(binaryRows(columns, rows), { objectMode: false }), copying);
}
