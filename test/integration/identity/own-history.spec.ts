import { type CandidateActor, record, signUpCandidate } from '../../support/actors.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { signIn, stepUp } from './person.js';

const OTHER_PASSWORD = 'cinq moutons verts sous la pluie';

/** What a candidate reads of their own account, each in both languages. */
const EXPECTED: readonly (readonly [action: string, fr: RegExp, en: RegExp])[] = [
  ['session.created', /connecté/, /signed in/],
  ['session.refused', /tenté sans succès de se connecter/, /tried in vain to sign in/],
  ['session.stepped_up', /second facteur/, /second factor/],
  ['session.ended', /mis fin à une ou plusieurs sessions/, /ended one or more sessions/],
  ['recovery_code.used', /code de secours/, /recovery code/],
  ['password.changed', /changé votre mot de passe/, /changed your password/],
  ['recovery_codes.renewed', /changé vos codes de secours/, /changed your recovery codes/],
  ['address.change_asked', /changer votre adresse électronique/, /change your e-mail address/],
  ['totp.enrolled', /application d’authentification/, /authenticator/],
];

describe('a candidate’s access history', () => {
  let sceau: Sceau;
  let person: CandidateActor;

  beforeAll(async () => {
    sceau = await startSceau();
    person = await signUpCandidate(sceau);
    const { client } = person;
    const code = await person.authenticator.wrongCode(sceau.clock.now().getTime());
    await signIn(sceau, person, { body: { code } });
    const other = await signIn(sceau, person, { body: { recoveryCode: person.recoveryCodes[0] } });
    await client.request(`/v1/me/sessions/${other.id}`, { method: 'DELETE' });
    await stepUp(sceau, person);
    const change = { current: person.password, password: OTHER_PASSWORD };
    await client.request('/v1/me/password', { method: 'PUT', body: change });
    await client.request('/v1/me/recovery-codes', { method: 'POST', body: {} });
    const move = { current: OTHER_PASSWORD, email: `nouvelle.${person.email}` };
    await client.request('/v1/me/email', { method: 'PUT', body: move });
  }, 60_000);

  afterAll(() => sceau.stop());

  async function history(language: string): Promise<readonly Record<string, unknown>[]> {
    // What is shown has its proof, so it must be in the tree: the last of it is waited for.
    for (let round = 0; round < 60; round += 1) {
      const headers = { 'accept-language': language };
      const { body } = await person.client.request('/v1/me/access-history?limit=100', { headers });
      const { items } = record(body);
      const entries = Array.isArray(items) ? items.map(record) : [];
      if (entries.some((entry) => entry['action'] === 'address.change_asked')) return entries;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
    throw new Error('The history does not come.');
  }

  it('says what was done with the account, in French and in English', async () => {
    const [french, english] = [await history('fr'), await history('en')];
    for (const [action, fr, en] of EXPECTED) {
      const sentenceIn = (entries: readonly Record<string, unknown>[]) =>
        entries.find((entry) => entry['action'] === action)?.['sentence'];
      expect([action, sentenceIn(french)]).toEqual([action, expect.stringMatching(fr)]);
      expect([action, sentenceIn(english)]).toEqual([action, expect.stringMatching(en)]);
    }
  });

  it('tells a refused attempt from one that succeeded, and is nobody else’s', async () => {
    const entries = await history('fr');
    const refused = entries.filter((entry) => entry['action'] === 'session.refused');
    expect(refused.map((entry) => entry['outcome'])).toEqual(['refused']);
    const stranger = await signUpCandidate(sceau);
    const { body } = await stranger.client.request('/v1/me/access-history');
    expect(JSON.stringify(body)).not.toContain('session.refused');
  });
});
