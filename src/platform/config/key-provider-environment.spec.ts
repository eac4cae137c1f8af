import { EnvironmentError, readEnvironment } from './environment.js';

const base = {
  DATABASE_APP_URL: 'postgres://sceau_app:a-secret-of-its-own@127.0.0.1/sceau',
  DATABASE_AUDITOR_URL: 'postgres://sceau_auditor:another-secret@127.0.0.1/sceau',
  DATABASE_SEQUENCER_URL: 'postgres://sceau_sequencer:third-secret@127.0.0.1/sceau',
};

const production = {
  NODE_ENV: 'production',
  PUBLIC_URL: 'https://candidatures.example.fr/',
  TRUSTED_PROXIES: '10.0.0.0/8',
  MAIL_MODE: 'smtp',
  SMTP_URL: 'smtps://mail.example.fr',
  LEDGER_ORIGIN: 'candidatures.example.fr/audit',
};

const vault = {
  KEY_PROVIDER: 'vault',
  VAULT_ADDR: 'https://vault.example.fr:8200/',
  VAULT_TOKEN: 'hvs.hunter2',
};
const kms = { KEY_PROVIDER: 'aws-kms', AWS_REGION: 'eu-west-3' };

const keyringOf = (environment: Record<string, string>) =>
  readEnvironment({ ...base, ...environment }).keyring;

function problemsOf(environment: Record<string, string>): readonly string[] {
  try {
    readEnvironment({ ...base, ...environment });
    return [];
  } catch (error) {
    if (error instanceof EnvironmentError) return error.problems;
    throw error;
  }
}

