import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestDatabase } from './database.js';
import { pgDump } from './pg-dump/pg-dump.js';

/** The content of one column of one row, as it is: text unescaped, bytes not in hex. */
export interface Cell {
  readonly table: string;
  readonly value: Buffer;
}

/** What a thief takes away. */
export interface Copy {
  /** What pg_dump writes, each row and each value in it, and the database's own files, indexes included. */
  readonly database: Buffer;
  /** The write-ahead log. The server's other databases are in it as well. */
  readonly log: Buffer;
}

/** Has the server keep its write-ahead log from here on, however much the other databases write, until it is let go. */
export async function keepLog(database: TestDatabase): Promise<() => Promise<void>> {
  const slot = [`copy_${process.pid}_${process.hrtime.bigint()}`];
  await database.query('SELECT pg_create_physical_replication_slot($1, true)', slot);
  return async () => {
    await database.query('SELECT pg_drop_replication_slot($1)', slot);
  };
}

/** The server's own files: of this database, indexes and what was removed included, and of its write-ahead log. */
export async function serverFiles(database: TestDatabase): Promise<Copy> {
  // Everything that is still in memory only is written.
  await database.query('CHECKPOINT');
  const [place] = await database.query<{ root: string; oid: string }>(
    `SELECT current_setting('data_directory') AS root, (SELECT oid::text FROM pg_database WHERE datname = current_database()) AS oid`,
  );
  if (place === undefined) throw new Error('The server does not say where its data is.');
  return {
    database: await filesIn(join(place.root, 'base', place.oid)),
    log: await filesIn(join(place.root, 'pg_wal')),
  };
}

/** Everything a thief of the database gets: what pg_dump writes, rows as JSON, values as they are, and the server's files. */
export async function copyDatabase(database: TestDatabase): Promise<Copy> {
  const { sql } = await pgDump(database);
  const parts: Buffer[] = [sql];
  for (const table of await tablesOf(database)) {
    const json = await database.query<{ row: unknown }>(`SELECT to_jsonb(t) AS row FROM ${table} t`);
    parts.push(Buffer.from(JSON.stringify(json)));
  }
  for (const { value } of await cellsOf(database)) parts.push(value, Buffer.from('\n'));
  const files = await serverFiles(database);
  return { database: Buffer.concat([...parts, files.database]), log: files.log };
}

/** Every value that is neither a number, a time nor an id. */
export async function cellsOf(database: TestDatabase): Promise<readonly Cell[]> {
  const cells: Cell[] = [];
  for (const table of await tablesOf(database)) {
    const columns = await database.query<{ name: string; isBinary: boolean }>(
      `SELECT quote_ident(attname) AS name, atttypid = 'bytea'::regtype AS "isBinary" FROM pg_attribute
       WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped
         AND atttypid NOT IN (SELECT unnest('{uuid,boolean,smallint,integer,bigint,double precision,timestamptz}'::regtype[]))`,
      [table],
    );
    for (const { name, isBinary } of columns) {
      const value = isBinary ? name : `convert_to(${name}::text, 'UTF8')`;
      const rows = await database.query<{ value: Buffer }>(
        `SELECT ${value} AS value FROM ${table} WHERE ${name} IS NOT NULL`,
      );
      for (const row of rows) cells.push({ table, value: row.value });
    }
  }
  return cells;
}

async function tablesOf(database: TestDatabase): Promise<string[]> {
  const tables = await database.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
  );
  return tables.map(({ name }) => name);
}

async function filesIn(folder: string): Promise<Buffer> {
  const entries = await readdir(folder, { withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ name }) => readFile(join(folder, name)));
  return Buffer.concat(await Promise.all(files));
}
