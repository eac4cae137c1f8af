import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestDatabase } from './database.js';

/**
 * Everything a thief of the database gets: each table of every schema as COPY writes it (which is what pg_dump
 * emits of a table's contents), and the server's own files, indexes and write-ahead log included.
 */
export async function copyDatabase(database: TestDatabase): Promise<Buffer> {
  const tables = await database.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
  );
  const parts: Buffer[] = [];
  for (const { name } of tables) {
    const rows = await database.query<{ row: string }>(`SELECT t::text AS row FROM ${name} t`);
    parts.push(Buffer.from(`${name}\n${rows.map(({ row }) => row).join('\n')}\n`));
    const json = await database.query<{ row: unknown }>(`SELECT to_jsonb(t) AS row FROM ${name} t`);
    parts.push(Buffer.from(JSON.stringify(json)));
    parts.push(...(await binaryValues(database, name)));
  }
  return Buffer.concat([...parts, ...(await serverFiles(database))]);
}

/** The bytes of every bytea column as they are, for values that are sealed in name only. */
async function binaryValues(database: TestDatabase, table: string): Promise<Buffer[]> {
  const columns = await database.query<{ name: string }>(
    `SELECT attname AS name FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND atttypid = 'bytea'::regtype`,
    [table],
  );
  const parts: Buffer[] = [];
  for (const { name } of columns) {
    const rows = await database.query<{ value: Buffer | null }>(`SELECT "${name}" AS value FROM ${table}`);
    parts.push(...rows.flatMap(({ value }) => (value === null ? [] : [value])));
  }
  return parts;
}

/** Heap, index and log files, after a checkpoint has written them. */
async function serverFiles(database: TestDatabase): Promise<Buffer[]> {
  await database.query('CHECKPOINT');
  const [place] = await database.query<{ root: string; oid: string }>(
    `SELECT current_setting('data_directory') AS root, (SELECT oid::text FROM pg_database WHERE datname = current_database()) AS oid`,
  );
  if (place === undefined) throw new Error('The server does not say where its data is.');
  const parts: Buffer[] = [];
  for (const folder of [join(place.root, 'base', place.oid), join(place.root, 'pg_wal')]) {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      if (entry.isFile()) parts.push(await readFile(join(folder, entry.name)));
    }
  }
  return parts;
}

/** The ways in which a text could lie in a copy. */
export function encodingsOf(text: string): Readonly<Record<string, Buffer>> {
  const bytes = Buffer.from(text, 'utf8');
  const json = JSON.stringify(text).slice(1, -1);
  const ascii = json.replace(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return {
    'UTF-8': bytes,
    'UTF-16LE': Buffer.from(text, 'utf16le'),
    Latin1: Buffer.from(text, 'latin1'),
    hex: Buffer.from(bytes.toString('hex')),
    'upper-case hex': Buffer.from(bytes.toString('hex').toUpperCase()),
    // Whatever stands before the text shifts base64 by 0, 1 or 2 bytes; the inner part is what stays the same.
    ...Object.fromEntries([0, 1, 2].map((shift) => [`base64 shifted by ${shift}`, base64Core(bytes, shift)])),
    'JSON escapes': Buffer.from(json),
    'ASCII JSON escapes': Buffer.from(ascii),
    'percent encoding': Buffer.from(encodeURIComponent(text)),
    reversed: Buffer.from([...bytes].toReversed()),
  };
}

function base64Core(bytes: Buffer, shift: number): Buffer {
  const encoded = Buffer.concat([Buffer.alloc(shift), bytes])
    .toString('base64')
    .replace(/=+$/, '');
  return Buffer.from(encoded.slice(shift === 0 ? 0 : 4, -4));
}
