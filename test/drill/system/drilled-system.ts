import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { readEnvironment } from '../../../src/platform/config/environment.js';
import { RoomsModule } from '../../../src/rooms.module.js';
import { createLocalKeyring, type Report } from '../../../src/sealing/index.js';
import type { Environment } from '../../../tools/application-process.ts';
import { freePort } from '../../../tools/free-port.ts';
import { MovableClock } from '../../support/clock.js';
import { type Outcome, runCommand } from '../../support/command-line.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { type Mail, Mailbox } from '../../support/mailbox.js';
import type { Reachable } from '../../support/sceau.js';
import { populate, type Population } from '../population/population.ts';
import { Search } from '../population/search.ts';
import { AlertReceiver } from './operators.ts';
import { type DrilledProcess, startProcess } from './processes.ts';
import { INHERITED } from '../../support/inherited.js';

/** As the operator's commands have it: see `runCommand`. */
const ORIGIN = 'test.localhost/audit';

/**
 * The whole product as it is built, in processes of its own on a database of its own, full of people. `app` are the
 * product's rooms once more in this process, by which people come in whom no API lets in.
 */
export interface DrilledSystem extends Reachable {
  readonly home: string;
  /** `query` is the superuser's, past every wall; `appUrl` the address as the application's own role. */
  readonly database: TestDatabase;
  readonly environment: Environment;
  readonly api: DrilledProcess;
  readonly worker: DrilledProcess;
  readonly mailbox: Mailbox;
  readonly alerts: AlertReceiver;
  readonly population: Population;
  readonly isPatient: boolean;
  /** For what the seeded people have told us. */
  readonly search: Search;
  /** One command of the operator's. */
  command(...words: readonly string[]): Promise<Outcome>;
  /** A second process of the API beside the first one, started when it is first asked for. @returns its address */
  secondApi(): Promise<string>;
  /** One more process of the API, whose cache is empty. @param settings in which it differs */
  startApi(settings?: Environment): Promise<{ readonly url: string; readonly process: DrilledProcess }>;
  stop(): Promise<void>;
}

export interface SystemOptions {
  /** 120 at least. */
  readonly candidates: number;
  readonly report: Report;
  /** Whether rows wait for what the worker does once a minute, such as telling of alerts, or ask it to do so at once. */
  readonly isPatient: boolean;
  readonly populate?: typeof populate;
}

/** Starts the product on a fresh database and seeds it. PostgreSQL runs already. */
export async function startSystem({
  candidates,
  report,
  isPatient,
  populate: fill = populate,
}: SystemOptions): Promise<DrilledSystem> {
  const home = await mkdtemp(join(tmpdir(), 'sceau-drill-'));
  await mkdir(join(home, 'processes'));
  const database = await createTestDatabase();
  await createLocalKeyring(join(home, 'keyring.json'));
  const [port, folder] = [await freePort(), join(home, 'processes')];
  const alerts = new AlertReceiver();
  const environment = { ...environmentOf(database, home, port), ...(await alerts.start()) };
  const [worker, api] = await Promise.all([
    startProcess('worker.js', folder, environment),
    startProcess('main.js', folder, environment),
  ]);
  const app = await startRooms({ ...environment, LOG_LEVEL: 'silent' });
  const mailbox = new Mailbox(join(home, 'mail'));
  const url = `http://127.0.0.1:${port}`;
  const more: DrilledProcess[] = [];
  const reachable = {
    url,
    app,
    clock: new MovableClock(),
    mailTo: (address: string, subject?: RegExp): Promise<Mail> => mailbox.newestTo(address, subject),
  };
  async function startApi(
    settings: Environment = {},
  ): Promise<{ readonly url: string; readonly process: DrilledProcess }> {
    const another = await freePort();
    const own = `http://127.0.0.1:${another}`;
    const process = await startProcess('main.js', folder, {
      ...environment,
      // Under its own name, unless told: programs look for the authorization server at the address that they ask.
      PUBLIC_URL: own,
      ...settings,
      PORT: String(another),
    });
    more.push(process);
    return { url: own, process };
  }
  let second: Promise<string> | undefined;
  const population = await fill({ ...reachable, database }, candidates, report);
  return {
    ...reachable,
    home,
    database,
    environment,
    api,
    worker,
    mailbox,
    alerts,
    population,
    isPatient,
    search: new Search(1 + population.candidates.reduce((most, { person }) => Math.max(most, person), 0)),
    command: (...words) => runCommand({ home, database, url }, words),
    startApi,
    secondApi: () => (second ??= startApi().then(({ url: own }) => own)),
    async stop() {
      for (const process of [...more, api, worker]) await process.stop();
      await app.close();
      await alerts.stop();
      await database.drop();
      await rm(home, { recursive: true, force: true });
    },
  };
}

function startRooms(environment: Environment): Promise<INestApplicationContext> {
  return NestFactory.createApplicationContext(RoomsModule.with(readEnvironment(environment)), {
    logger: false,
    abortOnError: false,
  });
}

/** All that differs from the defaults: where things are, hashing made cheap, time for a slow machine, every log line. */
const environmentOf = (database: TestDatabase, home: string, port: number): Environment => ({
  ...INHERITED,
  SCEAU_HOME: home,
  PORT: String(port),
  PUBLIC_URL: `http://127.0.0.1:${port}`,
  DATABASE_APP_URL: database.appUrl,
  DATABASE_AUDITOR_URL: database.auditorUrl,
  DATABASE_SEQUENCER_URL: database.sequencerUrl,
  LEDGER_ORIGIN: ORIGIN,
  LEDGER_TIMEOUT_MS: '5000',
  PASSWORD_MEMORY_KIB: '1024',
  PASSWORD_ITERATIONS: '1',
  PASSWORD_PARALLELISM: '1',
  LOG_LEVEL: 'debug',
});
