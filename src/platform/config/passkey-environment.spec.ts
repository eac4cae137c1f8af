import { EnvironmentError, readEnvironment } from './environment.js';

const BASE = {
  DATABASE_APP_URL: 'postgres://sceau_app:long-and-own@127.0.0.1/sceau',
  DATABASE_AUDITOR_URL: 'postgres://sceau_auditor:long-and-own@127.0.0.1/sceau',
  DATABASE_SEQUENCER_URL: 'postgres://sceau_sequencer:long-and-own@127.0.0.1/sceau',
};

describe('settings of passkeys', () => {
  const passkeys = (environment: Record<string, string>) =>
    readEnvironment({ ...BASE, ...environment }).passkeys;

  it('follow the public address unless told', () => {
    expect(passkeys({ PUBLIC_URL: 'https://api.sceau.example/' })).toEqual({
      rpId: 'api.sceau.example',
      origins: ['https://api.sceau.example'],
    });
    expect(passkeys({ PORT: '3000' })).toEqual({ rpId: 'localhost', origins: ['http://localhost:3000'] });
  });

  it('name a domain above, and pages elsewhere below it', () => {
    expect(
      passkeys({
        PUBLIC_URL: 'https://api.sceau.example',
        PASSKEY_RP_ID: 'sceau.example',
        PASSKEY_ORIGINS: 'https://candidats.sceau.example, https://sceau.example',
      }),
    ).toEqual({
      rpId: 'sceau.example',
      origins: ['https://candidats.sceau.example', 'https://sceau.example'],
    });
  });

  it.each([
    ['another domain than the pages’', { PASSKEY_RP_ID: 'example.org' }],
    ['a domain with capitals', { PASSKEY_RP_ID: 'Sceau.example' }],
    ['a URL for a domain', { PASSKEY_RP_ID: 'https://sceau.example' }],
    ['pages without TLS', { PASSKEY_ORIGINS: 'http://sceau.example' }],
    ['pages of another domain', { PASSKEY_ORIGINS: 'https://sceau.example.org' }],
    ['pages of a domain that ends alike', { PASSKEY_ORIGINS: 'https://not-sceau.example' }],
    ['pages with a path', { PASSKEY_ORIGINS: 'https://sceau.example/app' }],
    ['anything else', { PASSKEY_ORIGINS: 'sceau.example' }],
  ])('are refused with %s', (_, environment) => {
    expect(() => passkeys({ PUBLIC_URL: 'https://sceau.example', ...environment })).toThrow(EnvironmentError);
  });
});
