import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as Accounts from '../../src/modules/identity/accounts/accounts.js';
import type * as Statements from '../../src/modules/identity/persistence/identity-statements.js';
import type * as Places from '../../src/modules/identity/persistence/places.js';
import type * as Sessions from '../../src/modules/identity/sessions/sessions.js';
import type * as Tokens from '../../src/modules/identity/opaque-token.js';
import type * as Database from '../../src/platform/database/database.js';

export const DIST = join(import.meta.dirname, '..', '..', 'dist');

async function load<Module>(path: string): Promise<Module> {
  const module: Module = await import(pathToFileURL(join(DIST, path)).href);
  return module;
}

/** Modules of the compiled product that make people and recognise them. */
export const identity = {
  accounts: () => load<typeof Accounts>('modules/identity/accounts/accounts.js'),
  statements: () => load<typeof Statements>('modules/identity/persistence/identity-statements.js'),
  tokens: () => load<typeof Tokens>('modules/identity/opaque-token.js'),
  places: () => load<typeof Places>('modules/identity/persistence/places.js'),
  sessions: () => load<typeof Sessions>('modules/identity/sessions/sessions.js'),
  database: () => load<typeof Database>('platform/database/database.js'),
};
