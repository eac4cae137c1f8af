import { Authenticator } from '../../../tools/client/authenticator.ts';
import type { Exchange } from '../../../tools/client/exchange.ts';
import { PersonClient } from '../../../tools/client/person.ts';
import { type CandidateActor, record, signUpCandidate } from '../../support/actors.js';
import { type Federated, startFederated } from '../../support/federation.js';
import { TestBrowser } from '../../support/identity-provider-browser.js';
import type { Sceau } from '../../support/sceau.js';
import { arrive, comeBack, linkIdentity, ticketOf } from './federation-fixture.js';
import { codeOf, entriesOf, newestAccount, trySignIn } from './fixture.js';
import { stepUp } from './person.js';
import { SignUp } from './sign-up.js';

const WRONG = 'cinq moutons verts sous la pluie';
const NEXT = 'sept hiboux gris sur la branche';
const TOKEN = /^[\w-]{43}$/m;

/** Something that can be guessed at besides a sign-in: once wrong, once right. */
interface Place {
  readonly wrong: () => Promise<Exchange>;
  readonly right: () => Promise<Exchange>;
}

/** Whoever has come some way already guesses ever more slowly as well, and holds nobody else up. */
describe('guesses', () => {
  let federated: Federated;
  let sceau: Sceau;
  let person: CandidateActor;
  let people = 0;

  beforeAll(async () => {
    federated = await startFederated();
    ({ sceau } = federated);
  }, 60_000);

  afterAll(() => federated.stop());

  beforeEach(async () => {
    await sceau.database.query('DELETE FROM platform.rate_limit');
    person = await signUpCandidate(sceau);
  });

  const post = (path: string, body: object, headers: Record<string, string> = {}) =>
    new PersonClient(sceau.url).request(path, { body, headers });
  const now = () => sceau.clock.now().getTime();

  async function resetToken(): Promise<string> {
    await post('/v1/password/forgotten', { email: person.email });
    return TOKEN.exec((await sceau.mailTo(person.email, /nouveau mot de passe/)).text)?.[0] ?? '';
  }

  const PLACES: Readonly<Record<string, () => Promise<Place>>> = {
    'to enrol': async () => {
      people += 1;
      const signUp = new SignUp(sceau);
      const link = await signUp.link(`devine${people}@example.fr`);
      const { ticket } = record((await signUp.confirm(link)).body);
      const { secret } = record((await post('/v1/totp/enrolments', { ticket })).body);
      const authenticator = new Authenticator(String(secret));
      const confirm = (code: string) =>
        post('/v1/totp/enrolments/confirm', { ticket, code, transport: 'token' });
      return {
        wrong: async () => confirm(await authenticator.wrongCode(now())),
        right: async () => confirm(await authenticator.code(now())),
      };
    },
    'with the token of a reset': async () => {
      const token = await resetToken();
      const reset = (code: string) => post('/v1/password/reset', { token, password: NEXT, code });
      return {
        wrong: async () => reset(await person.authenticator.wrongCode(now())),
        right: async () => reset(await codeOf(sceau, person)),
      };
    },
    'at the present password': async () => {
      await stepUp(sceau, person);
      const change = (current: string) =>
        person.client.request('/v1/me/password', { method: 'PUT', body: { current, password: NEXT } });
      return { wrong: () => change(WRONG), right: () => change(person.password) };
    },
    'at another authenticator': async () => {
      await stepUp(sceau, person);
      const { secret } = record((await person.client.request('/v1/me/totp', { method: 'POST' })).body);
      const authenticator = new Authenticator(String(secret));
      const confirm = (code: string) => person.client.request('/v1/me/totp/confirm', { body: { code } });
      return {
        wrong: async () => confirm(await authenticator.wrongCode(now())),
        right: async () => confirm(await authenticator.code(now())),
      };
    },
    'after a provider’s recognition': async () => {
      people += 1;
      federated.franceconnect.reset(`devin-${people}`);
      await linkIdentity(sceau, person.client, 'franceconnect');
      const browser = new TestBrowser();
      const ticket = ticketOf(await arrive(browser, await comeBack(sceau, 'franceconnect', browser)));
      const enter = (code: string) =>
        post(
          '/v1/federation/sessions',
          { ticket, code, transport: 'token' },
          browser.cookieHeader(sceau.url),
        );
      return {
        wrong: async () => enter(await person.authenticator.wrongCode(now())),
        right: async () => enter(await codeOf(sceau, person)),
      };
    },
  };

  it.each(Object.entries(PLACES))(
    '%s wait longer and longer, and whoever is right gets in',
    async (_, place) => {
      const { wrong, right } = await place();
      const answers: (number | string | null)[] = [];
      for (let tried = 0; tried < 5; tried += 1) answers.push((await wrong()).status);
      for (const seconds of [1, 2, 4]) {
        const { status, headers } = await wrong();
        answers.push(status, headers.get('retry-after'));
        sceau.clock.advance({ seconds });
        answers.push((await wrong()).status);
      }
      expect(answers).toEqual([401, 401, 401, 401, 401, 429, '1', 401, 429, '2', 401, 429, '4', 401]);
      // Also who knows it waits now; and nobody else is held up.
      expect((await right()).status).toBe(429);
      sceau.clock.advance({ minutes: 1 });
      expect((await right()).status).toBeLessThan(300);
    },
  );

  it('of strangers at a sign-in are nothing to whoever resets the password, who is known there from then on', async () => {
    const { email } = person;
    await sceau.database.query('DELETE FROM identity.known_network');
    const signIn = (password: string, code: string) => trySignIn(sceau, { email, password, code });
    sceau.clock.advance({ minutes: 1 });
    const wrong = await person.authenticator.wrongCode(now());
    for (let tried = 0; tried < 5; tried += 1) await signIn(WRONG, wrong);
    expect((await signIn(person.password, await codeOf(sceau, person))).status).toBe(429);
    const token = await resetToken();
    const code = await codeOf(sceau, person);
    expect((await post('/v1/password/reset', { token, password: NEXT, code })).status).toBe(204);
    sceau.clock.advance({ minutes: 1 });
    // Strangers are held up still: without the reset this one would have to wait.
    await sceau.database.query(`UPDATE identity.attempt SET next_at = next_at + interval '1 hour'`);
    expect((await signIn(NEXT, await codeOf(sceau, person))).status).toBe(201);
  });

  it('that are not looked at are recorded once, under the owner’s name', async () => {
    const account = await newestAccount(sceau);
    const token = await resetToken();
    const code = await person.authenticator.wrongCode(now());
    for (let tried = 0; tried < 8; tried += 1)
      await post('/v1/password/reset', { token, password: NEXT, code });
    const reasons = (await entriesOf(sceau, 'password.reset'))
      .filter(({ resource }) => resource.id === account)
      .map(({ reason }) => reason);
    expect(reasons.filter((reason) => reason === 'wrong_factor')).toHaveLength(5);
    expect(reasons.filter((reason) => reason === 'too_many_attempts')).toHaveLength(1);
  });

  it('with a token that is good for nothing are recorded', async () => {
    const token = 'A'.repeat(43);
    const used: readonly (readonly [string, object, string])[] = [
      ['/v1/password/reset', { token, password: NEXT, code: '123456' }, 'password.reset'],
      ['/v1/recoveries/stop', { token }, 'recovery.stopped'],
      ['/v1/recoveries/complete', { token, password: NEXT }, 'recovery.refused'],
      ['/v1/email/confirm', { token }, 'address.confirmed'],
    ];
    for (const [path, body, action] of used) {
      expect((await post(path, body)).status).toBe(401);
      const reasons = (await entriesOf(sceau, action)).map(({ outcome, reason }) => `${outcome}: ${reason}`);
      expect(reasons).toContain('refused: token');
    }
  });
});
