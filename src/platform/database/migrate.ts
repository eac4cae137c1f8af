import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DataSource, type MigrationInterface } from 'typeorm';

type MigrationClass = new () => MigrationInterface;

/** What a database holds: everything, or, where the key store is apart, one of the two halves. */
export type Part = 'everything' | 'data' | 'keys';

/** The key store's migrations say so in their names. */
const KEYS = /^\d{4}-keys[-.]/;

/** Where the hand-written migrations lie, seen from the compiled and from the source tree alike. */
const MIGRATIONS_DIRECTORY = join(import.meta.dirname, '..', '..', '..', 'migrations');

/**
 * Brings the schema up to date as its owner, in one transaction per migration.
 * Safe to call from several processes at once: an advisory lock lets one work and the others wait.
 * @returns the names of the migrations that ran
 */
export async function migrate(ownerUrl: string, part: Part = 'everything'): Promise<readonly string[]> {
  const source = new DataSource({
    type: 'postgres',
    url: ownerUrl,
    applicationName: 'sceau-migrate',
    migrations: await loadMigrations(part),
    migrationsTableName: 'schema_migration',
    migrationsTransactionMode: 'each',
    installExtensions: false,
  });
  await source.initialize();
  try {
    const lock = source.createQueryRunner();
    await lock.query('SELECT pg_advisory_lock(7346420)');
    try {
      return (await source.runMigrations()).map((migration) => migration.name);
    } finally {
      await lock.query('SELECT pg_advisory_unlock(7346420)');
      await lock.release();
    }
  } finally {
    await source.destroy();
  }
}

async function loadMigrations(part: Part): Promise<MigrationClass[]> {
  const files = (await readdir(MIGRATIONS_DIRECTORY))
    .filter((file) => /^\d{4}-[a-z-]+\.ts$/.test(file))
    .filter((file) => part === 'everything' || KEYS.test(file) === (part === 'keys'))
    .toSorted();
  const modules = await Promise.all(
    files.map((file): Promise<unknown> => import(pathToFileURL(join(MIGRATIONS_DIRECTORY, file)).href)),
  );
  return modules.flatMap((module) =>
    typeof module === 'object' && module !== null
      ? Object.values<unknown>({ ...module }).filter(isMigration)
      : [],
  );
}

const isMigration = (exported: unknown): exported is MigrationClass =>
  typeof exported === 'function' && 'up' in Object(exported.prototype);
