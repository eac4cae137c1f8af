import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import pg from 'pg';
import type { RequestContext } from '../../../src/kernel/context.js';
import { type CandidateId, newId } from '../../../src/kernel/ids.js';
import type { Settings } from '../../../src/platform/config/settings.js';
import { RoomsModule } from '../../../src/rooms.module.js';
import { spyOn } from 'jest-mock';
import { createLocalKeyring, place, type Sealed, Sealer, SubjectKeys } from '../../../src/sealing/index.js';
import { Opener } from '../../../src/sealing/opening.js';
import { SubjectKeyCache } from '../../../src/sealing/keys/subject-key-cache.js';
import { KeyProvider } from '../../../src/sealing/providers/key-provider.js';
import { systemContext } from '../../support/actors.js';
import { MovableClock } from '../../support/clock.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { testSettings } from '../../support/settings.js';
import { INHERITED } from '../../support/inherited.js';

const CLI = join(import.meta.dirname, '..', '..', '..', 'dist', 'cli', 'main.js');
const PATIENCE_MS = 15_000;

const CITY = place<string>()('candidates_profile.address');

/** Resolves once something holds. */
export async function eventually(holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error('It never came to hold.');
    await pause(20);
  }
}

export const silent = (): void => undefined;

/** A command of the built `sceau`, in a process of its own. */
export interface RunningCommand {
  readonly child: ChildProcess;
  /** Resolves when it has ended by itself or was killed. */
  readonly ended: Promise<{ readonly code: number | null; readonly output: string }>;
}

/** Starts a command of the built `sceau` on an installation. */
export function startCommand(
  { home, database }: { readonly home: string; readonly database: TestDatabase },
  ...words: string[]
): RunningCommand {
  const child = spawn(process.execPath, [CLI, ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...INHERITED,
      SCEAU_HOME: home,
      DATABASE_APP_URL: database.appUrl,
      DATABASE_AUDITOR_URL: database.auditorUrl,
      DATABASE_SEQUENCER_URL: database.sequencerUrl,
      KEY_DRAIN_SECONDS: '1',
    },
  });
  let output = '';
  child.stdout.on('data', (chunk) => (output += String(chunk)));
  child.stderr.on('data', (chunk) => (output += String(chunk)));
  const ended = once(child, 'close').then(([code]) => ({
    code: typeof code === 'number' ? code : null,
    output,
  }));
  return { child, ended };
}