describe('the environment of the key providers', () => {
  it('has the local keyring when nothing is said', () => {
    expect(keyringOf({ SCEAU_HOME: '/srv/sceau' })).toEqual({
      provider: 'local',
      path: '/srv/sceau/keyring.json',
      backupDays: 7,
      cacheSize: 1_000,
      drainSeconds: 10,
      cacheSeconds: 60,
    });
  });

  it('reads Vault with a token', () => {
    expect(keyringOf(vault)).toEqual({
      provider: 'vault',
      timeoutMs: 2_000,
      address: 'https://vault.example.fr:8200',
      namespace: undefined,
      caFile: undefined,
      mount: 'transit',
      key: 'sceau',
      login: { method: 'token', token: { from: 'variable', value: 'hvs.hunter2' } },
      backupDays: 7,
      cacheSize: 1_000,
      drainSeconds: 10,
      cacheSeconds: 60,
    });
  });

  it('reads Vault with a role, in a namespace, under an authority of its own', () => {
    const role = { VAULT_ROLE_ID: 'r', VAULT_SECRET_ID_FILE: '/run/secrets/vault' };
    const place = {
      VAULT_NAMESPACE: 'etat',
      VAULT_CACERT: '/etc/ca.pem',
      VAULT_TRANSIT_MOUNT: '/team/transit/',
    };
    expect(
      keyringOf({ ...vault, VAULT_TOKEN: '', ...role, ...place, VAULT_TRANSIT_KEY: 'k1' }),
    ).toMatchObject({
      namespace: 'etat',
      caFile: '/etc/ca.pem',
      mount: 'team/transit',
      key: 'k1',
      login: {
        method: 'approle',
        mount: 'approle',
        roleId: 'r',
        secretId: { from: 'file', path: '/run/secrets/vault' },
      },
    });
  });

  it('reads AWS KMS with the credentials of the machine', () => {
    expect(keyringOf(kms)).toEqual({
      provider: 'aws-kms',
      timeoutMs: 2_000,
      region: 'eu-west-3',
      endpoint: undefined,
      aliasPrefix: 'alias/sceau',
      credentials: undefined,
      parallelism: 32,
      deletionDays: 30,
      backupDays: 7,
      cacheSize: 1_000,
      drainSeconds: 10,
      cacheSeconds: 60,
    });
  });

  it('reads AWS KMS with credentials of its own', () => {
    const secret = { AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: 's', AWS_SESSION_TOKEN: 't' };
    expect(keyringOf({ ...kms, ...secret, AWS_KMS_ALIAS: 'etat/sceau' })).toMatchObject({
      aliasPrefix: 'alias/etat/sceau',
      credentials: { accessKeyId: 'AKIA', secretAccessKey: 's', sessionToken: 't' },
    });
  });

  it.each([
    ['no address', { ...vault, VAULT_ADDR: '' }, 'VAULT_ADDR'],
    ['an address that is none', { ...vault, VAULT_ADDR: 'vault.example.fr' }, 'VAULT_ADDR'],
    ['no login', { ...vault, VAULT_TOKEN: '' }, 'VAULT_TOKEN'],
    ['two logins', { ...vault, VAULT_ROLE_ID: 'r', VAULT_SECRET_ID: 'hunter2' }, 'VAULT_TOKEN'],
    ['a token twice', { ...vault, VAULT_TOKEN_FILE: '/run/hunter2' }, 'VAULT_TOKEN'],
    ['a role without its secret', { ...vault, VAULT_TOKEN: '', VAULT_ROLE_ID: 'hunter2' }, 'VAULT_SECRET_ID'],
    ['a key with a slash', { ...vault, VAULT_TRANSIT_KEY: '../hunter2' }, 'VAULT_TRANSIT_KEY'],
    ['a mount that climbs', { ...vault, VAULT_TRANSIT_MOUNT: 'a//hunter2' }, 'VAULT_TRANSIT_MOUNT'],
    ['no time to answer', { ...vault, KEY_PROVIDER_TIMEOUT_MS: '0' }, 'KEY_PROVIDER_TIMEOUT_MS'],
    ['no region', { ...kms, AWS_REGION: '' }, 'AWS_REGION'],
    ['half of the credentials', { ...kms, AWS_ACCESS_KEY_ID: 'hunter2' }, 'AWS_SECRET_ACCESS_KEY'],
    ['the other half', { ...kms, AWS_SECRET_ACCESS_KEY: 'hunter2' }, 'AWS_SECRET_ACCESS_KEY'],
    ['an alias that AWS keeps for itself', { ...kms, AWS_KMS_ALIAS: 'aws/hunter2' }, 'AWS_KMS_ALIAS'],
    ['a deletion at once', { ...kms, AWS_KMS_DELETION_DAYS: '1' }, 'AWS_KMS_DELETION_DAYS'],
    ['a deletion in a year', { ...kms, AWS_KMS_DELETION_DAYS: '365' }, 'AWS_KMS_DELETION_DAYS'],
  ])('refuses %s by name and without its value', (_, environment, name) => {
    const problems = problemsOf(environment);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(name);
    expect(problems[0]).not.toContain('hunter2');
  });

  it('does not look at the variables of other providers', () => {
    expect(problemsOf({ VAULT_ADDR: 'nonsense', AWS_KMS_DELETION_DAYS: '1' })).toEqual([]);
  });

  it.each([
    ['Vault', vault],
    ['AWS KMS', kms],
  ])('lets production use %s without more ado', (_, environment) => {
    expect(problemsOf({ ...production, ...environment })).toEqual([]);
  });

  it.each([
    ['VAULT_ADDR', { ...vault, VAULT_ADDR: 'http://vault.example.fr:8200' }],
    ['VAULT_ADDR', { ...vault, VAULT_ADDR: 'http://127.0.0.1.example.fr' }],
    ['AWS_KMS_ENDPOINT', { ...kms, AWS_KMS_ENDPOINT: 'http://kms.example.fr' }],
  ])('refuses plain HTTP to elsewhere in %s in production', (name, environment) => {
    expect(problemsOf(environment)).toEqual([]);
    const problems = problemsOf({ ...production, ...environment });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(name);
    expect(problems[0]).not.toContain('example.fr');
  });

  it.each(['http://127.0.0.1:8200', 'http://localhost:8200', 'http://[::1]:8200'])(
    'accepts %s in production: an agent on the same machine',
    (address) => {
      expect(problemsOf({ ...production, ...vault, VAULT_ADDR: address })).toEqual([]);
    },
  );
});
