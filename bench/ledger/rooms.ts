import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { NestFactory } from '@nestjs/core';
import type * as Ids from '../../src/kernel/ids.js';
import type * as LedgerRoom from '../../src/ledger/index.js';
import type * as Environment from '../../src/platform/config/environment.js';
import type * as Migrations from '../../src/platform/database/migrate.js';
import type * as Roles from '../../src/platform/database/roles.js';
import type * as Jobs from '../../src/platform/jobs/prepare-jobs.js';
import type * as Rooms from '../../src/rooms.module.js';
import type * as Sealing from '../../src/sealing/index.js';

const DIST = join(import.meta.dirname, '..', '..', 'dist');
const PASSWORDS = { sceau_app: 'bench', sceau_auditor: 'bench', sceau_sequencer: 'bench' };
/** A machine that the measurement itself loads must not refuse. */
const TIMEOUT_MS = '20000';

/** A module of the compiled product, which `npm run bench` has brought up to date. */
async function load<Module>(path: string): Promise<Module> {
  const module: Module = await import(pathToFileURL(join(DIST, path)).href);
  return module;
}

export const { newId } = await load<typeof Ids>('kernel/ids.js');

/** The rooms of the product on an empty database, and the environment that its other processes need. */
export async function startRooms(ownerUrl: string, home: string) {
  const environment = await prepare(ownerUrl, home);
  const { readEnvironment } = await load<typeof Environment>('platform/config/environment.js');
  const { RoomsModule } = await load<typeof Rooms>('rooms.module.js');
  const { Exposures, Ledger, LedgerReader, LedgerVerifier } =
    await load<typeof LedgerRoom>('ledger/index.js');
  const rooms = await NestFactory.createApplicationContext(RoomsModule.with(readEnvironment(environment)), {
    logger: false,
    abortOnError: false,
  });
  return {
    ledger: rooms.get(Ledger, { strict: false }),
    exposures: rooms.get(Exposures, { strict: false }),
    reader: rooms.get(LedgerReader, { strict: false }),
    verifier: rooms.get(LedgerVerifier, { strict: false }),
    environment,
    close: () => rooms.close(),
  };
}

async function prepare(ownerUrl: string, home: string): Promise<Readonly<Record<string, string>>> {
  const { migrate } = await load<typeof Migrations>('platform/database/migrate.js');
  const { prepareJobs } = await load<typeof Jobs>('platform/jobs/prepare-jobs.js');
  const { provisionRoles, roleUrl } = await load<typeof Roles>('platform/database/roles.js');
  const { createLocalKeyring } = await load<typeof Sealing>('sealing/index.js');
  await migrate(ownerUrl);
  await prepareJobs(ownerUrl);
  await provisionRoles(ownerUrl, PASSWORDS);
  await createLocalKeyring(join(home, 'keyring.json'));
  return {
    SCEAU_HOME: home,
    DATABASE_APP_URL: roleUrl(ownerUrl, 'sceau_app', PASSWORDS),
    DATABASE_AUDITOR_URL: roleUrl(ownerUrl, 'sceau_auditor', PASSWORDS),
    DATABASE_SEQUENCER_URL: roleUrl(ownerUrl, 'sceau_sequencer', PASSWORDS),
    LEDGER_TIMEOUT_MS: TIMEOUT_MS,
    LOG_LEVEL: 'error',
  };
}