/** Ends a command as `kill -9` does, and sees to it that PostgreSQL has noticed. */
export async function kill(database: TestDatabase, { child, ended }: RunningCommand): Promise<void> {
  child.kill('SIGKILL');
  await ended;
  await database.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database()
       AND (application_name = 'sceau-rotation' OR (application_name LIKE 'sceau-%' AND wait_event_type = 'Lock'))`,
  );
  await eventually(async () => {
    const left = await database.query(
      `SELECT FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = 'sceau-rotation'`,
    );
    return left.length === 0;
  });
}

/** Resolves once so many of our connections wait for a lock that the test holds. */
export async function waitsForALock(database: TestDatabase, count = 1): Promise<void> {
  await eventually(async () => {
    const rows = await database.query(
      `SELECT FROM pg_stat_activity
       WHERE datname = current_database() AND application_name LIKE 'sceau%' AND wait_event_type = 'Lock'`,
    );
    return rows.length >= count;
  });
}

/** Holds what a statement locks until it is let go. */
export async function holding(
  database: TestDatabase,
  text: string,
  values: unknown[] = [],
): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: database.ownerUrl });
  await client.connect();
  await client.query('BEGIN');
  await client.query(text, values);
  return () => client.end();
}

/** A database with a key store, and as many processes on it as a test opens. */
export class RotationFixture {
  home: string;
  database: TestDatabase;
  settings: Settings;
  clock: MovableClock;
  readonly context: RequestContext = systemContext();
  readonly #opened = new Set<INestApplicationContext>();
  readonly #children = new Set<ChildProcess>();

  constructor() {
    beforeEach(async () => {
      this.home = await mkdtemp(join(tmpdir(), 'sceau-rotation-'));
      this.database = await createTestDatabase();
      this.settings = testSettings(this.database, this.home, 0);
      this.clock = new MovableClock();
      await createLocalKeyring(join(this.home, 'keyring.json'));
    });
    afterEach(async () => {
      for (const child of this.#children) child.kill('SIGKILL');
      this.#children.clear();
      await Promise.all([...this.#opened].map((process) => process.close()));
      this.#opened.clear();
      await this.database.drop();
      await rm(this.home, { recursive: true, force: true });
    });
  }

  /** One process's worth of every room. */
  async open(settings = this.settings): Promise<INestApplicationContext> {
    const rooms = await NestFactory.createApplicationContext(
      RoomsModule.with(settings, { clock: this.clock }),
      { logger: false, abortOnError: false },
    );
    this.#opened.add(rooms);
    return rooms;
  }

  command(...words: string[]): RunningCommand {
    const command = startCommand(this, ...words);
    this.#children.add(command.child);
    return command;
  }

  kill(command: RunningCommand): Promise<void> {
    return kill(this.database, command);
  }

  /** Resolves once a process has heard of every change of a key that was committed before. */
  async heardBy(rooms: INestApplicationContext): Promise<void> {
    const marker = newId<'candidate'>(Date.now());
    const cache = rooms.get(SubjectKeyCache, { strict: false });
    const heard = spyOn(cache, 'forget');
    await this.database.query(`SELECT pg_notify('sceau_subject_key', $1)`, [marker]);
    await eventually(() => Promise.resolve(heard.mock.calls.some(([subject]) => subject === marker)));
    heard.mockRestore();
  }

  waitsForALock(): Promise<void> {
    return waitsForALock(this.database);
  }

  /** Many subjects at once, each with a first key. */
  async subjects(rooms: INestApplicationContext, count: number): Promise<readonly CandidateId[]> {
    const ids = Array.from({ length: count }, () => newId<'candidate'>(Date.now()));
    const wrapped = await rooms.get(KeyProvider, { strict: false }).wrapMany(
      ids.map((owner) => ({
        key: Buffer.alloc(32, 7),
        context: { purpose: 'subject-key', owner, version: 1 },
      })),
    );
    await this.database.query(
      `INSERT INTO keys.subject_key (subject_id, version, wrapped, master_version, created_at)
       SELECT id, 1, wrapped, master, now() FROM unnest($1::uuid[], $2::bytea[], $3::int[]) AS t (id, wrapped, master)`,
      [ids, wrapped.map((key) => key.wrapped), wrapped.map((key) => key.masterVersion)],
    );
    return ids.toSorted();
  }

  async newSubject(rooms: INestApplicationContext): Promise<CandidateId> {
    const id = newId<'candidate'>(Date.now());
    await rooms.get(SubjectKeys, { strict: false }).create(id);
    return id;
  }

  async seal(rooms: INestApplicationContext, subject: CandidateId, city: string): Promise<Sealed<string>> {
    return rooms.get(Sealer, { strict: false }).seal(CITY, { subject, row: subject }, city);
  }

  /** @returns what was sealed, or `undefined` when it does not open */
  async opened(
    rooms: INestApplicationContext,
    subject: CandidateId,
    sealed: Sealed<string>,
  ): Promise<unknown> {
    const position = { subject, row: subject };
    const [result] = await rooms.get(Opener, { strict: false }).openMany([{ place: CITY, position, sealed }]);
    return result?.ok === true ? result.value : undefined;
  }

  /** How many keys each version of the master key wraps. */
  async wrappedKeys(): Promise<Readonly<Record<number, number>>> {
    const rows = await this.database.query<{ version: number; keys: number }>(
      'SELECT master_version AS version, count(*)::integer AS keys FROM keys.subject_key GROUP BY 1',
    );
    return Object.fromEntries(rows.map(({ version, keys }) => [version, keys]));
  }

  /** What was recorded about keys, oldest first. No sequencer runs, so everything is still staged. */
  async entries(): Promise<readonly { action: string; resource: string; count: number }[]> {
    return this.database.query(
      `SELECT e ->> 'action' AS action, e -> 'resource' ->> 'id' AS resource, (e ->> 'count')::integer AS count
       FROM (SELECT staged_at, convert_from(envelope, 'UTF8')::jsonb AS e FROM audit.staging) AS staged
       WHERE e ->> 'action' LIKE 'key.%' ORDER BY staged_at`,
    );
  }
}
