import { join } from 'node:path';
import type { DrilledSystem } from './drilled-system.ts';
import { filesBelow } from './files.ts';

/** Every file of the store of documents, as whoever copies it has it. */
export async function storedDocuments({ home }: Pick<DrilledSystem, 'home'>): Promise<readonly Buffer[]> {
  return (await filesBelow(join(home, 'documents'))).map(({ content }) => content);
}
