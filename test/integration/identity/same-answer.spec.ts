import { spyOn } from 'jest-mock';
import { AccountPassword } from '../../../src/modules/identity/passwords/account-password.js';
import { SecondFactor } from '../../../src/modules/identity/totp/second-factor.js';
import { Metrics } from '../../../src/platform/metrics/metrics.js';
import { PersonClient } from '../../../tools/client/person.ts';
import { type CandidateActor, record, signUpCandidate } from '../../support/actors.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { behindProxy, codeOf, sees, service, trySignIn, type SignInTry } from './fixture.js';

const WRONG_PASSWORD = 'cinq moutons verts sous la pluie';
const NO_CODE = 'AAAA-BBBB-CCCC-DDDD-EEEE-FFFF';
/** What every request has of its own. */
const OWN = ['x-request-id', 'traceparent', 'date', 'keep-alive', 'connection'];

/** Nobody may learn from an answer which of what they sent was right, or whether there is an account. */
describe('a sign-in that fails', () => {
  let sceau: Sceau;
  let person: CandidateActor;
  let other: CandidateActor;
  const unfinished = new Map<'unconfirmed' | 'enrolling' | 'offered', string>();

  beforeAll(async () => {
    sceau = await startSceau({ adjust: behindProxy });
    person = await signUpCandidate(sceau);
    other = await signUpCandidate(sceau);
    for (const state of ['unconfirmed', 'enrolling', 'offered'] as const) {
      const email = `${state}@example.fr`;
      unfinished.set(state, email);
      await post('/v1/registrations', { email, password: person.password, locale: 'fr' });
      const token = /^[\w-]{40,}$/m.exec((await sceau.mailTo(email)).text)?.[0];
      if (state === 'unconfirmed') continue;
      const { ticket } = record((await post('/v1/registrations/confirm', { token })).body);
      if (state === 'offered') await post('/v1/totp/enrolments', { ticket });
    }
    sceau.clock.advance({ minutes: 1 });
  }, 60_000);

  afterAll(() => sceau.stop());

  const post = (path: string, body: object) => new PersonClient(sceau.url).request(path, { body });
  let networks = 0;
  let spent = 0;
  /** From a network of its own, so that no count of the one before is seen. */
  const attempt = (given: SignInTry) => trySignIn(sceau, { from: `198.51.100.${(networks += 1)}`, ...given });

  async function failures(): Promise<ReadonlyMap<string, SignInTry>> {
    const { email, password } = person;
    const code = await codeOf(sceau, person);
    const [used = '', second = ''] = person.recoveryCodes.slice(spent);
    spent += 2;
    // Used up before they are tried.
    expect((await attempt({ email, password, code })).status).toBe(201);
    expect((await attempt({ email, password, recoveryCode: used })).status).toBe(201);
    const own = { email, password };
    const wrong = await person.authenticator.wrongCode(sceau.clock.now().getTime());
    const [unconfirmed, enrolling, offered] = [...unfinished.values()];
    return new Map<string, SignInTry>([
      ['an unknown address', { email: 'personne@example.fr', password, code }],
      [
        'an unknown address and a recovery code',
        { email: 'rien@example.fr', password, recoveryCode: second },
      ],
      [
        'a wrong password',
        { ...own, email: other.email, password: WRONG_PASSWORD, code: await codeOf(sceau, other) },
      ],
      ['a wrong password and a recovery code', { ...own, password: WRONG_PASSWORD, recoveryCode: second }],
      ['a wrong code', { ...own, email: other.email, code: wrong }],
      ['everything wrong', { ...own, password: WRONG_PASSWORD, code: wrong }],
      ['a used code', { ...own, code }],
      ['a wrong recovery code', { ...own, recoveryCode: NO_CODE }],
      ['a used recovery code', { ...own, recoveryCode: used }],
      ['somebody else’s recovery code', { ...own, email: other.email, recoveryCode: second }],
      ['an address not confirmed', { password, email: unconfirmed ?? '', code }],
      ['no authenticator yet', { password, email: enrolling ?? '', code }],
      ['an authenticator not confirmed', { password, email: offered ?? '', code }],
      [
        'an authenticator not confirmed, and a recovery code',
        { password, email: offered ?? '', recoveryCode: second },
      ],
    ]);
  }

  it('is answered with the same bytes and headers whatever was wrong', async () => {
    const answers = new Map<string, unknown>();
    for (const [name, given] of await failures()) {
      const { status, headers, body } = await attempt(given);
      const { requestId, instance, ...same } = body;
      expect(instance).toBe(`urn:uuid:${String(requestId)}`);
      const kept = [...headers].filter(([header]) => !OWN.includes(header));
      answers.set(name, { status, members: Object.keys(body), same, headers: kept });
    }
    const [first] = answers.values();
    expect(first).toMatchObject({ status: 401, same: { code: 'authentication_failed' } });
    for (const [name, answer] of answers) expect([name, answer]).toEqual([name, first]);
  });

  it('looks at the password and at the second factor, whichever of them is wrong', async () => {
    const factor = spyOn(service(sceau, SecondFactor), 'check');
    const password = spyOn(service(sceau, AccountPassword), 'matches');
    sceau.clock.advance({ minutes: 1 });
    const attempts = [...(await failures())];
    const looked = () => [factor.mock.calls.length, password.mock.calls.length];
    for (const [name, given] of attempts) {
      const [factors = 0, passwords = 0] = looked();
      expect((await attempt(given)).status).toBe(401);
      expect([name, ...looked()]).toEqual([name, factors + 1, passwords + 1]);
    }
    factor.mockRestore();
    password.mockRestore();
  });

  it('asks the key provider once and hashes once, whether or not there is an account', async () => {
    const work = async (email: string): Promise<readonly string[]> => {
      const code = await person.authenticator.wrongCode(sceau.clock.now().getTime());
      return workOf(() => attempt({ email, password: WRONG_PASSWORD, code }));
    };
    // The decoy is made with the first attempt of a process.
    await work('quelqu.un@example.fr');
    const known = await work(person.email);
    expect(known).toEqual([
      'sceau_password_hashings_total{kind="done"} +1',
      'sceau_subject_key_unwraps_total{kind="done"} +1',
    ]);
    expect(await work('quelqu.un@example.fr')).toEqual(known);
    expect(await work('encore.un@example.fr')).toEqual(known);
    expect(await work(unfinished.get('unconfirmed') ?? '')).toEqual(known);
  });

  it('asks the key provider once too when somebody wants an address that may be another’s', async () => {
    const { client, password: current } = await signUpCandidate(sceau);
    const work = (email: string): Promise<readonly string[]> =>
      workOf(() => client.request('/v1/me/email', { method: 'PUT', body: { current, email } }));
    await work('quelqu.un.dautre@example.fr');
    const known = await work(person.email);
    expect(known).toEqual([
      'sceau_password_hashings_total{kind="done"} +1',
      'sceau_subject_key_unwraps_total{kind="done"} +1',
    ]);
    expect(await work('encore.un.autre@example.fr')).toEqual(known);
  });

  it('leaves an entry each time, which the owner sees', async () => {
    await attempt({ email: person.email, password: WRONG_PASSWORD, recoveryCode: NO_CODE });
    await expect(sees(person, 'a tenté sans succès de se connecter à votre compte')).resolves.toBeUndefined();
  });

  async function workOf(action: () => Promise<unknown>): Promise<readonly string[]> {
    const before = await counts();
    await action();
    const after = await counts();
    return [...after].map(([name, value]) => `${name} +${value - (before.get(name) ?? 0)}`).toSorted();
  }

  /** What this process has counted of the work that takes time. */
  async function counts(): Promise<ReadonlyMap<string, number>> {
    const text = await service(sceau, Metrics).text();
    const lines = text.split('\n').map((line) => line.split(' '));
    return new Map(
      lines.flatMap(([name = '', value]) =>
        /^sceau_(?:subject_key_unwraps|password_hashings)_total\{kind="done"\}$/.test(name)
          ? [[name, Number(value)] as const]
          : [],
      ),
    );
  }
});
