import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { readyBinaries } from './embedded-binaries.ts';
import { dataDirectoryOf, initialise, passwordOf, stopOrphan } from './embedded-data.ts';
import { postgresOwner } from './embedded-owner.ts';
import { freePort } from './free-port.ts';

/** Where things go that PostgreSQL's own user must reach when the home is closed to it. */
const SHELTER = '/var/lib/sceau';
const PATIENCE_MS = 60_000;
/** SQLSTATE invalid_password. */
const WRONG_PASSWORD = '28P01';

export interface EmbeddedOptions {
  /** Folder that belongs to this installation. */
  readonly home: string;
  readonly port?: number;
  /** False: faster, and nothing survives a power failure. For tests. */
  readonly durable?: boolean;
}

export interface EmbeddedPostgres {
  /** Address as the superuser. */
  readonly url: string;
  readonly port: number;
  readonly dataDirectory: string;
  /** Rejects when the server ends without having been asked. */
  readonly ended: Promise<never>;
  stop(): Promise<void>;
}

/** Starts a real PostgreSQL of our own on the loopback address. @throws Error in one sentence */
export async function startEmbeddedPostgres({
  home,
  port,
  durable = true,
}: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const owner = postgresOwner();
  await mkdir(home, { recursive: true, mode: 0o700 });
  // The server's user must pass through; what is secret in the home is closed file by file.
  if (owner.uid !== undefined) await chmod(home, (await stat(home)).mode | 0o011);
  const [binaries, password] = await Promise.all([readyBinaries(owner, SHELTER), passwordOf(home)]);
  const dataDirectory = await dataDirectoryOf({ home, password, owner, shelter: SHELTER });
  await stopOrphan(dataDirectory, PATIENCE_MS);
  if (!existsSync(join(dataDirectory, 'PG_VERSION')))
    await initialise(binaries.initdb, dataDirectory, password, owner);
  const chosen = port ?? (await freePort());
  const settings = [
    `port=${chosen}`,
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'max_connections=300',
    'log_min_messages=fatal',
    ...(durable ? [] : ['fsync=off', 'full_page_writes=off']),
  ];
  const server = spawn(
    binaries.postgres,
    ['-D', dataDirectory, ...settings.flatMap((setting) => ['-c', setting])],
    {
      ...owner,
      cwd: '/',
      // A Ctrl-C in the terminal must reach the applications first; the server is stopped last.
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' },
    },
  );
  const url = `postgres://postgres:${password}@127.0.0.1:${chosen}/postgres`;
  const exit = watch(server);
  const stop = async (): Promise<void> => {
    exit.expect();
    // Fast shutdown: open transactions roll back, everything committed is kept.
    server.kill('SIGINT');
    await exit.gone;
  };
  try {
    await Promise.race([ready(url), exit.ended]);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, port: chosen, dataDirectory, ended: exit.ended, stop };
}

interface Exit {
  readonly ended: Promise<never>;
  readonly gone: Promise<void>;
  expect(): void;
}

function watch(server: ChildProcess): Exit {
  let said = '';
  let expected = false;
  server.stderr?.on('data', (chunk) => (said = `${said}${String(chunk)}`.slice(-2_000)));
  const gone = new Promise<void>((resolve) => {
    server.once('exit', () => resolve());
    server.once('error', () => resolve());
  });
  const ended = gone.then(() => {
    if (expected) return new Promise<never>(() => undefined);
    const reason =
      /(?:FATAL|PANIC|ERROR):\s*(.+)/.exec(said)?.[1] ??
      (said.trim().split('\n').at(-1) || 'no reason given');
    throw new Error(`The embedded PostgreSQL has stopped: ${reason}`);
  });
  // Somebody may look at it later only.
  ended.catch(() => undefined);
  return { ended, gone, expect: () => (expected = true) };
}

async function ready(url: string): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      if (error instanceof pg.DatabaseError && error.code === WRONG_PASSWORD)
        throw new Error('The embedded PostgreSQL has another password than the one in postgres-password.', {
          cause: error,
        });
      if (Date.now() > deadline)
        throw new Error('The embedded PostgreSQL did not become ready in time.', { cause: error });
      await pause(20);
    }
  }
}
