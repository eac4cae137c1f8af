import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DrilledSystem } from './drilled-system.ts';

/** Every file of the store of documents, as whoever copies it has it. */
export async function storedDocuments({ home }: Pick<DrilledSystem, 'home'>): Promise<readonly Buffer[]> {
  const entries = await readdir(join(home, 'documents'), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return Promise.all(files.map(({ parentPath, name }) => readFile(join(parentPath, name))));
}
