import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Does work in a new folder, whose subfolders may be homes of an embedded PostgreSQL, and removes the folder however
 * the work ends.
 */
export async function inTemporaryFolder<Result>(work: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'sceau-bench-'));
  try {
    // PostgreSQL's own user must pass through, else the data goes elsewhere. What is secret is closed file by file.
    await chmod(folder, 0o711);
    return await work(folder);
  } finally {
    await removeData(folder);
    await rm(folder, { recursive: true, force: true });
  }
}

/** Where the temporary folder is closed to PostgreSQL's user, each home holds a note that says where its data is. */
async function removeData(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const place = await readFile(join(folder, name, 'postgres-location'), 'utf8').catch(() => undefined);
    if (place !== undefined) await rm(place.trim(), { recursive: true, force: true });
  }
}
