import { EnvironmentError, readEnvironment } from './environment.js';

const BASE = {
  DATABASE_APP_URL: 'postgres://sceau_app:long-and-own@127.0.0.1/sceau',
  DATABASE_AUDITOR_URL: 'postgres://sceau_auditor:long-and-own@127.0.0.1/sceau',
  DATABASE_SEQUENCER_URL: 'postgres://sceau_sequencer:long-and-own@127.0.0.1/sceau',
  PUBLIC_URL: 'https://sceau.example',
};
const FRANCECONNECT = {
  FRANCECONNECT_ISSUER: 'https://oidc.franceconnect.gouv.fr/api/v2',
  FRANCECONNECT_CLIENT_ID: 'sceau',
  FRANCECONNECT_CLIENT_SECRET: 'un-secret',
};

describe('settings of federation', () => {
  const federation = (environment: Record<string, string>) =>
    readEnvironment({ ...BASE, ...environment }).federation;

  it('are off unless an issuer is set', () => {
    expect(federation({})).toEqual({
      returnUrl: 'https://sceau.example/welcome',
      proconnect: undefined,
      franceconnect: undefined,
    });
  });

  it('have a level for each provider unless told', () => {
    expect(federation(FRANCECONNECT).franceconnect).toEqual({
      issuer: 'https://oidc.franceconnect.gouv.fr/api/v2',
      clientId: 'sceau',
      clientSecret: 'un-secret',
      scope: 'openid',
      signature: 'ES256',
      acr: ['eidas1'],
    });
    expect(federation({ ...FRANCECONNECT, FRANCECONNECT_ACR: 'eidas2  eidas3' }).franceconnect?.acr).toEqual([
      'eidas2',
      'eidas3',
    ]);
  });

  it.each([
    ['without a client', { FRANCECONNECT_CLIENT_ID: '' }],
    ['without its secret', { FRANCECONNECT_CLIENT_SECRET: '' }],
    ['without TLS', { FRANCECONNECT_ISSUER: 'http://oidc.example' }],
    ['with a symmetric signature', { FRANCECONNECT_SIGNATURE: 'HS256' }],
    ['with no signature', { FRANCECONNECT_SIGNATURE: 'none' }],
    ['with a page that has a fragment', { FEDERATION_RETURN_URL: 'https://sceau.example/#here' }],
    ['with a page that is none', { FEDERATION_RETURN_URL: 'here' }],
  ])('are refused %s', (_, environment) => {
    expect(() => federation({ ...FRANCECONNECT, ...environment })).toThrow(EnvironmentError);
  });

  it('take a provider without TLS on this machine, outside production', () => {
    const local = { ...FRANCECONNECT, FRANCECONNECT_ISSUER: 'http://127.0.0.1:4000' };
    expect(federation(local).franceconnect?.issuer).toBe('http://127.0.0.1:4000');
    expect(() => federation({ ...local, NODE_ENV: 'production' })).toThrow('FRANCECONNECT_ISSUER');
  });
});
