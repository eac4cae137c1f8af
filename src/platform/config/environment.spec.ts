import { EnvironmentError, describeEnvironment, readEnvironment } from './environment.js';

const development = {
  DATABASE_APP_URL: 'postgres://sceau_app:a-secret-of-its-own@127.0.0.1/sceau',
  DATABASE_AUDITOR_URL: 'postgres://sceau_auditor:another-secret@127.0.0.1/sceau',
  DATABASE_SEQUENCER_URL: 'postgres://sceau_sequencer:third-secret@127.0.0.1/sceau',
};

const production = {
  ...development,
  NODE_ENV: 'production',
  PUBLIC_URL: 'https://candidatures.example.fr/',
  TRUSTED_PROXIES: '10.0.0.0/8, 192.0.2.1',
  LOCAL_KEYRING_IN_PRODUCTION: 'yes',
  MAIL_MODE: 'smtp',
  SMTP_URL: 'smtps://mail.example.fr',
  LEDGER_ORIGIN: 'candidatures.example.fr/audit',
};

function problemsOf(environment: Record<string, string>): readonly string[] {
  try {
    readEnvironment(environment);
    return [];
  } catch (error) {
    if (error instanceof EnvironmentError) return error.problems;
    throw error;
  }
}

describe('readEnvironment', () => {
  it('needs only the three database addresses in development', () => {
    expect(readEnvironment(development)).toMatchObject({
      production: false,
      publicUrl: 'http://localhost:3000',
      dataProtectionContact: 'dpd@localhost',
      http: { host: '127.0.0.1', port: 3_000, trustedProxies: [], mutualTls: undefined },
      ledger: { acknowledgement: { candidate: 'staged', agency: 'sequenced', staff: 'sequenced' } },
      passwords: { memoryKiB: 65_536, iterations: 3, parallelism: 4 },
    });
  });

  it('reads a whole production environment', () => {
    expect(readEnvironment(production)).toMatchObject({
      production: true,
      publicUrl: 'https://candidatures.example.fr',
      http: { trustedProxies: ['10.0.0.0/8', '192.0.2.1'] },
      frontEndUrl: 'https://candidatures.example.fr/welcome',
      dataProtectionContact: 'dpd@candidatures.example.fr',
      mail: { mode: 'smtp', requireTls: true },
    });
  });

  it('reads a number that is not whole', () => {
    const { unusualAccess } = readEnvironment({ ...development, UNUSUAL_WEEK_FACTOR: '1.75' });
    expect(unusualAccess).toMatchObject({ factor: 2.5, weekFactor: 1.75 });
  });

  it('takes an empty variable for an unset one', () => {
    expect(readEnvironment({ ...development, PORT: ' ' }).http.port).toBe(3_000);
  });

  it.each([
    ['PORT', 'ninety'],
    ['PORT', '70000'],
    ['PORT', '-1'],
    ['NODE_ENV', 'staging'],
    ['DATABASE_APP_URL', 'mysql://root@127.0.0.1/x'],
    ['DATABASE_APP_URL', ''],
    ['KEY_PROVIDER', 'paper'],
    ['LEDGER_ACK_AGENCY', 'never'],
    ['PUBLIC_URL', 'ftp://example.fr'],
    ['MAIL_MODE', 'smtp'],
    ['TRUSTED_PROXIES', 'edge.example.fr'],
    ['TRUSTED_PROXIES', '10.0.0.1, 0.0.0.0/0'],
    ['TRUSTED_PROXIES', '10.0.0.0/33'],
    ['LOCAL_KEYRING_IN_PRODUCTION', 'maybe'],
    ['UNUSUAL_FACTOR', '2,5'],
    ['UNUSUAL_FACTOR', '0.5'],
    ['UNUSUAL_WEEK_FACTOR', '1e2'],
  ])('refuses %s=%s by name and without its value', (name, value) => {
    const problems = problemsOf({ ...development, [name]: value });
    expect(problems.join('\n')).toContain(name === 'MAIL_MODE' ? 'SMTP_URL' : name);
    expect(problems.some((problem) => value.length > 4 && problem.includes(`${value} `))).toBe(false);
  });

  it.each(['?requireTLS=false', '?tls.rejectUnauthorized=false', '#x'])(
    'refuses a mail server’s URL that ends in %s',
    (end) => {
      const problems = problemsOf({ ...production, SMTP_URL: `smtp://mail.example.fr${end}` });
      expect(problems).toEqual(['SMTP_URL must be a URL without parameters.']);
    },
  );

  it('names every mistake at once', () => {
    expect(problemsOf({ PORT: 'x', LOG_LEVEL: 'loud' })).toHaveLength(5);
  });

  it('never repeats a secret', () => {
    const problems = problemsOf({ ...development, DATABASE_APP_URL: 'mysql://root:hunter2hunter2@db/x' });
    expect(problems).toHaveLength(1);
    expect(problems.join()).not.toContain('hunter2');
  });

  it.each([
    ['plain HTTP', { PUBLIC_URL: 'http://candidatures.example.fr' }, 'PUBLIC_URL'],
    ['no TLS terminator', { TRUSTED_PROXIES: '' }, 'TRUSTED_PROXIES'],
    ['a local keyring without consent', { LOCAL_KEYRING_IN_PRODUCTION: 'no' }, 'KEY_PROVIDER'],
    ['demo data', { SCEAU_DEMO: 'yes' }, 'SCEAU_DEMO'],
    [
      'a default password',
      { DATABASE_APP_URL: 'postgres://sceau_app:postgres@db/sceau' },
      'DATABASE_APP_URL',
    ],
    [
      'no password',
      { DATABASE_SEQUENCER_URL: 'postgres://sceau_sequencer@db/sceau' },
      'DATABASE_SEQUENCER_URL',
    ],
    [
      'a default password of the key store',
      { KEYSTORE_URL: 'postgres://sceau_app:changeme@keys/sceau' },
      'KEYSTORE_URL',
    ],
    ['the name of everybody’s ledger', { LEDGER_ORIGIN: '' }, 'LEDGER_ORIGIN'],
    ['mail into a folder', { MAIL_MODE: 'folder' }, 'MAIL_MODE'],
    ['a talkative log', { LOG_LEVEL: 'debug' }, 'LOG_LEVEL'],
    ['mailed links in clear', { FRONT_END_URL: 'http://www.example.fr/compte' }, 'FRONT_END_URL'],
    ['mail in clear', { SMTP_URL: 'smtp://mail.example.fr', SMTP_REQUIRE_TLS: 'no' }, 'SMTP_REQUIRE_TLS'],
    ['cheap password hashes', { PASSWORD_MEMORY_KIB: '8192' }, 'PASSWORD_MEMORY_KIB'],
  ])('refuses %s in production', (_, change, name) => {
    const problems = problemsOf({ ...production, ...change });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(name);
  });
});

describe('describeEnvironment', () => {
  it('says whether a variable is set and never to what', () => {
    const rows = describeEnvironment({ SMTP_URL: 'smtps://user:hunter2@mail.example.fr', PORT: '' });
    expect(rows.find((row) => row.name === 'SMTP_URL')).toMatchObject({ state: 'set' });
    expect(rows.find((row) => row.name === 'PORT')).toMatchObject({ state: 'default' });
    expect(rows.find((row) => row.name === 'KEYSTORE_URL')).toMatchObject({ state: 'unset' });
    expect(JSON.stringify(rows)).not.toContain('hunter2');
  });
});
