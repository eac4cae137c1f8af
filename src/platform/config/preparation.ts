import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { systemCode } from '../../kernel/errors.js';
import { type LoginRole, type RolePasswords, roleUrl } from '../database/roles.js';
import { type Environment, EnvironmentError, processEnvironment, readEnvironment } from './environment.js';
import type { Settings } from './settings.js';

/** What `prepare` needs to know before there are settings: the owner's database and where to keep the rest. */
export interface Preparation {
  readonly ownerUrl: string;
  readonly home: string;
  readonly passwords: RolePasswords;
  /** The environment with which the API, the worker and the command line then run. */
  readonly runtime: Readonly<Record<RuntimeVariable, string>>;
}

const VARIABLE_OF_ROLE = {
  sceau_app: 'DATABASE_APP_URL',
  sceau_auditor: 'DATABASE_AUDITOR_URL',
  sceau_sequencer: 'DATABASE_SEQUENCER_URL',
} as const satisfies Record<LoginRole, string>;

type RuntimeVariable = (typeof VARIABLE_OF_ROLE)[LoginRole];

/**
 * Reads the owner's address and decides the roles' passwords: those of the URLs given, else those kept from
 * an earlier time, else fresh ones.
 * @throws EnvironmentError when DATABASE_URL is missing or malformed
 */
export async function readPreparation(environment: Environment = processEnvironment()): Promise<Preparation> {
  const ownerUrl = environment['DATABASE_URL'] ?? '';
  if (!URL.canParse(ownerUrl) || !/^postgres(ql)?:$/.test(new URL(ownerUrl).protocol)) {
    throw new EnvironmentError(['DATABASE_URL must be the postgres: URL of the schema owner.']);
  }
  const home = resolve(environment['SCEAU_HOME']?.trim() || '.sceau');
  const kept = await readRuntime(home);
  const password = (role: LoginRole): string =>
    passwordOf(environment[VARIABLE_OF_ROLE[role]]) ??
    passwordOf(kept[VARIABLE_OF_ROLE[role]]) ??
    randomBytes(24).toString('base64url');
  const passwords: RolePasswords = {
    sceau_app: password('sceau_app'),
    sceau_auditor: password('sceau_auditor'),
    sceau_sequencer: password('sceau_sequencer'),
  };
  const url = (role: LoginRole): string =>
    environment[VARIABLE_OF_ROLE[role]] ?? roleUrl(ownerUrl, role, passwords);
  return {
    ownerUrl,
    home,
    passwords,
    runtime: {
      DATABASE_APP_URL: url('sceau_app'),
      DATABASE_AUDITOR_URL: url('sceau_auditor'),
      DATABASE_SEQUENCER_URL: url('sceau_sequencer'),
    },
  };
}

function passwordOf(url: string | undefined): string | undefined {
  if (url === undefined || !URL.canParse(url)) return undefined;
  const password = decodeURIComponent(new URL(url).password);
  return password === '' ? undefined : password;
}

const runtimePath = (home: string): string => join(home, 'runtime.json');

/** The role URLs kept in a home; empty when it has none. */
async function readRuntime(home: string): Promise<Readonly<Record<string, string>>> {
  let text: string;
  try {
    text = await readFile(runtimePath(home), 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return {};
    throw error;
  }
  const kept: unknown = JSON.parse(text);
  if (typeof kept !== 'object' || kept === null) return {};
  return Object.fromEntries(
    Object.entries(kept).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/** The settings of a process on this machine: its environment, completed by what `prepare` has kept in its home. */
export async function readLocalSettings(environment: Environment = processEnvironment()): Promise<Settings> {
  const home = resolve(environment['SCEAU_HOME']?.trim() || '.sceau');
  return readEnvironment({ ...(await readRuntime(home)), ...environment });
}

/** Keeps the role URLs where the local processes find them, readable by their owner only. */
export async function writeRuntime({ home, runtime }: Preparation): Promise<void> {
  await mkdir(home, { recursive: true, mode: 0o700 });
  const temporary = `${runtimePath(home)}.${process.pid}`;
  await writeFile(temporary, `${JSON.stringify(runtime, null, 2)}\n`, { mode: 0o600 });
  await rename(temporary, runtimePath(home));
}
