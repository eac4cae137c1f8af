import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isReachable, type Owner } from './embedded-owner.ts';

export interface DataPlace {
  readonly home: string;
  /** Of this installation: a home that was removed and made again has another one, and so another place. */
  readonly password: string;
  readonly owner: Owner;
  /** Folder for data of homes that PostgreSQL's user cannot reach. */
  readonly shelter: string;
}

/** In the home where its user can reach it, else in the shelter, with a note in the home that says where. */
export async function dataDirectoryOf({ home, password, owner, shelter }: DataPlace): Promise<string> {
  const inside = join(home, 'postgres');
  const name = createHash('sha256').update(`${home}\n${password}`).digest('hex').slice(0, 16);
  const sheltered = join(shelter, `data-${name}`);
  if (!existsSync(sheltered) && isReachable(home, owner)) return inside;
  if (existsSync(join(inside, 'PG_VERSION')))
    throw new Error(
      `PostgreSQL's user can no longer reach ${inside}: open the folders above it to others again.`,
    );
  await mkdir(shelter, { recursive: true, mode: 0o755 });
  await writeFile(join(home, 'postgres-location'), `${sheltered}\n`);
  return sheltered;
}

/** The superuser's password of this home. */
export async function passwordOf(home: string): Promise<string> {
  const path = join(home, 'postgres-password');
  if (existsSync(path)) return (await readFile(path, 'utf8')).trim();
  const password = randomBytes(24).toString('base64url');
  await writeFile(path, `${password}\n`, { mode: 0o600 });
  return password;
}

/** Makes a new cluster. It gets its name when it is complete: a start that was killed half-way leaves nothing. */
export async function initialise(
  initdb: string,
  dataDirectory: string,
  password: string,
  owner: Owner,
): Promise<void> {
  const partial = `${dataDirectory}.new`;
  // Beside the data, where the server's user gets to; a folder for temporary files may be closed to it.
  const passwordFile = `${dataDirectory}.password`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { mode: 0o700 });
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  if (owner.uid !== undefined) {
    for (const path of [partial, passwordFile]) await chown(path, owner.uid, owner.gid ?? owner.uid);
  }
  try {
    await run(initdb, owner, [
      `--pgdata=${partial}`,
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
  await rename(partial, dataDirectory);
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

/** A server whose starter was killed still holds the data: it is asked to finish first. */
export async function stopOrphan(dataDirectory: string, patienceMs: number): Promise<void> {
  const file = join(dataDirectory, 'postmaster.pid');
  if (!existsSync(file)) return;
  const pid = Number((await readFile(file, 'utf8')).split('\n')[0]);
  if (!(await isServerOf(pid, dataDirectory))) return;
  process.kill(pid, 'SIGINT');
  const deadline = Date.now() + patienceMs;
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
