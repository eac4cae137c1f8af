import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { INestApplicationContext } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApplication } from '../../src/application.js';
import type { KeyringSettings } from '../../src/platform/config/key-provider-settings.js';
import type { Settings } from '../../src/platform/config/settings.js';
import type { OutboundNetwork } from '../../src/platform/outbound/outbound-network.js';
import { createLocalKeyring } from '../../src/sealing/index.js';
import { createWorker } from '../../src/worker.module.js';
import { MovableClock } from './clock.js';
import { LoopbackNetwork } from './loopback-network.js';
import { createTestDatabase, type TestDatabase } from './database.js';
import { type Mail, Mailbox } from './mailbox.js';
import { testSettings } from './settings.js';
import { freePort } from '../../tools/free-port.ts';

/** What people and programs need of the product to come in, whichever processes it runs in. */
export interface Reachable {
  readonly url: string;
  /** The product's rooms: those of the API, or their like. */
  readonly app: Pick<INestApplicationContext, 'get'>;
  readonly clock: MovableClock;
  /** The newest mail to an address, waited for. */
  mailTo(address: string, subject?: RegExp): Promise<Mail>;
}

/** The whole product on a fresh database and a free port: the API and the worker, in this process. */
export interface Sceau extends Reachable {
  readonly settings: Settings;
  readonly app: NestFastifyApplication;
  readonly worker: INestApplicationContext;
  readonly database: TestDatabase;
  readonly home: string;
  stop(): Promise<void>;
  /** Ends both processes and leaves database and home as they are. */
  close(): Promise<void>;
}

export interface StartOptions {
  /** One that is there already. */
  readonly database?: TestDatabase;
  /** A folder that is there already, with its keyring. */
  readonly home?: string;
  /** Another key provider than the keyring in the home. */
  readonly keyring?: KeyringSettings;
  /** One that tells another time already. */
  readonly clock?: MovableClock;
  /** Where webhooks go, instead of to this machine whatever their name. */
  readonly network?: OutboundNetwork;
  readonly adjust?: (settings: Settings) => Settings | Promise<Settings>;
}

export async function startSceau({ adjust = (given) => given, ...given }: StartOptions = {}): Promise<Sceau> {
  const home = given.home ?? (await mkdtemp(join(tmpdir(), 'sceau-test-')));
  const database = given.database ?? (await createTestDatabase());
  const settings = await adjust(testSettings(database, home, await freePort(), given.keyring));
  await createLocalKeyring(join(home, 'keyring.json'));
  const clock = given.clock ?? new MovableClock();
  const sources = { clock, network: given.network ?? new LoopbackNetwork() };
  const worker = await createWorker(settings, sources);
  const app = await createApplication(settings, sources);
  await app.listen({ host: settings.http.host, port: settings.http.port });
  const mailbox = new Mailbox(join(home, 'mail'));
  const close = async (): Promise<void> => {
    await app.close();
    await worker.close();
  };
  return {
    url: settings.publicUrl,
    settings,
    app,
    worker,
    database,
    clock,
    home,
    mailTo: (address, subject) => mailbox.newestTo(address, subject),
    close,
    async stop() {
      await close();
      await database.drop();
      await rm(home, { recursive: true, force: true });
    },
  };
}
