import { isIP } from 'node:net';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { readAlerts } from './alert-environment.js';
import { readDocuments } from './document-environment.js';
import { readFederation } from './federation-environment.js';
import { keyProviderRefusals, readKeyProvider, type VariableReader } from './key-provider-environment.js';
import { readMutualTls } from './mutual-tls-environment.js';
import { readPasskeys } from './passkey-environment.js';
import { VARIABLES, type Variable, type VariableName } from './variables.js';
import { type ObjectStoreKey, Settings } from './settings.js';
import { readSmtp } from './smtp-environment.js';
import { readSinks, SINK_EXPECTATION, type SinkSettings } from './sink-urls.js';
import { readUnusualAccess } from './unusual-access-environment.js';

/** Of the four threads that Node has for what would block, one is left to files and names. */
const HASHING_THREADS = 3;

/** Every mistake of the environment at once. Names the variables and what is expected, never their values. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`The configuration cannot be used:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.problems = problems;
  }
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** The environment of this process: the one place where it is touched. */
export function processEnvironment(): Environment {
  return process.env;
}

/**
 * Reads the environment once. The only place in the product that does.
 * @throws EnvironmentError naming every variable that is missing or malformed, and what it should be
 */
export function readEnvironment(environment: Environment = processEnvironment()): Settings {
  const problems: string[] = [];
  const text = (name: VariableName): string => {
    const value = environment[name]?.trim() ?? '';
    const variable: Variable = VARIABLES[name];
    return value === '' ? (variable.default ?? '') : value;
  };
  const expect = (name: VariableName, holds: boolean, expectation: string): void => {
    if (!holds) problems.push(`${name} must be ${expectation}.`);
  };
  const required = (name: VariableName): string => {
    const value = text(name);
    if (value === '') problems.push(`${name} is required: ${VARIABLES[name].meaning}`);
    return value;
  };
  const within = (name: VariableName, form: RegExp, called: string, least: number, most: number): number => {
    const value = text(name);
    const number = form.test(value) ? Number(value) : Number.NaN;
    expect(name, number >= least && number <= most, `${called} from ${least} to ${most}`);
    return Number.isNaN(number) ? least : number;
  };
  const whole = (name: VariableName, least: number, most: number): number =>
    within(name, /^\d{1,9}$/, 'a whole number', least, most);
  const decimal = (name: VariableName, least: number, most: number): number =>
    within(name, /^\d{1,9}(\.\d{1,3})?$/, 'a number', least, most);
  const oneOf = <T extends string>(name: VariableName, allowed: readonly [T, ...T[]]): T => {
    const value = text(name);
    const found = allowed.find((candidate) => candidate === value);
    expect(name, found !== undefined, `one of ${allowed.join(', ')}`);
    return found ?? allowed[0];
  };
  const url = (name: VariableName, protocols: readonly string[], value = required(name)): string => {
    if (value === '') return value;
    expect(
      name,
      URL.canParse(value) && protocols.includes(new URL(value).protocol),
      `a ${protocols.join(' or ')} URL`,
    );
    return value;
  };
  const read: VariableReader = { text, required, whole, decimal, oneOf, url, expect };
  const folder = (name: VariableName, fallback: string): string => resolve(text(name) || fallback);
  const postgres = ['postgres:', 'postgresql:'];
  const sinks = (): readonly SinkSettings[] => {
    const found = readSinks(text('LEDGER_SINKS'), !production);
    expect('LEDGER_SINKS', found !== undefined, SINK_EXPECTATION);
    return found ?? [];
  };
  const objectStoreKey = (): ObjectStoreKey | undefined => {
    const [id, secret] = [text('LEDGER_S3_ACCESS_KEY_ID'), text('LEDGER_S3_SECRET_ACCESS_KEY')];
    expect(
      'LEDGER_S3_SECRET_ACCESS_KEY',
      (id === '') === (secret === ''),
      'set if and only if the key’s id is',
    );
    return id === '' ? undefined : { id, secret };
  };

  const production = oneOf('NODE_ENV', ['development', 'production', 'test']) === 'production';
  const home = folder('SCEAU_HOME', '.sceau');
  const port = whole('PORT', 0, 65_535);
  const appUrl = url('DATABASE_APP_URL', postgres);
  const trustedProxies = text('TRUSTED_PROXIES')
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean);
  expect('TRUSTED_PROXIES', trustedProxies.every(isNetwork), 'addresses or networks like 10.0.0.0/8');
  const isLocalKeyringAllowed = oneOf('LOCAL_KEYRING_IN_PRODUCTION', ['no', 'yes']) === 'yes';
  const mailMode = oneOf('MAIL_MODE', ['folder', 'smtp']);
  const from = required('MAIL_FROM');
  const publicUrl = url(
    'PUBLIC_URL',
    ['http:', 'https:'],
    text('PUBLIC_URL') || `http://localhost:${port}`,
  ).replace(/\/+$/, '');

  const settings = new Settings({
    production,
    publicUrl,
    dataProtectionContact:
      text('DATA_PROTECTION_CONTACT') || `dpd@${URL.canParse(publicUrl) ? new URL(publicUrl).hostname : ''}`,
    frontEndUrl: url('FRONT_END_URL', ['http:', 'https:'], text('FRONT_END_URL') || `${publicUrl}/welcome`),
    http: {
      host: required('HOST'),
      port,
      trustedProxies,
      mutualTls: readMutualTls(read, trustedProxies),
    },
    home,
    database: {
      appUrl,
      auditorUrl: url('DATABASE_AUDITOR_URL', postgres),
      sequencerUrl: url('DATABASE_SEQUENCER_URL', postgres),
      keystoreUrl: text('KEYSTORE_URL') === '' ? appUrl : url('KEYSTORE_URL', postgres),
      poolSize: whole('DATABASE_POOL_SIZE', 1, 200),
      timeoutMs: whole('DATABASE_TIMEOUT_MS', 100, 60_000),
    },
    keyring: {
      ...readKeyProvider(read, folder('KEYRING_PATH', `${home}/keyring.json`)),
      cacheSize: whole('KEY_CACHE_SIZE', 0, 1_000_000),
      cacheSeconds: whole('KEY_CACHE_SECONDS', 0, 86_400),
      backupDays: whole('KEY_BACKUP_DAYS', 0, 3_650),
      drainSeconds: whole('KEY_DRAIN_SECONDS', 0, 3_600),
    },
    ledger: {
      origin: required('LEDGER_ORIGIN'),
      stateDirectory: folder('LEDGER_STATE', `${home}/ledger`),
      heartbeatDirectory: folder('LEDGER_HEARTBEATS', `${home}/heartbeats`),
      acknowledgement: {
        candidate: oneOf('LEDGER_ACK_CANDIDATE', ['staged', 'sequenced']),
        agency: oneOf('LEDGER_ACK_AGENCY', ['staged', 'sequenced']),
        staff: oneOf('LEDGER_ACK_STAFF', ['staged', 'sequenced']),
      },
      timeoutMs: whole('LEDGER_TIMEOUT_MS', 100, 60_000),
      retentionMonths: whole('LEDGER_RETENTION_MONTHS', 12, 36),
      sinks: {
        targets: sinks(),
        everySeconds: whole('LEDGER_SINK_SECONDS', 1, 3_600),
        alertSeconds: whole('LEDGER_SINK_ALERT_SECONDS', 1, 14_400),
        objectStoreKey: objectStoreKey(),
      },
    },
    passwords: {
      memoryKiB: whole('PASSWORD_MEMORY_KIB', production ? 19_456 : 1_024, 4_194_304),
      iterations: whole('PASSWORD_ITERATIONS', production ? 2 : 1, 100),
      parallelism: whole('PASSWORD_PARALLELISM', 1, 64),
      concurrency:
        text('PASSWORD_CONCURRENCY') === ''
          ? Math.min(availableParallelism(), HASHING_THREADS)
          : whole('PASSWORD_CONCURRENCY', 1, 64),
      queue: whole('PASSWORD_QUEUE', 1, 10_000),
    },
    signIn: {
      strangersPerMinute: whole('SIGN_IN_STRANGERS_PER_MINUTE', 1, 10_000_000),
      alertRefusals: whole('SIGN_IN_ALERT_REFUSALS', 1, 10_000_000),
    },
    sessions: {
      idleMinutes: whole('SESSION_IDLE_MINUTES', 1, 60),
      absoluteHours: whole('SESSION_ABSOLUTE_HOURS', 1, 24),
      stepUpMinutes: whole('SESSION_STEP_UP_MINUTES', 1, 15),
    },
    recovery: { delayHours: whole('RECOVERY_DELAY_HOURS', production ? 24 : 1, 336) },
    erasure: { tieDays: whole('ERASURE_TIE_DAYS', 0, 365) },
    passkeys: readPasskeys(read, publicUrl),
    federation: readFederation(read, publicUrl, production),
    mail:
      mailMode === 'folder'
        ? { mode: 'folder', folder: folder('MAIL_FOLDER', `${home}/mail`), from }
        : { mode: 'smtp', from, ...readSmtp({ text, oneOf, url, expect }) },
    documents: readDocuments({ text, expect }, home, !production),
    webhooks: { authorities: text('WEBHOOK_CACERT') === '' ? undefined : folder('WEBHOOK_CACERT', '') },
    alerts: readAlerts({ text, oneOf, url, expect }),
    unusualAccess: readUnusualAccess(read),
    metrics: { port: text('METRICS_PORT') === '' ? undefined : whole('METRICS_PORT', 1, 65_535) },
    demo: oneOf('SCEAU_DEMO', ['no', 'yes']) === 'yes',
    logLevel: oneOf('LOG_LEVEL', ['info', 'debug', 'warn', 'error', 'silent']),
  });

  if (production) problems.push(...insecureChoices(settings, isLocalKeyringAllowed));
  if (problems.length > 0) throw new EnvironmentError(problems);
  return settings;
}

