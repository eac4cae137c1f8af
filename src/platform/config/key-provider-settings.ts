/** Who holds the master key, with what is needed to reach it; and how many unwrapped keys a process may hold. */
export type KeyringSettings = KeyProviderSettings & {
  /** Unwrapped subject keys a process may hold at once. */
  readonly cacheSize: number;
  /** How long it may hold one. */
  readonly cacheSeconds: number;
  /** How long backups of the key store are kept: a version of the master key is not destroyed before. */
  readonly backupDays: number;
  /** How long requests in flight may still use a subject's old key while it is rotated. */
  readonly drainSeconds: number;
};

export type KeyProviderSettings = LocalKeyringSettings | VaultSettings | KmsSettings;

export interface LocalKeyringSettings {
  readonly provider: 'local';
  /** The keyring's file. */
  readonly path: string;
}

/** The Transit engine of HashiCorp Vault or OpenBao. */
export interface VaultSettings {
  readonly provider: 'vault';
  /** A caller has its answer, or a failure, after this time. */
  readonly timeoutMs: number;
  /** Without a trailing slash. */
  readonly address: string;
  readonly namespace: string | undefined;
  /** PEM file of the authorities that may have signed the server's certificate; else those of Node. */
  readonly caFile: string | undefined;
  /** Path under which the Transit engine is mounted. */
  readonly mount: string;
  /** Name of the key in that engine. */
  readonly key: string;
  readonly login: VaultLogin;
}

export type VaultLogin =
  | { readonly method: 'token'; readonly token: Secret }
  | {
      readonly method: 'approle';
      /** Path under which the AppRole method is mounted. */
      readonly mount: string;
      readonly roleId: string;
      readonly secretId: Secret;
    };

/** A secret, or the file that holds it and is read again whenever the secret is needed. */
export type Secret =
  { readonly from: 'variable'; readonly value: string } | { readonly from: 'file'; readonly path: string };

export interface KmsSettings {
  readonly provider: 'aws-kms';
  /** A caller has its answer, or a failure, after this time. */
  readonly timeoutMs: number;
  readonly region: string;
  /** Another address than the region's own: a VPC or FIPS endpoint. */
  readonly endpoint: string | undefined;
  /** Version N of the master key is the KMS key behind `<aliasPrefix>-vN`. */
  readonly aliasPrefix: string;
  /** Left out: what the SDK finds (role of the machine, the container or the web identity). */
  readonly credentials: KmsCredentials | undefined;
  /** Requests under way at once: KMS has no batches. */
  readonly parallelism: number;
  /** How long KMS keeps the key of a retired version before it destroys it: 7 to 30 days. */
  readonly deletionDays: number;
}

export interface KmsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string | undefined;
}
