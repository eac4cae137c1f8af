import { EnvironmentError, readEnvironment } from './environment.js';

const BASE = {
  DATABASE_APP_URL: 'postgres://sceau_app:long-and-own@127.0.0.1/sceau',
  DATABASE_AUDITOR_URL: 'postgres://sceau_auditor:long-and-own@127.0.0.1/sceau',
  DATABASE_SEQUENCER_URL: 'postgres://sceau_sequencer:long-and-own@127.0.0.1/sceau',
};
const ON = { MTLS_URL: 'https://mtls.sceau.example', TRUSTED_PROXIES: '10.0.0.7' };

const mutualTls = (environment: Record<string, string>) =>
  readEnvironment({ ...BASE, ...environment }).http.mutualTls;

function problemsOf(environment: Record<string, string>): readonly string[] {
  try {
    mutualTls(environment);
    return [];
  } catch (error) {
    if (error instanceof EnvironmentError) return error.problems;
    throw error;
  }
}

const naming = (name: string): unknown => expect.stringMatching(new RegExp(`^${name} must be `));

describe('settings of mutual TLS', () => {
  it('are off unless an address is given, whatever else is', () => {
    expect(mutualTls({})).toBeUndefined();
    expect(
      mutualTls({ TRUSTED_PROXIES: '10.0.0.7', MTLS_CERTIFICATE_FORMAT: 'escaped-pem' }),
    ).toBeUndefined();
  });

  it('follow RFC 9440 unless told', () => {
    const header = 'Client-Cert';
    expect(mutualTls(ON)).toEqual({ url: 'https://mtls.sceau.example', header, format: 'rfc9440' });
    expect(
      mutualTls({
        ...ON,
        MTLS_URL: 'https://mtls.sceau.example:8443//',
        MTLS_CERTIFICATE_HEADER: 'X-SSL-Client-Cert',
        MTLS_CERTIFICATE_FORMAT: 'escaped-pem',
      }),
    ).toEqual({ url: 'https://mtls.sceau.example:8443', header: 'X-SSL-Client-Cert', format: 'escaped-pem' });
  });

  it('need somebody who forwards certificates: from nobody else one counts', () => {
    expect(problemsOf({ MTLS_URL: ON.MTLS_URL })).toEqual([naming('TRUSTED_PROXIES')]);
    expect(problemsOf({ ...ON, TRUSTED_PROXIES: '0.0.0.0/0' })).toEqual([naming('TRUSTED_PROXIES')]);
  });

  it.each(['mtls.sceau.example', 'ftp://mtls.sceau.example', 'https://'])(
    'are refused with the address %s',
    (url) => {
      expect(problemsOf({ ...ON, MTLS_URL: url })).toEqual([naming('MTLS_URL')]);
    },
  );

  it.each([
    'Authorization',
    'Host',
    'Cookie',
    'X-Forwarded-For',
    'DPoP',
    'Client Cert',
    'Client-Cert:',
    '-Cert',
  ])('are refused with the header %j, also while they are off', (header) => {
    for (const given of [ON, {}])
      expect(problemsOf({ ...given, MTLS_CERTIFICATE_HEADER: header })).toEqual([
        naming('MTLS_CERTIFICATE_HEADER'),
      ]);
  });

  it.each(['pem', 'RFC9440', 'der'])('are refused with the format %s', (format) => {
    expect(problemsOf({ ...ON, MTLS_CERTIFICATE_FORMAT: format })).toEqual([
      naming('MTLS_CERTIFICATE_FORMAT'),
    ]);
  });

  it('have TLS in production', () => {
    const production = { ...ON, NODE_ENV: 'production', PUBLIC_URL: 'https://sceau.example' };
    const problem = 'MTLS_URL must be an https: URL in production.';
    expect(problemsOf({ ...production, MTLS_URL: 'http://mtls.sceau.example' })).toContain(problem);
    expect(problemsOf(production)).not.toContain(problem);
    expect(mutualTls({ ...ON, MTLS_URL: 'http://127.0.0.1:8443' })?.url).toBe('http://127.0.0.1:8443');
  });
});
