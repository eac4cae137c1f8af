import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { roleUrl } from '../../src/platform/database/roles.js';
import { PASSWORDS, TEMPLATE } from './template.ts';

export interface TestDatabase {
  readonly name: string;
  readonly ownerUrl: string;
  readonly appUrl: string;
  readonly auditorUrl: string;
  readonly sequencerUrl: string;
  /** One query as the owner, past every wall. */
  query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>;
  /** Lets go of every connection until the next query. */
  rest(): Promise<void>;
  drop(): Promise<void>;
}

/** The owner's address of the cluster that the whole run shares. */
function clusterUrl(): string {
  const url = process.env['SCEAU_TEST_DATABASE_URL'];
  if (url === undefined) throw new Error('The global set-up starts PostgreSQL before any test runs.');
  return url;
}

function at(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}

async function asOwner<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, application_name: 'sceau-test' });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** A copy of a database has all that is in it, but not who may connect to it. */
async function copyPrivileges(client: pg.Client, original: string, name: string): Promise<void> {
  const { rows } = await client.query<{ statement: string }>(
    `SELECT format('GRANT %s ON DATABASE %I TO %s', g.privilege_type, $2::text,
                   CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE g.grantee::regrole::text END) AS statement
     FROM pg_database d, aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) AS g WHERE d.datname = $1`,
    [original, name],
  );
  const grants = rows.map(({ statement }) => statement);
  await client.query([`REVOKE ALL ON DATABASE ${name} FROM PUBLIC`, ...grants].join(';'));
}

/**
 * A fresh, migrated, empty database.
 * @param template or a copy of this one, to which nobody may be connected
 */
export function createTestDatabase(template: string = TEMPLATE): Promise<TestDatabase> {
  return createFrom(template);
}

/** A database in which nothing has been prepared. */
export function createBareDatabase(): Promise<TestDatabase> {
  return createFrom('template0');
}

/** The same once more, as a backup of this moment would bring it back. Nobody else may be connected. */
export async function copyTestDatabase(original: TestDatabase): Promise<TestDatabase> {
  await original.rest();
  return createFrom(original.name);
}

async function createFrom(template: string): Promise<TestDatabase> {
  const name = `sceau_test_${randomBytes(8).toString('hex')}`;
  await asOwner(clusterUrl(), async (client) => {
    await client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`);
    if (template !== 'template0') await copyPrivileges(client, template, name);
  });
  const ownerUrl = at(clusterUrl(), name);
  const connect = (): pg.Pool => {
    const pool = new pg.Pool({ connectionString: ownerUrl, max: 2, application_name: 'sceau-test' });
    pool.on('error', () => undefined);
    return pool;
  };
  let owner = connect();
  return {
    name,
    ownerUrl,
    appUrl: roleUrl(ownerUrl, 'sceau_app', PASSWORDS),
    auditorUrl: roleUrl(ownerUrl, 'sceau_auditor', PASSWORDS),
    sequencerUrl: roleUrl(ownerUrl, 'sceau_sequencer', PASSWORDS),
    async query<Row extends pg.QueryResultRow>(text: string, values: unknown[] = []) {
      return (await owner.query<Row>(text, values)).rows;
    },
    async rest() {
      await owner.end();
      owner = connect();
    },
    async drop() {
      await owner.end();
      await asOwner(clusterUrl(), (client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
    },
  };
}
