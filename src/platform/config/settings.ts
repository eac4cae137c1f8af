import type { KeyringSettings } from './key-provider-settings.js';
import type { SinkSettings } from './sink-urls.js';

/** Everything the environment decides, parsed once at start (see `environment.ts`) and read-only afterwards. */
export class Settings {
  /** Refuses insecure choices when true. */
  readonly production: boolean;
  /** Base of every link, token audience and issuer; without a trailing slash. */
  readonly publicUrl: string;
  /** Page that mailed links lead to, which takes what follows `#`. */
  readonly frontEndUrl: string;
  readonly http: HttpSettings;
  /** Folder for everything the product keeps outside PostgreSQL. */
  readonly home: string;
  readonly database: DatabaseSettings;
  readonly keyring: KeyringSettings;
  readonly ledger: LedgerSettings;
  readonly passwords: PasswordSettings;
  readonly sessions: SessionSettings;
  readonly mail: MailSettings;
  readonly metrics: MetricsSettings;
  /** Whether `prepare` loads the demo into an empty database. */
  readonly demo: boolean;
  readonly logLevel: LogLevel;

  constructor(values: SettingsValues) {
    this.production = values.production;
    this.publicUrl = values.publicUrl;
    this.frontEndUrl = values.frontEndUrl;
    this.http = values.http;
    this.home = values.home;
    this.database = values.database;
    this.keyring = values.keyring;
    this.ledger = values.ledger;
    this.passwords = values.passwords;
    this.sessions = values.sessions;
    this.mail = values.mail;
    this.metrics = values.metrics;
    this.demo = values.demo;
    this.logLevel = values.logLevel;
  }
}

/** The same shape without the class, for whoever puts settings together: the environment, a test. */
export type SettingsValues = { readonly [Key in keyof Settings]: Settings[Key] };

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface HttpSettings {
  readonly host: string;
  readonly port: number;
  /** Addresses or networks whose `X-Forwarded-*` headers are believed; empty: none. */
  readonly trustedProxies: readonly string[];
}

export interface DatabaseSettings {
  /** Role `sceau_app`: everything the API and the worker do with business data. */
  readonly appUrl: string;
  /** Role `sceau_auditor`: reads the ledger and nothing else. */
  readonly auditorUrl: string;
  /** Role `sceau_sequencer`: moves staged entries into the tree. */
  readonly sequencerUrl: string;
  /** Where the wrapped subject keys live; the app's own database unless set. */
  readonly keystoreUrl: string;
  /** Connections per pool and process. */
  readonly poolSize: number;
}

export type Acknowledgement = 'staged' | 'sequenced';

export interface LedgerSettings {
  /** First line of every checkpoint (C2SP tlog-checkpoint); the epoch is appended. */
  readonly origin: string;
  /** Folder of the sequencer's state file and signing key, outside PostgreSQL. */
  readonly stateDirectory: string;
  /** Folder into which every process writes how far its entries are durable, and which the sequencer reads. */
  readonly heartbeatDirectory: string;
  readonly acknowledgement: {
    readonly candidate: Acknowledgement;
    readonly agency: Acknowledgement;
    readonly staff: Acknowledgement;
  };
  /** After this long without a durable entry nothing is released. */
  readonly timeoutMs: number;
  readonly sinks: SinksSettings;
}

/** Where checkpoints go, so that whoever rewrites the database is found out. */
export interface SinksSettings {
  readonly targets: readonly SinkSettings[];
  /** How long a sink is left alone between two checkpoints, at least. */
  readonly everySeconds: number;
  /** How long one may be behind before that is an alert. */
  readonly alertSeconds: number;
  /** For the object stores; `undefined`: whatever their client finds on the machine. */
  readonly objectStoreKey: ObjectStoreKey | undefined;
}

export interface ObjectStoreKey {
  readonly id: string;
  readonly secret: string;
}

/** argon2id parameters (RFC 9106 §4). */
export interface PasswordSettings {
  readonly memoryKiB: number;
  readonly iterations: number;
  readonly parallelism: number;
}

export interface SessionSettings {
  readonly idleMinutes: number;
  readonly absoluteHours: number;
  readonly stepUpMinutes: number;
}

export interface MetricsSettings {
  /** Where they are served; `undefined`: nowhere. */
  readonly port: number | undefined;
}

export type MailSettings =
  | { readonly mode: 'folder'; readonly folder: string; readonly from: string }
  | {
      readonly mode: 'smtp';
      readonly url: string;
      readonly from: string;
      /** Whether nothing is sent unless the connection is encrypted. */
      readonly requireTls: boolean;
      /** PEM file of the authorities that may sign the server's certificate; `undefined`: Node's. */
      readonly authorities: string | undefined;
    };
