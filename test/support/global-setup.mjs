import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { migrate } from '../../dist/platform/database/migrate.js';
import { provisionRoles } from '../../dist/platform/database/roles.js';
import { prepareJobs } from '../../dist/platform/jobs/prepare-jobs.js';
import { startEmbeddedPostgres } from '../../tools/embedded-postgres.ts';
import { PASSWORDS, TEMPLATE } from './template.ts';

/** One PostgreSQL for the whole run, on a free port; every test file makes its own database in it. */
export default async function setUp() {
  const given = process.env.TEST_DATABASE_URL;
  const home = given === undefined ? await mkdtemp(join(tmpdir(), 'sceau-test-cluster-')) : undefined;
  const postgres = home === undefined ? undefined : await startEmbeddedPostgres({ home, durable: false });
  globalThis.sceauTestRun = { home, postgres };
  const url = given ?? postgres.url;
  process.env.SCEAU_TEST_DATABASE_URL = url;
  await prepareTemplate(url);
}

async function prepareTemplate(url) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`DROP DATABASE IF EXISTS ${TEMPLATE}`);
  await client.query(`CREATE DATABASE ${TEMPLATE}`);
  await client.end();
  const template = new URL(url);
  template.pathname = `/${TEMPLATE}`;
  await migrate(template.href);
  await prepareJobs(template.href);
  await provisionRoles(template.href, PASSWORDS);
}
