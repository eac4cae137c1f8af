import { relationsOf } from '../../../support/catalogue.js';
import type { TestDatabase } from '../../../support/database.js';

export interface PlantableColumn {
  readonly name: string;
  readonly type: string;
  readonly isRequired: boolean;
  /** What the table's checks want of it; `null` where they name no such thing. */
  readonly sealed: boolean;
  /** Least length in bytes. */
  readonly bytes: number | null;
  readonly choice: string | null;
}

interface Reference {
  readonly columns: readonly string[];
  readonly table: string;
  readonly targets: readonly string[];
}

/** A table that the application's role may insert into, and what a row must satisfy there. */
export interface Plantable {
  readonly name: string;
  readonly columns: readonly PlantableColumn[];
  /** Columns by which a row is found. */
  readonly key: readonly string[];
  /** Columns that no two rows may share the values of, the key's among them. */
  readonly uniques: readonly (readonly string[])[];
  readonly references: readonly Reference[];
  /** The first moment that belongs here, of a partition by time. */
  readonly since: string | null;
}

const COLUMNS = `
  SELECT jsonb_agg(jsonb_build_object(
    'name', a.attname, 'type', a.atttypid::regtype::text, 'isRequired', a.attnotnull,
    'sealed', coalesce(c.checks ~ format('is_sealed\\(%s\\)', a.attname), false),
    'bytes', substring(c.checks FROM format('octet_length\\(%s\\) >?= (\\d+)', a.attname))::integer,
    'choice', substring(c.checks FROM format('\\m%s = ANY \\(ARRAY\\[''([^'']+)''', a.attname))) ORDER BY a.attnum)
  FROM pg_attribute a,
    (SELECT string_agg(pg_get_constraintdef(oid), ' ') AS checks FROM pg_constraint WHERE conrelid = t.oid AND contype = 'c') AS c
  WHERE a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''`;

const namesOf = (relation: string, numbers: string): string =>
  `(SELECT jsonb_agg(a.attname ORDER BY n.at) FROM unnest(${numbers}) WITH ORDINALITY AS n (number, at)
    JOIN pg_attribute a ON a.attrelid = ${relation} AND a.attnum = n.number)`;

const TABLE = `
  SELECT (${COLUMNS}) AS columns,
    substring(pg_get_expr(t.relpartbound, t.oid) FROM 'FROM \\(''([^'']+)') AS since,
    (SELECT ${namesOf('t.oid', 'i.indkey::smallint[]')} FROM pg_index i WHERE i.indrelid = t.oid AND i.indisprimary) AS key,
    (SELECT jsonb_agg(${namesOf('t.oid', 'i.indkey::smallint[]')}) FROM pg_index i
     WHERE i.indrelid = t.oid AND i.indisunique AND i.indexprs IS NULL) AS uniques,
    (SELECT coalesce(jsonb_agg(jsonb_build_object('columns', ${namesOf('f.conrelid', 'f.conkey')},
       'table', f.confrelid::regclass::text, 'targets', ${namesOf('f.confrelid', 'f.confkey')})), '[]')
     FROM pg_constraint f WHERE f.conrelid = t.oid AND f.contype = 'f') AS "references"
  FROM pg_class t WHERE t.oid = $1::regclass`;

/** Whatever is referred to comes before what refers to it. */
export async function plantablesOf(database: TestDatabase): Promise<readonly Plantable[]> {
  const waiting: Plantable[] = [];
  for (const { name, isView, appMay } of await relationsOf(database)) {
    if (isView || !appMay.includes('INSERT')) continue;
    const [found] = await database.query<Omit<Plantable, 'name'>>(TABLE, [name]);
    if (found !== undefined) waiting.push({ name, ...found });
  }
  const ordered: Plantable[] = [];
  while (waiting.length > 0) {
    const isFree = ({ name, references }: Plantable) =>
      references.every(({ table }) => table === name || waiting.every((other) => other.name !== table));
    const at = waiting.findIndex(isFree);
    const [next] = waiting.splice(Math.max(at, 0), 1);
    if (next !== undefined) ordered.push(next);
  }
  return ordered;
}
