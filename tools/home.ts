import { constants } from 'node:fs';
import { access, mkdir, open, readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';

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
    await mkdir(home, { recursive: true, mode: 0o700 });
    await access(home, constants.W_OK);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new Refusal(`The folder ${home} cannot be written (${code}). Choose another with SCEAU_HOME.`);
  }
}

/** One Sceau a folder. @returns what gives the folder free again */
export async function lockHome(home: string): Promise<() => Promise<void>> {
  const path = join(home, 'running.pid');
  for (;;) {
    try {
      const file = await open(path, 'wx', 0o600);
      await file.writeFile(String(process.pid));
      await file.close();
      return () => rm(path, { force: true });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
    const holder = Number(await readFile(path, 'utf8').catch(() => ''));
    if (holder > 0 && isAlive(holder)) {
      throw new Refusal(
        `Sceau is running from ${home} already (process ${holder}). Stop it, or choose another folder with SCEAU_HOME.`,
      );
    }
    await rm(path, { force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It exists and belongs to somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
