import {
  functionsOf,
  grantsToEverybody,
  type Relation,
  relationsOf,
  schemasOf,
} from '../../support/catalogue.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { FORBIDDEN, TryingRole } from '../../support/roles.js';

const LOGIN_ROLES = ['sceau_app', 'sceau_auditor', 'sceau_sequencer'] as const;

/** All that the app may do about the ledger. */
const LEDGER_FUNCTIONS_OF_APP = [
  'audit.append(uuid[],uuid[],bigint[],bytea[],bytea[],bytea[])',
  'audit.candidates_of(uuid[])',
  'audit.condition()',
  'audit.cut_tie(uuid)',
  'audit.epoch()',
  'audit.references_of(uuid[])',
  'audit.sequenced(uuid[])',
  'audit.tie(uuid[],uuid[],text[])',
];

/** Of the ledger's own tables; it changes or removes nothing that is in the tree. */
const TABLES_OF_SEQUENCER: Readonly<Record<string, readonly string[]>> = {
  'audit.checkpoint': ['SELECT', 'INSERT'],
  'audit.cosignature': ['SELECT', 'INSERT'],
  'audit.dropped_month': ['SELECT'],
  'audit.entry': ['SELECT', 'INSERT'],
  'audit.hour': ['SELECT', 'INSERT', 'UPDATE'],
  'audit.leaf': ['SELECT', 'INSERT'],
  'audit.months': ['SELECT'],
  'audit.quarantine': ['INSERT'],
  'audit.refusal': ['SELECT', 'INSERT', 'UPDATE', 'DELETE'],
  'audit.signed_head': ['SELECT', 'INSERT', 'UPDATE'],
  'audit.sink': ['SELECT', 'INSERT', 'UPDATE'],
  'audit.sinks': ['SELECT'],
  'audit.staging': ['SELECT', 'DELETE'],
  'audit.subject_record': ['SELECT', 'INSERT'],
  'audit.tile': ['SELECT', 'INSERT', 'UPDATE'],
  'audit.tree_head': ['SELECT', 'UPDATE'],
  'audit.writer': ['SELECT', 'INSERT', 'UPDATE'],
};

