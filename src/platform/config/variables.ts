/** What is known of one environment variable; `.env.example` and `sceau config` are made from this table. */
export interface Variable {
  readonly meaning: string;
  /** Used when the variable is unset or empty. */
  readonly default?: string;
  /** Never shown, not even its length. */
  readonly secret?: boolean;
}

export const VARIABLES = {
  NODE_ENV: {
    meaning: 'development, test or production; production refuses insecure settings.',
    default: 'development',
  },
  SCEAU_HOME: {
    meaning: 'Folder for the embedded database, keyring, ledger state and mail.',
    default: '.sceau',
  },
  HOST: { meaning: 'Address the API listens on.', default: '127.0.0.1' },
  PORT: { meaning: 'Port the API listens on.', default: '3000' },
  PUBLIC_URL: {
    meaning: 'Address under which people and agencies reach the API. Default: http://localhost:PORT.',
  },
  FRONT_END_URL: {
    meaning:
      'Page that mailed links lead to; what the link is for and its token follow #. Default: PUBLIC_URL/welcome, a page of ours.',
  },
  DATA_PROTECTION_CONTACT: {
    meaning:
      'How people reach the data protection officer, in letters about incidents. Default: dpd@ the host of PUBLIC_URL.',
  },
  TRUSTED_PROXIES: {
    meaning:
      'Comma-separated addresses or networks of the TLS terminator, whose X-Forwarded headers are believed.',
  },
  MTLS_URL: {
    meaning:
      'Address at which the TLS terminator asks agencies for a certificate (RFC 8705). Unset: certificates count for nothing.',
  },
  MTLS_CERTIFICATE_HEADER: {
    meaning: 'Header in which the terminator, one of TRUSTED_PROXIES, forwards the certificate.',
    default: 'Client-Cert',
  },
  MTLS_CERTIFICATE_FORMAT: {
    meaning: 'How it is written there: rfc9440 (:base64:) or escaped-pem (nginx, Envoy, AWS).',
    default: 'rfc9440',
  },
  DATABASE_URL: {
    meaning: 'PostgreSQL 15 or later, as the owner of the schema. Used by `prepare` only. Unset: embedded.',
    secret: true,
  },
  DATABASE_APP_URL: { meaning: 'The same database as role sceau_app.', secret: true },
  DATABASE_AUDITOR_URL: { meaning: 'The same database as role sceau_auditor.', secret: true },
  DATABASE_SEQUENCER_URL: { meaning: 'The same database as role sceau_sequencer.', secret: true },
  DATABASE_POOL_SIZE: { meaning: 'Connections per pool and process.', default: '10' },
  DATABASE_TIMEOUT_MS: { meaning: 'Milliseconds until what many wait for answers 503.', default: '5000' },
  KEYSTORE_URL: {
    meaning:
      'Database of the wrapped subject keys, as role sceau_app. Default: the one of DATABASE_APP_URL, or that of KEYSTORE_OWNER_URL.',
    secret: true,
  },
  KEYSTORE_OWNER_URL: {
    meaning: 'The same as its owner, when it is a database of its own. Used by `prepare` only.',
    secret: true,
  },
  KEY_PROVIDER: { meaning: 'Who holds the master key: local, vault or aws-kms.', default: 'local' },
  KEY_PROVIDER_TIMEOUT_MS: {
    meaning: 'Milliseconds after which a key service that does not answer counts as unavailable.',
    default: '2000',
  },
  KEYRING_PATH: {
    meaning: 'File of the local keyring, readable by its owner only. Default: SCEAU_HOME/keyring.json.',
  },
  LOCAL_KEYRING_IN_PRODUCTION: {
    meaning: 'yes accepts a master key on this machine in production.',
    default: 'no',
  },
  VAULT_ADDR: { meaning: 'URL of HashiCorp Vault or OpenBao; https: in production.' },
  VAULT_NAMESPACE: { meaning: 'Namespace of every request to Vault.' },
  VAULT_CACERT: {
    meaning: "PEM file of the authorities that may sign Vault's certificate. Default: Node's.",
  },
  VAULT_TRANSIT_MOUNT: { meaning: 'Where the Transit engine is mounted.', default: 'transit' },
  VAULT_TRANSIT_KEY: {
    meaning: 'Name of the Transit key, created with type=aes256-gcm96 derived=true.',
    default: 'sceau',
  },
  VAULT_TOKEN: { meaning: 'Token for Vault, renewed while it can be.', secret: true },
  VAULT_TOKEN_FILE: {
    meaning: 'File with that token, read again when Vault refuses the one in use: the sink of a Vault agent.',
  },
  VAULT_APPROLE_MOUNT: { meaning: 'Where the AppRole method is mounted.', default: 'approle' },
  VAULT_ROLE_ID: { meaning: 'RoleID to log in with, instead of a token.' },
  VAULT_SECRET_ID: { meaning: 'SecretID of that role.', secret: true },
  VAULT_SECRET_ID_FILE: { meaning: 'File with that SecretID, read at each login.' },
  AWS_REGION: { meaning: 'Region of AWS KMS.' },
  AWS_KMS_ENDPOINT: { meaning: "URL of a VPC or FIPS endpoint of KMS. Default: the region's own." },
  AWS_KMS_ALIAS: {
    meaning: 'Version N of the master key is the KMS key behind alias/<this>-vN.',
    default: 'sceau',
  },
  AWS_KMS_PARALLELISM: { meaning: 'Requests to KMS under way at once in a process.', default: '32' },
  AWS_KMS_DELETION_DAYS: {
    meaning: 'Days that KMS keeps the key of a retired version before it destroys it, 7 to 30.',
    default: '30',
  },
  AWS_ACCESS_KEY_ID: {
    meaning: 'Access key for KMS. Default: what the AWS SDK finds, such as the role of the machine.',
  },
  AWS_SECRET_ACCESS_KEY: { meaning: 'Secret of that access key.', secret: true },
  AWS_SESSION_TOKEN: { meaning: 'Session token of temporary credentials.', secret: true },
  KEY_CACHE_SIZE: { meaning: 'Unwrapped subject keys a process may hold at once; 0: none.', default: '1000' },
  KEY_CACHE_SECONDS: { meaning: 'How long it may hold one; 0: not at all.', default: '60' },
  KEY_BACKUP_DAYS: {
    meaning:
      'How long backups of the key store are kept, in days: so long an old version of the master key is.',
    default: '7',
  },
  KEY_DRAIN_SECONDS: {
    meaning: "Seconds that requests in flight may take while one subject's key is rotated.",
    default: '10',
  },
  LEDGER_ORIGIN: {
    meaning: 'Name of this ledger, the first line of its checkpoints.',
    default: 'sceau.localhost/audit',
  },
  LEDGER_STATE: {
    meaning: "Folder of the sequencer's state file and signing key. Default: SCEAU_HOME/ledger.",
  },
  LEDGER_HEARTBEATS: {
    meaning:
      'Folder, outside the database, that every process writes to and the worker reads. Default: SCEAU_HOME/heartbeats.',
  },
  LEDGER_ACK_CANDIDATE: {
    meaning: 'staged or sequenced: what a candidate reading their own data waits for.',
    default: 'staged',
  },
  LEDGER_ACK_AGENCY: { meaning: 'staged or sequenced: what an agency waits for.', default: 'sequenced' },
  LEDGER_ACK_STAFF: {
    meaning: 'staged or sequenced: what auditors and operators wait for.',
    default: 'sequenced',
  },
  LEDGER_TIMEOUT_MS: {
    meaning: 'Milliseconds after which nothing is released without a durable entry.',
    default: '1000',
  },
  LEDGER_RETENTION_MONTHS: {
    meaning:
      'Months for which the contents of the ledger are kept; more than 12, and up to 36, needs a documented reason (CNIL 2021-122).',
    default: '12',
  },
  LEDGER_SINKS: {
    meaning:
      'Places that keep checkpoints out of reach of whoever administers the database, separated by spaces: file:///FOLDER, s3://BUCKET/PREFIX?region=R&endpoint=URL&retainDays=N (object lock), syslog://HOST:PORT, syslogs://HOST:PORT?ca=FILE, https://WITNESS/PREFIX#VERIFIER-KEY (C2SP tlog-witness), rfc3161+https://HOST/PATH?ca=FILE (a time stamp each hour). Unset: none.',
  },
  LEDGER_SINK_SECONDS: {
    meaning: 'Seconds between two checkpoints that a sink is given, at least.',
    default: '10',
  },
  LEDGER_SINK_ALERT_SECONDS: {
    meaning: 'Seconds after which a sink that has not taken the newest checkpoint is an alert.',
    default: '300',
  },
  LEDGER_S3_ACCESS_KEY_ID: {
    meaning: 'Key of the s3: sinks. Unset: whatever the AWS SDK finds on the machine.',
    secret: true,
  },
  LEDGER_S3_SECRET_ACCESS_KEY: { meaning: 'Its secret half.', secret: true },
  DOCUMENT_STORE: {
    meaning:
      'Where documents are kept, sealed: file:///FOLDER or s3://BUCKET/PREFIX?region=R&endpoint=URL. The API and the worker need the same. Default: the folder SCEAU_HOME/documents.',
  },
  DOCUMENT_S3_ACCESS_KEY_ID: {
    meaning: 'Key of an s3: store of documents. Unset: whatever the AWS SDK finds on the machine.',
    secret: true,
  },
  DOCUMENT_S3_SECRET_ACCESS_KEY: { meaning: 'Its secret half.', secret: true },
  MALWARE_SCANNER: {
    meaning:
      'clamd that looks into every document, when it is uploaded and again before an agency gets it: clamd://HOST:PORT or clamd+unix:///SOCKET. While it does not answer, no document is taken or given to an agency. Unset: none.',
  },
  PASSWORD_MEMORY_KIB: { meaning: 'argon2id memory in KiB (RFC 9106).', default: '65536' },
  PASSWORD_ITERATIONS: { meaning: 'argon2id passes.', default: '3' },
  PASSWORD_PARALLELISM: { meaning: 'argon2id lanes.', default: '4' },
  PASSWORD_CONCURRENCY: {
    meaning:
      'Passwords that a process hashes at once, each with its memory and lanes. Default: one a core, three at most; for more, give Node more threads (UV_THREADPOOL_SIZE), of which files and names need some.',
  },
  PASSWORD_QUEUE: {
    meaning: 'Requests that may wait for that; whoever comes then is told to come again (503).',
    default: '40',
  },
  SIGN_IN_STRANGERS_PER_MINUTE: {
    meaning: 'Attempts to sign in, altogether, from networks new to the account in question.',
    default: '6000',
  },
  SIGN_IN_ALERT_REFUSALS: {
    meaning: 'Refused ones of those within ten minutes that alert the auditors of credential stuffing.',
    default: '500',
  },
  SESSION_IDLE_MINUTES: { meaning: 'Minutes without a request after which a session ends.', default: '30' },
  SESSION_ABSOLUTE_HOURS: { meaning: 'Hours after which a session ends whatever happens.', default: '12' },
  SESSION_STEP_UP_MINUTES: { meaning: 'Minutes for which a second factor counts as fresh.', default: '5' },
  RECOVERY_DELAY_HOURS: {
    meaning:
      'Hours between the approval of a recovery and the token that completes it; 24 to 336 in production.',
    default: '72',
  },
  ERASURE_TIE_DAYS: {
    meaning:
      'Days after an erasure for which the ledger still tells by its pseudonym whom it was about, for complaints and inquiries; 0: an hour.',
    default: '30',
  },
  PASSKEY_RP_ID: {
    meaning:
      'Domain that passkeys are bound to; another one later makes them useless. Default: the host of PUBLIC_URL.',
  },
  PASSKEY_ORIGINS: {
    meaning:
      'Comma-separated origins of the pages that may ask for a passkey. Default: the one of PUBLIC_URL.',
  },
  PROCONNECT_ISSUER: {
    meaning:
      'Issuer of ProConnect, with which staff may be recognised, such as https://auth.agentconnect.gouv.fr/api/v2. Unset: off.',
  },
  PROCONNECT_CLIENT_ID: { meaning: 'Our client id there.' },
  PROCONNECT_CLIENT_SECRET: { meaning: 'Its secret.', secret: true },
  PROCONNECT_SIGNATURE: {
    meaning: 'ES256 or RS256: with which its tokens and userinfo are signed, as registered there.',
    default: 'RS256',
  },
  PROCONNECT_ACR: {
    meaning: 'Authentication levels that are asked for and taken, separated by spaces.',
    default:
      'eidas2 eidas3 https://proconnect.gouv.fr/assurance/self-asserted-2fa https://proconnect.gouv.fr/assurance/consistency-checked-2fa',
  },
  FRANCECONNECT_ISSUER: {
    meaning:
      'Issuer of FranceConnect, with which candidates may be recognised, such as https://oidc.franceconnect.gouv.fr/api/v2. Unset: off.',
  },
  FRANCECONNECT_CLIENT_ID: { meaning: 'Our client id there.' },
  FRANCECONNECT_CLIENT_SECRET: { meaning: 'Its secret.', secret: true },
  FRANCECONNECT_SIGNATURE: {
    meaning: 'ES256 or RS256: with which its tokens and userinfo are signed, as registered there.',
    default: 'ES256',
  },
  FRANCECONNECT_ACR: {
    meaning: 'Authentication levels that are asked for and taken, separated by spaces.',
    default: 'eidas1',
  },
  FEDERATION_RETURN_URL: {
    meaning: 'Page that a browser comes back to from a provider; default: /welcome of PUBLIC_URL.',
  },
  MAIL_MODE: { meaning: 'folder writes .eml files, smtp sends.', default: 'folder' },
  MAIL_FOLDER: { meaning: 'Where the .eml files go. Default: SCEAU_HOME/mail.' },
  MAIL_FROM: { meaning: 'Sender of every mail.', default: 'Sceau <ne-pas-repondre@sceau.localhost>' },
  SMTP_URL: {
    meaning: 'smtp: (STARTTLS) or smtps: URL of the mail server, without parameters.',
    secret: true,
  },
  SMTP_REQUIRE_TLS: {
    meaning: 'no sends over smtp: in clear where the server knows no STARTTLS; refused in production.',
    default: 'yes',
  },
  SMTP_CACERT: {
    meaning: "PEM file of the authorities that may sign the mail server's certificate. Default: Node's.",
  },
  WEBHOOK_CACERT: { meaning: "PEM file of authorities for agencies' webhook receivers, besides Node's." },
  ALERT_MAIL: { meaning: "Comma-separated addresses that are mailed the ledger's alerts. Unset: none." },
  ALERT_WEBHOOK: { meaning: 'https: URL that each alert is posted to. Unset: none.', secret: true },
  ALERT_WEBHOOK_SECRET: { meaning: 'Its signing secret: whsec_ and base64 of 24 to 64 bytes.', secret: true },
  ALERT_WEBHOOK_INTERNAL: { meaning: 'yes: in a private network, and http: too.', default: 'no' },
  UNUSUAL_FACTOR: { meaning: 'An alert: so many times its highest hour or day,', default: '2.5' },
  UNUSUAL_WEEK_FACTOR: { meaning: 'or so many times its usual seven days.', default: '2' },
  UNUSUAL_LEAST_IN_HOUR: { meaning: 'Yet so many candidates in an hour at least.', default: '25' },
  UNUSUAL_LEAST_IN_DAY: { meaning: 'And so many in 24 hours.', default: '80' },
  UNUSUAL_KNOWN_DAYS: { meaning: 'Of one that reads on so many days of thirty, both fall', default: '10' },
  UNUSUAL_KNOWN_FACTOR: { meaning: 'to so many times its highest hour or day,', default: '3' },
  UNUSUAL_KNOWN_IN_HOUR: { meaning: 'yet not below so many in an hour,', default: '20' },
  UNUSUAL_KNOWN_IN_DAY: { meaning: 'and so many in 24 hours.', default: '40' },
  UNUSUAL_KNOWN_IN_WEEK: { meaning: 'And it has so many in seven days at least.', default: '70' },
  UNUSUAL_NEWCOMER_IN_HOUR: { meaning: 'In an hour, of a client without a history.', default: '40' },
  UNUSUAL_OUTSIDE_HOURS: { meaning: 'In an hour at which the client never reads.', default: '8' },
  UNUSUAL_MISSES: { meaning: "An alert: ids in an hour that are not the agency's.", default: '20' },
  UNUSUAL_REFUSALS: { meaning: 'An alert: refused readings in an hour.', default: '30' },
  UNUSUAL_PAGES: { meaning: 'An alert: pages of lists in an hour.', default: '120' },
  UNUSUAL_IN_ORDER: { meaning: 'An alert: applications read in the order of their ids.', default: '45' },
  UNUSUAL_READERS: { meaning: 'An alert: clients that read a candidate in 24 hours.', default: '8' },
  SCEAU_DEMO: {
    meaning:
      'yes loads agencies, vacancies and credentials for trying out into an empty database; npm start does so with the embedded one unless told no.',
    default: 'no',
  },
  METRICS_PORT: { meaning: 'Port of the metrics for Prometheus, one for each process. Unset: none.' },
  LOG_LEVEL: { meaning: 'debug, info, warn, error or silent.', default: 'info' },
} as const satisfies Record<string, Variable>;

export type VariableName = keyof typeof VARIABLES;
