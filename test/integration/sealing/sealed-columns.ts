import type { TestDatabase } from '../../support/database.js';

export interface SealedColumn {
  readonly schema: string;
  readonly table: string;
  readonly column: string;
  /** As SQL names the table. */
  readonly name: string;
}

/** Every column whose CHECK demands a sealed value, by the catalogue. */
export function sealedColumns(database: TestDatabase): Promise<readonly SealedColumn[]> {
  return database.query<SealedColumn & { [name: string]: string }>(
    `SELECT DISTINCT n.nspname AS schema, c.relname AS table, a.attname AS column, format('%I.%I', n.nspname, c.relname) AS name
     FROM pg_constraint k
     JOIN pg_class c ON c.oid = k.conrelid
     JOIN pg_namespace n ON n.oid = c.relnamespace
     JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (k.conkey)
     WHERE k.contype = 'c' AND a.atttypid = 'bytea'::regtype
       AND (pg_get_constraintdef(k.oid) LIKE '%is_sealed(%' OR pg_get_constraintdef(k.oid) LIKE '%197%')
     ORDER BY 1, 2, 3`,
  );
}
