import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemCode } from '../../../src/kernel/errors.js';

/** A file, by its whole path. */
export interface FoundFile {
  readonly name: string;
  readonly content: Buffer;
}

/** Every file in a folder and below it, but for those that are gone before they are read. @param wanted of the whole path */
export async function filesBelow(folder: string, wanted = /^/): Promise<readonly FoundFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  const found = await Promise.all(
    paths
      .filter((path) => wanted.test(path))
      .map(async (name) => ({ name, content: await readFile(name).catch(unlessGone) })),
  );
  return found.flatMap(({ name, content }) => (content === undefined ? [] : [{ name, content }]));
}

function unlessGone(error: unknown): undefined {
  if (systemCode(error) !== 'ENOENT') throw error;
}