const VIEWS_OF_AUDITOR = [
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

/** SQLSTATE of a view or a column of one through which nobody, whatever their rights, can change anything. */
const UNCHANGEABLE = new Set<unknown>(['55000', '0A000']);

type Kind = 'SELECT' | 'INSERT' | 'UPDATE' | 'DELETE' | 'TRUNCATE';

/** Every way to read or change rows, column by column, none of which finds any. */
function statementsOn({ name, columns, isView }: Relation): readonly (readonly [Kind, string])[] {
  return [
    ...columns.flatMap((column): (readonly [Kind, string])[] => [
      ['SELECT', `SELECT ${column.name} FROM ${name} LIMIT 1`],
      ['INSERT', `INSERT INTO ${name} (${column.name}) SELECT NULL WHERE false`],
      ['UPDATE', `UPDATE ${name} SET ${column.name} = NULL WHERE false`],
    ]),
    ['DELETE', `DELETE FROM ${name} WHERE false`],
    ...(isView ? [] : [['TRUNCATE', `TRUNCATE ${name}`] as const]),
  ];
}

describe('the database roles', () => {
  let database: TestDatabase;
  let relations: readonly Relation[];
  const roles = new Map<string, TryingRole>();

  beforeAll(async () => {
    database = await createTestDatabase();
    await database.query(`SET ROLE sceau_ledger; SELECT audit.open_month('2026-11-01'); RESET ROLE`);
    relations = await relationsOf(database);
    const urls = [database.appUrl, database.auditorUrl, database.sequencerUrl];
    for (const [at, role] of LOGIN_ROLES.entries()) roles.set(role, await TryingRole.connect(urls[at] ?? ''));
  });

  afterAll(async () => {
    await Promise.all([...roles.values()].map((role) => role.end()));
    await database.drop();
  });

  const as = (role: (typeof LOGIN_ROLES)[number]): TryingRole => {
    const connection = roles.get(role);
    if (connection === undefined) throw new Error(`${role} is not connected.`);
    return connection;
  };
  /** Which of these statements are not refused. */
  async function allowed(role: TryingRole, statements: readonly string[]): Promise<string[]> {
    const done: string[] = [];
    for (const statement of statements) {
      const outcome = await role.attempt(statement);
      if (outcome !== FORBIDDEN) done.push(`${statement}: ${outcome}`);
    }
    return done;
  }
  const tables = () => relations.filter(({ isView }) => !isView);

  it('are no superusers, go round no policy, make no roles and belong to no other', async () => {
    const found = await database.query(
      `SELECT rolname AS role, rolcanlogin AS "canLogIn" FROM pg_roles
       WHERE rolname LIKE 'sceau%' AND NOT (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication OR rolinherit)
       ORDER BY 1`,
    );
    expect(found).toEqual([
      { role: 'sceau_app', canLogIn: true },
      { role: 'sceau_auditor', canLogIn: true },
      { role: 'sceau_ledger', canLogIn: false },
      { role: 'sceau_sequencer', canLogIn: true },
    ]);
    const memberships = await database.query(
      `SELECT member::regrole::text AS member, roleid::regrole::text AS role FROM pg_auth_members
       WHERE member::regrole::text LIKE 'sceau%' OR (roleid::regrole::text LIKE 'sceau%' AND member <> current_user::regrole)`,
    );
    expect(memberships).toEqual([]);
  });

  it('own nothing, but for the ledger, which nobody can log in as', async () => {
    const owned = await database.query<{ role: string }>(
      `SELECT DISTINCT refobjid::regrole::text AS role FROM pg_shdepend
       WHERE deptype = 'o' AND refobjid::regrole::text LIKE 'sceau%'
         AND dbid = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    );
    expect(owned).toEqual([{ role: 'sceau_ledger' }]);
  });

  it('are granted what they may by name: everybody is granted nothing', async () => {
    expect(await grantsToEverybody(database)).toEqual([]);
  });

  it.each(LOGIN_ROLES)('%s makes nothing, in no schema', async (role) => {
    const schemas = await schemasOf(database);
    expect(schemas.length).toBeGreaterThanOrEqual(11);
    const statements = [...schemas, 'pg_catalog'].flatMap((schema) => [
      `CREATE TABLE ${schema}.planted (id integer)`,
      `CREATE VIEW ${schema}.planted AS SELECT 1`,
      `CREATE FUNCTION ${schema}.planted() RETURNS integer LANGUAGE sql AS 'SELECT 1'`,
    ]);
    const others = [
      'CREATE TEMPORARY TABLE planted (id integer)',
      'CREATE SCHEMA planted',
      'CREATE ROLE planted',
      'CREATE EXTENSION pgcrypto SCHEMA platform',
    ];
    expect(await allowed(as(role), [...statements, ...others])).toEqual([]);
  });

  it.each(LOGIN_ROLES)('%s alters and drops nothing', async (role) => {
    const statements = tables().flatMap(({ name, columns }) => [
      `ALTER TABLE ${name} DISABLE ROW LEVEL SECURITY`,
      `ALTER TABLE ${name} NO FORCE ROW LEVEL SECURITY`,
      `ALTER TABLE ${name} DISABLE TRIGGER ALL`,
      `ALTER TABLE ${name} ADD COLUMN planted text`,
      `ALTER TABLE ${name} DROP COLUMN ${columns[0]?.name ?? ''} CASCADE`,
      `ALTER TABLE ${name} OWNER TO ${role}`,
      `CREATE POLICY planted ON ${name} USING (true)`,
      `CREATE TRIGGER planted BEFORE INSERT ON ${name} EXECUTE FUNCTION audit.refuse_change()`,
      `CREATE INDEX ON ${name} (${columns[0]?.name ?? ''})`,
      `GRANT ALL ON ${name} TO PUBLIC`,
      `TRUNCATE ${name}`,
      `DROP TABLE ${name} CASCADE`,
    ]);
    const views = relations.filter(({ isView }) => isView).map(({ name }) => `DROP VIEW ${name}`);
    const schemas = (await schemasOf(database)).map((schema) => `DROP SCHEMA ${schema} CASCADE`);
    const functions = (await functionsOf(database)).flatMap((name) => [
      `DROP FUNCTION ${name} CASCADE`,
      `ALTER FUNCTION ${name} SECURITY DEFINER`,
    ]);
    const done = await allowed(as(role), [...statements, ...views, ...schemas, ...functions]);
    // A grant that grants nothing is answered with a warning, and nothing has been granted.
    expect(done.filter((line) => !/^GRANT .*: 0$/.test(line))).toEqual([]);
  });

  it.each(LOGIN_ROLES)('%s becomes nobody else and lifts nothing for its session', async (role) => {
    const [owner] = await database.query<{ name: string }>('SELECT quote_ident(current_user) AS name');
    const others = [...LOGIN_ROLES, 'sceau_ledger', owner?.name ?? ''].filter((other) => other !== role);
    const statements = others.flatMap((other) => [
      `SET ROLE ${other}`,
      `SET SESSION AUTHORIZATION ${other}`,
      `GRANT ${other} TO ${role}`,
      `ALTER ROLE ${other} PASSWORD 'planted'`,
    ]);
    const own = [
      `ALTER ROLE ${role} SUPERUSER`,
      `ALTER ROLE ${role} BYPASSRLS`,
      `ALTER ROLE ${role} CREATEROLE`,
      'SET session_replication_role = replica',
    ];
    expect(await allowed(as(role), [...statements, ...own])).toEqual([]);
  });

  it('the app reads and changes no row of the ledger; it appends through functions', async () => {
    const ledger = relations.filter(({ schema }) => schema === 'audit');
    expect(ledger.length).toBeGreaterThanOrEqual(19);
    for (const relation of ledger) {
      expect([relation.name, await kindsAllowed(as('sceau_app'), relation)]).toEqual([relation.name, []]);
    }
    expect(await executable('sceau_app')).toEqual(LEDGER_FUNCTIONS_OF_APP);
  });

  it('the auditor reads the views of the ledger, and nothing else of anything', async () => {
    for (const relation of relations) {
      const expected = VIEWS_OF_AUDITOR.includes(relation.name) ? ['SELECT'] : [];
      const may = await kindsAllowed(as('sceau_auditor'), relation);
      expect([relation.name, may]).toEqual([relation.name, expected]);
    }
    expect(await executable('sceau_auditor')).toEqual([]);
  });

  it('the sequencer does its own work on the ledger, and nothing anywhere else', async () => {
    for (const relation of relations) {
      const may = await kindsAllowed(as('sceau_sequencer'), relation);
      expect([relation.name, may]).toEqual([relation.name, TABLES_OF_SEQUENCER[relation.name] ?? []]);
    }
    expect(await executable('sceau_sequencer')).toEqual([
      'audit.append(uuid[],uuid[],bigint[],bytea[],bytea[],bytea[])',
      'audit.drop_month(date)',
      'audit.open_month(date)',
    ]);
  });

  /** What a role can do with any column of a table or view. */
  async function kindsAllowed(role: TryingRole, relation: Relation): Promise<Kind[]> {
    const kinds = new Set<Kind>();
    for (const [kind, statement] of statementsOn(relation)) {
      const outcome = await role.attempt(statement);
      if (outcome !== FORBIDDEN && !UNCHANGEABLE.has(outcome)) kinds.add(kind);
    }
    return [...kinds];
  }

  /** The ledger's functions that a role can call. */
  async function executable(role: string): Promise<string[]> {
    const names = (await functionsOf(database)).filter((name) => name.startsWith('audit.'));
    const rows = await database.query<{ name: string }>(
      `SELECT name FROM unnest($1::text[]) AS name WHERE has_function_privilege($2, name::regprocedure, 'EXECUTE') ORDER BY 1`,
      [names, role],
    );
    return rows.map(({ name }) => name);
  }
});