/** An address, or a network that is not the whole Internet. */
function isNetwork(entry: string): boolean {
  const [address = '', bits, ...rest] = entry.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  return bits === undefined || (/^[1-9]\d{0,2}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
}

/** What development allows and production must not. */
function insecureChoices(settings: Settings, isLocalKeyringAllowed: boolean): string[] {
  const refusals: [boolean, string][] = [
    [!settings.publicUrl.startsWith('https://'), 'PUBLIC_URL must be an https: URL in production.'],
    [
      settings.http.trustedProxies.length === 0,
      'TRUSTED_PROXIES must name the TLS terminator in production: the API itself speaks plain HTTP.',
    ],
    [
      settings.http.mutualTls?.url.startsWith('http://') === true,
      'MTLS_URL must be an https: URL in production.',
    ],
    ...keyProviderRefusals(settings.keyring, isLocalKeyringAllowed),
    [settings.demo, 'SCEAU_DEMO must be no in production: the demo’s credentials lie in a file.'],
    [
      settings.mail.mode === 'folder',
      'MAIL_MODE must be smtp in production: mail in a folder reaches nobody.',
    ],
    [
      // One that follows from PUBLIC_URL is named there.
      settings.publicUrl.startsWith('https://') && !settings.frontEndUrl.startsWith('https://'),
      'FRONT_END_URL must be an https: URL in production: what follows # signs people up.',
    ],
    [
      settings.mail.mode === 'smtp' && !settings.mail.requireTls,
      'SMTP_REQUIRE_TLS must be yes in production: mails hold one-time links.',
    ],
    [
      settings.ledger.origin === VARIABLES.LEDGER_ORIGIN.default,
      'LEDGER_ORIGIN must be a name of its own in production: the default one is everybody’s.',
    ],
    [settings.logLevel === 'debug', 'LOG_LEVEL must not be debug in production.'],
    ...databaseRefusals(settings),
  ];
  return refusals.filter(([refused]) => refused).map(([, sentence]) => sentence);
}

const GUESSABLE = new Set(['', 'postgres', 'password', 'sceau', 'changeme', 'secret']);

function databaseRefusals(settings: Settings): [boolean, string][] {
  const urls: [VariableName, string][] = [
    ['DATABASE_APP_URL', settings.database.appUrl],
    ['DATABASE_AUDITOR_URL', settings.database.auditorUrl],
    ['DATABASE_SEQUENCER_URL', settings.database.sequencerUrl],
    ['KEYSTORE_URL', settings.database.keystoreUrl],
  ];
  const known = urls.filter(([name, value]) => name !== 'KEYSTORE_URL' || value !== settings.database.appUrl);
  return known.map(([name, value]) => [
    URL.canParse(value) && GUESSABLE.has(decodeURIComponent(new URL(value).password)),
    `${name} has no password or a default one; production needs a secret of its own.`,
  ]);
}

export interface DescribedVariable {
  readonly name: string;
  /** Whether it is set; never to what. */
  readonly state: 'set' | 'default' | 'unset';
  readonly meaning: string;
}

/** What can be configured and what is, for `sceau config`. */
export function describeEnvironment(
  environment: Environment = processEnvironment(),
): readonly DescribedVariable[] {
  return Object.entries(VARIABLES).map(([name, variable]: [string, Variable]) => {
    const set = (environment[name]?.trim() ?? '') !== '';
    const fallback = variable.default === undefined ? '' : ` Default: ${variable.default}.`;
    return {
      name,
      state: set ? 'set' : variable.default === undefined ? 'unset' : 'default',
      meaning: `${variable.meaning}${fallback}`,
    };
  });
}
