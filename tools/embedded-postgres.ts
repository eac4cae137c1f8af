import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { readyBinaries } from './embedded-binaries.ts';
import { isReachable, type Owner, postgresOwner } from './embedded-owner.ts';

/** Where things go that PostgreSQL's own user must reach when the home is closed to it. */
const SHELTER = '/var/lib/sceau';
const PATIENCE_MS = 60_000;

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
  if (owner.uid !== undefined) await chmod(home, 0o711);
  const [binaries, dataDirectory, password] = await Promise.all([
    readyBinaries(owner, SHELTER),
    dataDirectoryOf(home, owner),
    passwordOf(home),
  ]);
  await stopOrphan(dataDirectory);
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
  await Promise.race([ready(url), exit.ended]);
  return {
    url,
    port: chosen,
    dataDirectory,
    ended: exit.ended,
    async stop() {
      exit.expect();
      // Fast shutdown: open transactions roll back, everything committed is kept.
      server.kill('SIGINT');
      await exit.gone;
    },
  };
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
      if (Date.now() > deadline)
        throw new Error('The embedded PostgreSQL did not become ready in time.', { cause: error });
      await pause(20);
    }
  }
}

async function initialise(
  initdb: string,
  dataDirectory: string,
  password: string,
  owner: Owner,
): Promise<void> {
  // Beside the data, where the server's user gets to; a folder for temporary files may be closed to it.
  const passwordFile = join(dirname(dataDirectory), `initdb-${randomBytes(8).toString('hex')}`);
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  if (owner.uid !== undefined) await chown(passwordFile, owner.uid, owner.gid ?? owner.uid);
  try {
    await run(initdb, owner, [
      `--pgdata=${dataDirectory}`,
      '--username=postgres',
      '--auth=scram-sha-256',
      `--pwfile=${passwordFile}`,
      '--encoding=UTF8',
      // The same everywhere, whatever locales the machine has.
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--locale=C',
    ]);
  } finally {
    await rm(passwordFile, { force: true });
  }
}

function run(command: string, owner: Owner, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      ...owner,
      cwd: '/',
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { PATH: process.env['PATH'], LC_ALL: 'C' },
    });
    let said = '';
    child.stderr.on('data', (chunk) => (said += String(chunk)));
    child.once('error', reject);
    child.once('exit', (code) => {
      const reason = said.trim().split('\n').at(-1) ?? '';
      if (code === 0) resolve();
      else reject(new Error(`The embedded PostgreSQL could not be set up: ${reason}`));
    });
  });
}

/** In the home where its user can reach it, else in the shelter, with a note in the home that says where. */
async function dataDirectoryOf(home: string, owner: Owner): Promise<string> {
  const place = isReachable(home, owner)
    ? join(home, 'postgres')
    : join(SHELTER, `data-${createHash('sha256').update(home).digest('hex').slice(0, 16)}`);
  if (place.startsWith(SHELTER)) await mkdir(SHELTER, { recursive: true, mode: 0o755 });
  await mkdir(place, { recursive: true, mode: 0o700 });
  if (owner.uid !== undefined) await chown(place, owner.uid, owner.gid ?? owner.uid);
  if (place.startsWith(SHELTER)) await writeFile(join(home, 'postgres-location'), `${place}\n`);
  return place;
}

async function passwordOf(home: string): Promise<string> {
  const path = join(home, 'postgres-password');
  if (existsSync(path)) return (await readFile(path, 'utf8')).trim();
  const password = randomBytes(24).toString('base64url');
  await writeFile(path, `${password}\n`, { mode: 0o600 });
  return password;
}

/** A server whose starter was killed still holds the data: it is asked to finish first. */
async function stopOrphan(dataDirectory: string): Promise<void> {
  const file = join(dataDirectory, 'postmaster.pid');
  if (!existsSync(file)) return;
  const pid = Number((await readFile(file, 'utf8')).split('\n')[0]);
  if (!(await isServerOf(pid, dataDirectory))) return;
  process.kill(pid, 'SIGINT');
  const deadline = Date.now() + PATIENCE_MS;
  while (await isServerOf(pid, dataDirectory)) {
    if (Date.now() > deadline)
      throw new Error('An earlier PostgreSQL still holds the data and does not stop.');
    await pause(50);
  }
}

/** The process of that number may be another one by now. */
async function isServerOf(pid: number, dataDirectory: string): Promise<boolean> {
  if (!Number.isInteger(pid) || pid <= 1) return false;
  if (process.platform === 'linux') {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    return command.includes(dataDirectory);
  }
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => {
        if (typeof address === 'object' && address !== null) resolve(address.port);
        else reject(new Error('No free port.'));
      });
    });
  });
}
