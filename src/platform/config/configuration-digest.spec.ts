import { configurationDigest } from './configuration-digest.js';
import { readEnvironment } from './environment.js';

const ENVIRONMENT = {
  DATABASE_APP_URL: 'postgres://sceau_app:one@localhost/sceau',
  DATABASE_AUDITOR_URL: 'postgres://sceau_auditor:one@localhost/sceau',
  DATABASE_SEQUENCER_URL: 'postgres://sceau_sequencer:one@localhost/sceau',
};

const digestWith = (changes: Record<string, string>): string =>
  configurationDigest(readEnvironment({ ...ENVIRONMENT, ...changes }));

describe('the digest of the configuration', () => {
  it('is the same for the same settings, however they came about', () => {
    expect(digestWith({})).toMatch(/^[\w-]{43}$/);
    expect(digestWith({ PORT: '3000' })).toBe(digestWith({}));
  });

  it.each([
    { PORT: '3001' },
    { LEDGER_ACK_AGENCY: 'staged' },
    { PASSWORD_ITERATIONS: '4' },
    { LOG_LEVEL: 'warn' },
  ])('differs with %o', (changes) => {
    expect(digestWith(changes)).not.toBe(digestWith({}));
  });

  it('says nothing of credentials', () => {
    const other = ENVIRONMENT.DATABASE_APP_URL.replace('one', 'another');
    expect(digestWith({ DATABASE_APP_URL: other, KEYSTORE_URL: other })).toBe(
      digestWith({ KEYSTORE_URL: ENVIRONMENT.DATABASE_APP_URL }),
    );
    const elsewhere = ENVIRONMENT.DATABASE_APP_URL.replace('localhost', 'db.example');
    expect(digestWith({ DATABASE_APP_URL: elsewhere })).not.toBe(digestWith({}));
  });
});
