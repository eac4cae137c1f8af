import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';

/** The views through which the ledger is read. */
const READABLE = [
  'audit.awaited',
  'audit.checkpoints',
  'audit.cosignatures',
  'audit.entries',
  'audit.head',
  'audit.hours',
  'audit.leaves',
  'audit.months',
  'audit.newest_checkpoint',
  'audit.refused',
  'audit.sinks',
  'audit.subject_records',
  'audit.tiles',
  'audit.untied',
  'audit.writers',
];

describe('the auditor’s database role', () => {
  let database: TestDatabase;
  let auditor: pg.Client;

  beforeAll(async () => {
    database = await createTestDatabase();
    auditor = new pg.Client({ connectionString: database.auditorUrl });
    await auditor.connect();
  });

  afterAll(async () => {
    await auditor.end();
    await database.drop();
  });

  const relations = (privilege: string): Promise<readonly string[]> =>
    database
      .query<{ name: string }>(
        `SELECT format('%s.%s', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND c.relkind IN ('r', 'v', 'm', 'p', 'f')
           AND (has_table_privilege('sceau_auditor', c.oid, $1)
             OR ($1 <> 'DELETE' AND $1 <> 'TRUNCATE' AND has_any_column_privilege('sceau_auditor', c.oid, $1)))
         ORDER BY 1`,
        [privilege],
      )
      .then((rows) => rows.map(({ name }) => name));

  it('may read the ledger’s views and no other relation', async () => {
    expect(await relations('SELECT')).toEqual(READABLE);
    for (const view of READABLE) await auditor.query(`SELECT * FROM ${view} LIMIT 1`);
  });

  it.each(['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE'])('may %s nothing', async (privilege) => {
    expect(await relations(privilege)).toEqual([]);
  });

  it('may execute none of our functions and use none of our sequences', async () => {
    const functions = await database.query(
      `SELECT p.oid::regprocedure::text AS name FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
       WHERE n.nspname NOT IN ('pg_catalog', 'information_schema')
         AND has_schema_privilege('sceau_auditor', n.oid, 'USAGE') AND has_function_privilege('sceau_auditor', p.oid, 'EXECUTE')`,
    );
    expect(functions).toEqual([]);
    const sequences = await database.query(
      `SELECT c.relname FROM pg_class c
       WHERE CASE WHEN c.relkind = 'S' THEN has_sequence_privilege('sceau_auditor', c.oid, 'USAGE') ELSE false END`,
    );
    expect(sequences).toEqual([]);
  });

  it('is no member of another role, no superuser and creates nothing', async () => {
    const [role] = await database.query(
      `SELECT rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls,
         EXISTS (SELECT FROM pg_auth_members m WHERE m.member = r.oid) AS "isMember",
         has_database_privilege(r.oid, current_database(), 'CREATE') AS "createsSchemas",
         EXISTS (SELECT FROM pg_namespace n WHERE has_schema_privilege(r.oid, n.oid, 'CREATE')) AS "createsTables"
       FROM pg_roles r WHERE rolname = 'sceau_auditor'`,
    );
    expect(Object.values(role ?? {})).toEqual(Array.from({ length: 8 }, () => false));
  });

  it('is refused what it asks for all the same', async () => {
    const tables = await database.query<{ name: string }>(
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
       WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
    );
    expect(tables.length).toBeGreaterThan(20);
    const attempts = [
      ...tables.map(({ name }) => `SELECT * FROM ${name} LIMIT 1`),
      'SELECT * FROM pg_authid',
      `SELECT pg_read_file('postgresql.conf')`,
      `COPY (SELECT 1) TO PROGRAM 'true'`,
      'SET ROLE sceau_ledger',
      'DELETE FROM audit.entries',
      `SELECT audit.references_of('{019ab1c2-3d4e-7f50-8a6b-0c1d2e3f4a5b}')`,
    ];
    const answers: string[] = [];
    for (const attempt of attempts) {
      const code = await auditor.query(attempt).then(
        () => 'allowed',
        (error: unknown) => (error instanceof pg.DatabaseError ? String(error.code) : 'lost'),
      );
      if (code !== '42501') answers.push(`${attempt}: ${code}`);
    }
    expect(answers).toEqual([]);
  });
});
