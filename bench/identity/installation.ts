import type { INestApplicationContext } from '@nestjs/common';
import { withInstallation } from '../sealing/installation.ts';
import type { HashCost } from './people.ts';

/** An empty installation: its rooms in this process, and what another process of it needs to be told. */
export interface Prepared {
  readonly rooms: INestApplicationContext;
  readonly ownerUrl: string;
  readonly passwords: HashCost & { readonly concurrency: number };
  readonly environment: Readonly<Record<string, string>>;
}

export function withPrepared<Result>(work: (prepared: Prepared) => Promise<Result>): Promise<Result> {
  return withInstallation(({ rooms, ownerUrl, settings, home }) =>
    work({
      rooms,
      ownerUrl,
      passwords: settings.passwords,
      environment: {
        SCEAU_HOME: home,
        DATABASE_APP_URL: settings.database.appUrl,
        DATABASE_AUDITOR_URL: settings.database.auditorUrl,
        DATABASE_SEQUENCER_URL: settings.database.sequencerUrl,
      },
    }),
  );
}
