import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as Randomness from '../../src/kernel/randomness.js';
import type * as Ids from '../../src/kernel/ids.js';
import type * as Environment from '../../src/platform/config/environment.js';
import type * as Migrations from '../../src/platform/database/migrate.js';
import type * as Roles from '../../src/platform/database/roles.js';
import type * as Jobs from '../../src/platform/jobs/prepare-jobs.js';
import type * as Rooms from '../../src/rooms.module.js';
import type * as Canonical from '../../src/sealing/format/canonical.js';
import type * as SealedField from '../../src/sealing/format/sealed-field.js';
import type * as Sealing from '../../src/sealing/index.js';
import type * as KeyCache from '../../src/sealing/keys/subject-key-cache.js';
import type * as Opening from '../../src/sealing/opening.js';
import type * as KeyProviders from '../../src/sealing/providers/key-provider.js';

const DIST = join(import.meta.dirname, '..', '..', 'dist');

async function load<Module>(path: string): Promise<Module> {
  const module: Module = await import(pathToFileURL(join(DIST, path)).href);
  return module;
}

/** Modules of the compiled product, which `npm run bench` has brought up to date. */
export const product = {
  sealedField: () => load<typeof SealedField>('sealing/format/sealed-field.js'),
  canonical: () => load<typeof Canonical>('sealing/format/canonical.js'),
  randomness: () => load<typeof Randomness>('kernel/randomness.js'),
  ids: () => load<typeof Ids>('kernel/ids.js'),
  sealing: () => load<typeof Sealing>('sealing/index.js'),
  opening: () => load<typeof Opening>('sealing/opening.js'),
  keyCache: () => load<typeof KeyCache>('sealing/keys/subject-key-cache.js'),
  keyProvider: () => load<typeof KeyProviders>('sealing/providers/key-provider.js'),
  rooms: () => load<typeof Rooms>('rooms.module.js'),
  migrations: () => load<typeof Migrations>('platform/database/migrate.js'),
  jobs: () => load<typeof Jobs>('platform/jobs/prepare-jobs.js'),
  roles: () => load<typeof Roles>('platform/database/roles.js'),
  environment: () => load<typeof Environment>('platform/config/environment.js'),
};
