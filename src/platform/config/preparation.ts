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
  /** Where the key store is a database of its own. */
  readonly keystore: KeystorePreparation | undefined;
  /** The environment with which the API, the worker and the command line then run. */
  readonly runtime: Readonly<Record<RuntimeVariable, string> & { KEYSTORE_URL?: string }>;
}

const VARIABLE_OF_ROLE = {
  sceau_app: 'DATABASE_APP_URL',
  sceau_auditor: 'DATABASE_AUDITOR_URL',
  sceau_sequencer: 'DATABASE_SEQUENCER_URL',
} as const satisfies Record<LoginRole, string>;

type RuntimeVariable = (typeof VARIABLE_OF_ROLE)[LoginRole];

export interface KeystorePreparation {
  readonly ownerUrl: string;
  /** As role `sceau_app`. */
  readonly url: string;
  readonly passwords: RolePasswords;
}

/**
 * Reads the owner's address and decides the roles' passwords: those of the URLs given, else those kept from
 * an earlier time, else fresh ones.
 * @throws EnvironmentError when DATABASE_URL is missing or malformed, or KEYSTORE_OWNER_URL when it is needed
 */
export async function readPreparation(environment: Environment = processEnvironment()): Promise<Preparation> {
  const ownerUrl = ownerUrlOf(
    environment,
    'DATABASE_URL',
    'DATABASE_URL must be the postgres: URL of the schema owner.',
  );
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
  const keystore = keystoreOf({ ...environment, DATABASE_URL: ownerUrl }, passwords, kept['KEYSTORE_URL']);
  return {
    ownerUrl,
    home,
    passwords,
    keystore,
    runtime: {
      ...(keystore === undefined ? {} : { KEYSTORE_URL: keystore.url }),
      DATABASE_APP_URL: url('sceau_app'),
      DATABASE_AUDITOR_URL: url('sceau_auditor'),
      DATABASE_SEQUENCER_URL: url('sceau_sequencer'),
    },
  };
}

function ownerUrlOf(environment: Environment, name: string, problem: string): string {
  const url = environment[name]?.trim() ?? '';
  if (URL.canParse(url) && /^postgres(ql)?:$/.test(new URL(url).protocol)) return url;
  throw new EnvironmentError([problem]);
}

/** The key store's own database, when there is one: its owner names it, and the app's role gets a password there. */
function keystoreOf(
  environment: Environment,
  passwords: RolePasswords,
  keptUrl: string | undefined,
): KeystorePreparation | undefined {
  const dataUrl = environment['DATABASE_URL'] ?? '';
  const given = environment['KEYSTORE_URL']?.trim() || undefined;
  const isAsked = (environment['KEYSTORE_OWNER_URL']?.trim() ?? '') !== '';
  if (!isAsked && (given === undefined || isSameDatabase(given, dataUrl))) return undefined;
  const problem = 'KEYSTORE_OWNER_URL must be the postgres: URL of the owner of the key store’s database.';
  const ownerUrl = ownerUrlOf(environment, 'KEYSTORE_OWNER_URL', problem);
  if (isSameDatabase(ownerUrl, dataUrl)) {
    throw new EnvironmentError(['KEYSTORE_OWNER_URL names the database of DATABASE_URL: leave it out.']);
  }
  const isSameServer = new URL(ownerUrl).host === new URL(dataUrl).host;
  const password =
    passwordOf(given) ??
    (isSameServer ? undefined : passwordOf(keptUrl)) ??
    (isSameServer ? passwords.sceau_app : randomBytes(24).toString('base64url'));
  if (isSameServer && password !== passwords.sceau_app) {
    throw new EnvironmentError([
      'KEYSTORE_URL and DATABASE_APP_URL must have the same password: a server knows the role sceau_app once.',
    ]);
  }
  const own = { ...passwords, sceau_app: password };
  return { ownerUrl, url: given ?? roleUrl(ownerUrl, 'sceau_app', own), passwords: own };
}

function isSameDatabase(one: string, other: string): boolean {
  if (!URL.canParse(one) || !URL.canParse(other)) return false;
  const [a, b] = [new URL(one), new URL(other)];
  return a.host === b.host && a.pathname === b.pathname;
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
