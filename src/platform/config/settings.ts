import type { KeyringSettings } from './key-provider-settings.js';
import type { ObjectStorePlace, SinkSettings } from './sink-urls.js';

/** Everything the environment decides, parsed once at start (see `environment.ts`) and read-only afterwards. */
export class Settings {
  /** Refuses insecure choices when true. */
  readonly production: boolean;
  /** Base of every link, token audience and issuer; without a trailing slash. */
  readonly publicUrl: string;
  /** Page that mailed links lead to, which takes what follows `#`. */
  readonly frontEndUrl: string;
  /** How people reach the data protection officer: an address or a page. */
  readonly dataProtectionContact: string;
  readonly http: HttpSettings;
  /** Folder for everything the product keeps outside PostgreSQL. */
  readonly home: string;
  readonly database: DatabaseSettings;
  readonly keyring: KeyringSettings;
  readonly ledger: LedgerSettings;
  readonly passwords: PasswordSettings;
  readonly signIn: SignInSettings;
  readonly sessions: SessionSettings;
  readonly recovery: RecoverySettings;
  readonly erasure: ErasureSettings;
  readonly passkeys: PasskeySettings;
  readonly federation: FederationSettings;
  readonly mail: MailSettings;
  readonly documents: DocumentSettings;
  readonly webhooks: WebhookSettings;
  readonly alerts: AlertSettings;
  readonly unusualAccess: UnusualAccessSettings;
  readonly metrics: MetricsSettings;
  /** Whether `prepare` loads the demo into an empty database. */
  readonly demo: boolean;
  readonly logLevel: LogLevel;

  constructor(values: SettingsValues) {
    this.production = values.production;
    this.publicUrl = values.publicUrl;
    this.frontEndUrl = values.frontEndUrl;
    this.dataProtectionContact = values.dataProtectionContact;
    this.http = values.http;
    this.home = values.home;
    this.database = values.database;
    this.keyring = values.keyring;
    this.ledger = values.ledger;
    this.passwords = values.passwords;
    this.signIn = values.signIn;
    this.sessions = values.sessions;
    this.recovery = values.recovery;
    this.erasure = values.erasure;
    this.passkeys = values.passkeys;
    this.federation = values.federation;
    this.mail = values.mail;
    this.documents = values.documents;
    this.webhooks = values.webhooks;
    this.alerts = values.alerts;
    this.unusualAccess = values.unusualAccess;
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
  /** Certificates of agencies' programs (RFC 8705); `undefined`: none is looked at. */
  readonly mutualTls: MutualTlsSettings | undefined;
}

export type CertificateFormat = 'rfc9440' | 'escaped-pem';

export interface MutualTlsSettings {
  /** Where the terminator asks for a certificate; without a trailing slash. */
  readonly url: string;
  /** In which it forwards the certificate. */
  readonly header: string;
  readonly format: CertificateFormat;
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
  /** How long a statement may take that many requests may be waiting for, in milliseconds. */
  readonly timeoutMs: number;
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
  /** Whole months for which contents are kept; hashes and checkpoints stay for good. */
  readonly retentionMonths: number;
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

/** argon2id parameters (RFC 9106 §4), and how much hashing one process takes on. */
export interface PasswordSettings {
  readonly memoryKiB: number;
  readonly iterations: number;
  readonly parallelism: number;
  /** Hashings at once, each with its memory and lanes. */
  readonly concurrency: number;
  /** How many may wait for their turn; whoever comes then is refused. */
  readonly queue: number;
}

/** Bounds over all accounts and origins. */
export interface SignInSettings {
  /** Attempts a minute, altogether, from where nobody has signed in to the account before. */
  readonly strangersPerMinute: number;
  /** Refused ones of them within ten minutes that are an alert. */
  readonly alertRefusals: number;
}

export interface SessionSettings {
  readonly idleMinutes: number;
  readonly absoluteHours: number;
  readonly stepUpMinutes: number;
}

export interface RecoverySettings {
  /** Between an operator's approval and the token for the owner. */
  readonly delayHours: number;
}

export interface ErasureSettings {
  /** For how long after an erasure the ledger still tells whom it was about; then nothing ties it to them. */
  readonly tieDays: number;
}

export interface PasskeySettings {
  /** The domain that passkeys are bound to (WebAuthn's relying party id). */
  readonly rpId: string;
  /** Where the pages are that may ask for one. */
  readonly origins: readonly string[];
}

export type FederationProvider = 'proconnect' | 'franceconnect';

/** Each provider that is not set is off. */
export interface FederationSettings extends Readonly<
  Record<FederationProvider, ProviderSettings | undefined>
> {
  /** Where a browser is sent back to; what it brings stands in the fragment. */
  readonly returnUrl: string;
}

/** One OpenID Connect provider, as it knows us. */
export interface ProviderSettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scope: string;
  /** With which ID tokens and userinfo are signed, and with nothing else. */
  readonly signature: 'ES256' | 'RS256';
  /** Authentication context classes that are asked for, one of which must come back. */
  readonly acr: readonly string[];
}

export interface DocumentSettings {
  readonly store: DocumentStoreSettings;
  /** For a store of objects; `undefined`: whatever its client finds on the machine. */
  readonly objectStoreKey: ObjectStoreKey | undefined;
  /** `undefined`: nobody looks for malware. */
  readonly scanner: ScannerSettings | undefined;
}

export type DocumentStoreSettings = { readonly kind: 'folder'; readonly path: string } | ObjectStorePlace;

/** Where clamd listens. */
export type ScannerSettings = { readonly host: string; readonly port: number } | { readonly path: string };

export interface MetricsSettings {
  /** Where they are served; `undefined`: nowhere. */
  readonly port: number | undefined;
}

export interface WebhookSettings {
  /** PEM file of authorities that may sign receivers' certificates, besides Node's; `undefined`: none. */
  readonly authorities: string | undefined;
}

/** From what on a client's access is unusual: counts within sixty minutes, unless they say otherwise. */
export interface UnusualAccessSettings {
  /** How many times its own highest hour or day a client may read. */
  readonly factor: number;
  /** How many times its usual seven days. */
  readonly weekFactor: number;
  /** Candidates that are usual whatever its history. */
  readonly leastInHour: number;
  readonly leastInDay: number;
  /** On how many days of thirty a client has read that is known well. */
  readonly knownDays: number;
  /** To how many times its highest hour or day what is usual whatever its history falls, of one that is known well. */
  readonly knownFactor: number;
  /** Below which it does not fall. */
  readonly knownInHour: number;
  readonly knownInDay: number;
  /** What is usual in seven days whatever its history, of one that is known well. */
  readonly knownInWeek: number;
  /** What is usual in an hour of a client of which little is known. */
  readonly newcomerInHour: number;
  /** Candidates outside its hours. */
  readonly outsideHours: number;
  readonly misses: number;
  readonly refusals: number;
  readonly pages: number;
  readonly inOrder: number;
  readonly readers: number;
}

/** Who is told of the ledger's alerts; nobody unless it says so. */
export interface AlertSettings {
  readonly mail: readonly string[];
  readonly webhook: AlertWebhookSettings | undefined;
}

export interface AlertWebhookSettings {
  readonly url: string;
  /** `whsec_` and base64 (Standard Webhooks). */
  readonly secret: string;
  /** Whether it is in a network of our own, where nobody else may have us post. */
  readonly isInternal: boolean;
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
