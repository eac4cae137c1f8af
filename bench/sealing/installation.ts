import { join } from 'node:path';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { startEmbeddedPostgres } from '../../tools/embedded-postgres.ts';
import type { Settings } from '../../src/platform/config/settings.js';
import { inTemporaryFolder } from '../harness/temporary-folder.ts';
import { product } from './product.ts';

const PASSWORDS = {
  sceau_app: 'bench-app',
  sceau_auditor: 'bench-auditor',
  sceau_sequencer: 'bench-sequencer',
};

export interface Installation {
  readonly rooms: INestApplicationContext;
  /** Address of the database as its owner. */
  readonly ownerUrl: string;
  readonly settings: Settings;
  /** Folder with its keyring. */
  readonly home: string;
}

/** Every room of the product on an empty database of its own, and nothing of it afterwards. */
export function withInstallation<Result>(
  work: (installation: Installation) => Promise<Result>,
): Promise<Result> {
  return inTemporaryFolder(async (folder) => {
    const home = join(folder, 'home');
    const postgres = await startEmbeddedPostgres({ home });
    try {
      const settings = await prepare(postgres.url, home);
      const { RoomsModule } = await product.rooms();
      const rooms = await NestFactory.createApplicationContext(RoomsModule.with(settings), {
        logger: false,
        abortOnError: false,
      });
      try {
        return await work({ rooms, ownerUrl: postgres.url, settings, home });
      } finally {
        await rooms.close();
      }
    } finally {
      await postgres.stop();
    }
  });
}

/** Migrates, gives the roles their passwords and the home its keyring. @returns the settings that go with them */
async function prepare(ownerUrl: string, home: string) {
  const { migrate } = await product.migrations();
  const { prepareJobs } = await product.jobs();
  const { provisionRoles, roleUrl } = await product.roles();
  const { readEnvironment } = await product.environment();
  const { createLocalKeyring } = await product.sealing();
  await migrate(ownerUrl);
  await prepareJobs(ownerUrl);
  await provisionRoles(ownerUrl, PASSWORDS);
  const settings = readEnvironment({
    SCEAU_HOME: home,
    DATABASE_APP_URL: roleUrl(ownerUrl, 'sceau_app', PASSWORDS),
    DATABASE_AUDITOR_URL: roleUrl(ownerUrl, 'sceau_auditor', PASSWORDS),
    DATABASE_SEQUENCER_URL: roleUrl(ownerUrl, 'sceau_sequencer', PASSWORDS),
    LOG_LEVEL: 'error',
  });
  await createLocalKeyring(join(home, 'keyring.json'));
  return settings;
}
