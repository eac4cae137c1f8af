import { constants } from 'node:fs';
import { access, link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

/** What the person at the terminal reads: one sentence, no stack. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}

/** The folder for embedded data, keyring and mail. */
export function homeFolder(): string {
  return resolve(process.env['SCEAU_HOME']?.trim() || '.sceau');
}

/** @throws Refusal when PORT is no port */
export function chosenPort(): number {
  const text = process.env['PORT']?.trim() || '3000';
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port >= 1 && port <= 65_535)) throw new Refusal('PORT must be a whole number from 1 to 65535.');
  return port;
}

/** Makes the folder, for its owner only. @throws Refusal when that cannot be done */
export async function openHome(home: string): Promise<void> {
  try {
    await makeFolder(home);
    await access(join(home, '/'), constants.W_OK);
  } catch (error) {
    throw new Refusal(
      `The folder ${home} cannot be written (${codeOf(error)}). Choose another with SCEAU_HOME.`,
    );
  }
}

/** Level by level: Node's own recursion never ends where a folder can have no children, such as below /proc. */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return;
    if (codeOf(error) !== 'ENOENT' || dirname(path) === path) throw error;
    await makeFolder(dirname(path));
    await mkdir(path, { mode: 0o700 });
  }
}

/** One Sceau a folder. @returns what gives the folder free again */
export async function lockHome(home: string): Promise<() => Promise<void>> {
  const path = join(home, 'running.pid');
  const own = `${path}.${process.pid}`;
  for (;;) {
    try {
      // A link appears with its content, so that nobody reads half a number.
      await writeFile(own, String(process.pid), { mode: 0o600 });
      await link(own, path);
      return () => rm(path, { force: true });
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
    } finally {
      await rm(own, { force: true });
    }
    const holder = Number(await readFile(path, 'utf8').catch(() => ''));
    if (holder > 0 && holder !== process.pid && (await isSceau(holder))) {
      throw new Refusal(
        `Sceau is running from ${home} already (process ${holder}). Stop it, or choose another folder with SCEAU_HOME.`,
      );
    }
    await rm(path, { force: true });
  }
}

/** Whether that process is a Sceau: after a restart of the machine its number may be anybody's. */
async function isSceau(pid: number): Promise<boolean> {
  if (process.platform === 'linux') {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    return command.includes('serve.ts');
  }
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It exists and belongs to somebody else.
    return codeOf(error) === 'EPERM';
  }
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown';
}
