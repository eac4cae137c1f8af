import type { KeyProviderSettings, KmsCredentials, Secret, VaultLogin } from './key-provider-settings.js';
import type { VariableName } from './variables.js';

/** How `readEnvironment` looks at a variable; each mistake is noted there. */
export interface VariableReader {
  text(name: VariableName): string;
  required(name: VariableName): string;
  whole(name: VariableName, least: number, most: number): number;
  /** To three places. */
  decimal(name: VariableName, least: number, most: number): number;
  oneOf<T extends string>(name: VariableName, allowed: readonly [T, ...T[]]): T;
  url(name: VariableName, protocols: readonly string[]): string;
  expect(name: VariableName, holds: boolean, expectation: string): void;
}

/** The settings of whichever key provider is chosen; variables of the others are not looked at. */
export function readKeyProvider(read: VariableReader, localKeyring: string): KeyProviderSettings {
  const provider = read.oneOf('KEY_PROVIDER', ['local', 'vault', 'aws-kms']);
  const timeoutMs = read.whole('KEY_PROVIDER_TIMEOUT_MS', 100, 60_000);
  switch (provider) {
    case 'local':
      return { provider, path: localKeyring };
    case 'vault':
      return {
        provider,
        timeoutMs,
        address: read.url('VAULT_ADDR', ['https:', 'http:']).replace(/\/+$/, ''),
        namespace: read.text('VAULT_NAMESPACE') || undefined,
        caFile: read.text('VAULT_CACERT') || undefined,
        mount: pathOf(read, 'VAULT_TRANSIT_MOUNT'),
        key: nameOf(read, 'VAULT_TRANSIT_KEY', /^[\w.-]+$/),
        login: readVaultLogin(read),
      };
    case 'aws-kms':
      return {
        provider,
        timeoutMs,
        region: read.required('AWS_REGION'),
        endpoint:
          read.text('AWS_KMS_ENDPOINT') === ''
            ? undefined
            : read.url('AWS_KMS_ENDPOINT', ['https:', 'http:']).replace(/\/+$/, ''),
        aliasPrefix: `alias/${nameOf(read, 'AWS_KMS_ALIAS', /^(?!aws\/)[\w/-]{1,200}$/)}`,
        credentials: readKmsCredentials(read),
        parallelism: read.whole('AWS_KMS_PARALLELISM', 1, 1_000),
        deletionDays: read.whole('AWS_KMS_DELETION_DAYS', 7, 30),
      };
  }
}

function readVaultLogin(read: VariableReader): VaultLogin {
  const roleId = read.text('VAULT_ROLE_ID');
  const token = secretOf(read, 'VAULT_TOKEN', 'VAULT_TOKEN_FILE');
  if (roleId === '') {
    read.expect(
      'VAULT_TOKEN',
      token !== undefined,
      'set, or VAULT_TOKEN_FILE, or VAULT_ROLE_ID with a SecretID',
    );
    return { method: 'token', token: token ?? { from: 'variable', value: '' } };
  }
  read.expect('VAULT_TOKEN', token === undefined, 'left out when VAULT_ROLE_ID is set: choose one login');
  const secretId = secretOf(read, 'VAULT_SECRET_ID', 'VAULT_SECRET_ID_FILE');
  read.expect('VAULT_SECRET_ID', secretId !== undefined, 'set, or VAULT_SECRET_ID_FILE, with VAULT_ROLE_ID');
  return {
    method: 'approle',
    mount: pathOf(read, 'VAULT_APPROLE_MOUNT'),
    roleId,
    secretId: secretId ?? { from: 'variable', value: '' },
  };
}

function secretOf(read: VariableReader, variable: VariableName, file: VariableName): Secret | undefined {
  const [value, path] = [read.text(variable), read.text(file)];
  read.expect(variable, value === '' || path === '', `left out when ${file} is set`);
  if (path !== '') return { from: 'file', path };
  return value === '' ? undefined : { from: 'variable', value };
}

function readKmsCredentials(read: VariableReader): KmsCredentials | undefined {
  const accessKeyId = read.text('AWS_ACCESS_KEY_ID');
  const secretAccessKey = read.text('AWS_SECRET_ACCESS_KEY');
  read.expect(
    'AWS_SECRET_ACCESS_KEY',
    (accessKeyId === '') === (secretAccessKey === ''),
    'set together with AWS_ACCESS_KEY_ID, or neither',
  );
  if (accessKeyId === '') return undefined;
  return { accessKeyId, secretAccessKey, sessionToken: read.text('AWS_SESSION_TOKEN') || undefined };
}

function nameOf(read: VariableReader, variable: VariableName, form: RegExp): string {
  const name = read.text(variable);
  read.expect(variable, form.test(name), 'a name without spaces or signs');
  return name;
}

function pathOf(read: VariableReader, variable: VariableName): string {
  const path = read.text(variable).replaceAll(/^\/+|\/+$/g, '');
  read.expect(variable, /^[\w.-]+(\/[\w.-]+)*$/.test(path), 'the path of a mount');
  return path;
}

/** What production must not accept of a key provider, each with its sentence. */
export function keyProviderRefusals(
  settings: KeyProviderSettings,
  localKeyringAllowed: boolean,
): [boolean, string][] {
  switch (settings.provider) {
    case 'local':
      return [
        [
          !localKeyringAllowed,
          'KEY_PROVIDER=local keeps the master key on this machine; production needs LOCAL_KEYRING_IN_PRODUCTION=yes to accept that.',
        ],
      ];
    case 'vault':
      return [
        [
          isPlainHttpElsewhere(settings.address),
          'VAULT_ADDR must be an https: URL in production unless it is on this machine: keys travel over it.',
        ],
      ];
    case 'aws-kms':
      return [
        [
          settings.endpoint !== undefined && isPlainHttpElsewhere(settings.endpoint),
          'AWS_KMS_ENDPOINT must be an https: URL in production unless it is on this machine: keys travel over it.',
        ],
      ];
  }
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

function isPlainHttpElsewhere(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname } = new URL(address);
  return protocol === 'http:' && !LOOPBACK.test(hostname);
}
