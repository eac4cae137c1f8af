import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as Ids from '../../src/kernel/ids.js';
import type * as Room from '../../src/modules/agencies/index.js';
import { DIST } from '../identity/product.ts';

async function load<Module>(path: string): Promise<Module> {
  const module: Module = await import(pathToFileURL(join(DIST, path)).href);
  return module;
}

/** Modules of the compiled product that register agencies' programs. */
export const agencies = {
  room: () => load<typeof Room>('modules/agencies/index.js'),
  ids: () => load<typeof Ids>('kernel/ids.js'),
};
