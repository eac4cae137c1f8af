import type { TestDatabase } from './database.js';

/** Schemas that are PostgreSQL's own; whatever else there is, is ours to answer for. */
const OURS = `n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)'`;

export interface Relation {
  readonly name: string;
  readonly schema: string;
  readonly isView: boolean;
  /** Row-level security is on, for the owner too. */
  readonly isWalled: boolean;
  /** What `sceau_app` was granted here, on the whole or on a column. */
  readonly appMay: readonly string[];
  /** Columns that can be written, with their types. */
  readonly columns: readonly { readonly name: string; readonly type: string }[];
}

/** Every table, partition and view that is not PostgreSQL's own. */
export function relationsOf(database: TestDatabase): Promise<Relation[]> {
  return database.query<Relation>(
    `SELECT format('%I.%I', n.nspname, c.relname) AS name, n.nspname AS schema, c.relkind IN ('v', 'm') AS "isView",
            c.relrowsecurity AND c.relforcerowsecurity AS "isWalled",
            ARRAY(SELECT p FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) AS p
                  WHERE has_table_privilege('sceau_app', c.oid, p)
                     OR (p IN ('SELECT', 'INSERT', 'UPDATE', 'REFERENCES') AND has_any_column_privilege('sceau_app', c.oid, p))
                 ) AS "appMay",
            (SELECT jsonb_agg(jsonb_build_object('name', quote_ident(a.attname), 'type', a.atttypid::regtype::text) ORDER BY a.attnum)
             FROM pg_attribute a
             WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '') AS columns
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE ${OURS} AND c.relkind IN ('r', 'p', 'v', 'm', 'f') ORDER BY 1`,
  );
}

export async function schemasOf(database: TestDatabase): Promise<string[]> {
  const rows = await database.query<{ name: string }>(
    `SELECT quote_ident(n.nspname) AS name FROM pg_namespace n WHERE ${OURS} ORDER BY 1`,
  );
  return rows.map(({ name }) => name);
}

/** Every function that is not PostgreSQL's own, as a statement names it. */
export async function functionsOf(database: TestDatabase): Promise<string[]> {
  const rows = await database.query<{ name: string }>(
    `SELECT p.oid::regprocedure::text AS name FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE ${OURS} ORDER BY 1`,
  );
  return rows.map(({ name }) => name);
}

/** What everybody was granted on our database, schemas, relations, columns and functions; there should be nothing. */
export async function grantsToEverybody(database: TestDatabase): Promise<string[]> {
  const rows = await database.query<{ granted: string }>(
    `WITH owned (object, acl) AS (
       SELECT 'schema ' || n.nspname, n.nspacl FROM pg_namespace n WHERE ${OURS}
       UNION ALL
       SELECT c.oid::regclass::text, coalesce(c.relacl, acldefault(CASE c.relkind WHEN 'S' THEN 's'::"char" ELSE 'r' END, c.relowner))
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ${OURS} AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
       UNION ALL
       SELECT a.attrelid::regclass || '.' || a.attname, a.attacl
       FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ${OURS}
       UNION ALL
       SELECT p.oid::regprocedure::text, coalesce(p.proacl, acldefault('f', p.proowner))
       FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE ${OURS}
       UNION ALL
       SELECT 'database', coalesce(d.datacl, acldefault('d', d.datdba)) FROM pg_database d WHERE d.datname = current_database()
     )
     SELECT object || ': ' || g.privilege_type AS granted FROM owned, aclexplode(acl) AS g WHERE g.grantee = 0 ORDER BY 1`,
  );
  return rows.map(({ granted }) => granted);
}
