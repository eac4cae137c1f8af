import { join } from 'node:path';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { startEmbeddedPostgres } from '../../tools/embedded-postgres.ts';
import { inTemporaryFolder } from '../harness/temporary-folder.ts';
import { prepare } from '../sealing/installation.ts';
import { product } from '../sealing/product.ts';
import type { HashCost } from './people.ts';

/** An empty installation: its rooms in this process, and what another process of it needs to be told. */
export interface Prepared {
  readonly rooms: INestApplicationContext;
  readonly ownerUrl: string;
  readonly passwords: HashCost & { readonly concurrency: number };
  readonly environment: Readonly<Record<string, string>>;
}

export function withPrepared<Result>(work: (prepared: Prepared) => Promise<Result>): Promise<Result> {
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
        return await work({
          rooms,
          ownerUrl: postgres.url,
          passwords: settings.passwords,
          environment: {
            SCEAU_HOME: home,
            DATABASE_APP_URL: settings.database.appUrl,
            DATABASE_AUDITOR_URL: settings.database.auditorUrl,
            DATABASE_SEQUENCER_URL: settings.database.sequencerUrl,
          },
        });
      } finally {
        await rooms.close();
      }
    } finally {
      await postgres.stop();
    }
  });
}
