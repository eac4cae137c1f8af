import { Settings } from '../../../src/platform/config/settings.js';
import { type CandidateActor, signUpCandidate } from '../../support/actors.js';
import { signInStaff } from '../../support/staff.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { behindProxy, codeOf, entriesOf, trySignIn } from './fixture.js';

const PAIRS = 120;
const KNOWN_PAIRS = 5;
const ALERT = 100;

/** A list of stolen pairs tried from many addresses, some with the right password. In full size: `npm run bench`. */
describe('credential stuffing', () => {
  let sceau: Sceau;
  let people: readonly CandidateActor[];
  let statuses: readonly number[];

  beforeAll(async () => {
    sceau = await startSceau({
      adjust: (settings) =>
        behindProxy(
          new Settings({ ...settings, signIn: { strangersPerMinute: PAIRS + 20, alertRefusals: ALERT } }),
        ),
    });
    const made: CandidateActor[] = [];
    for (let index = 0; index < KNOWN_PAIRS; index += 1) made.push(await signUpCandidate(sceau));
    people = made;
    sceau.clock.advance({ minutes: 1 });
    const answers = await Promise.all(
      Array.from({ length: PAIRS }, (_, index) => {
        const person = people[index];
        return trySignIn(sceau, {
          email: person?.email ?? `stolen.${index}@example.fr`,
          password: person?.password ?? `un mot de passe vole numero ${index}`,
          code: String(index).padStart(6, '0'),
          from: `203.0.113.${index}`,
        });
      }),
    );
    statuses = answers.map(({ status }) => status);
  }, 120_000);

  afterAll(() => sceau.stop());

  it('succeeds for none, with the right password or not', () => {
    expect(statuses).toEqual(Array.from({ length: PAIRS }, () => 401));
  });

  it('is an alert to the auditors, once', async () => {
    expect(await entriesOf(sceau, 'sign_in.stuffing_suspected')).toHaveLength(1);
    const auditor = await signInStaff(sceau, 'auditor');
    const { status, body } = await auditor.request('/v1/audit/alerts');
    expect(status).toBe(200);
    expect(JSON.stringify(body)).toContain('sign_in.stuffing_suspected');
  });

  it('leaves a real candidate able to sign in, at home and, with a recovery code, elsewhere', async () => {
    const [person] = people;
    if (person === undefined) throw new Error('Nobody has signed up.');
    const { email, password, recoveryCodes } = person;
    const home = { email, password, code: await codeOf(sceau, person) };
    expect((await trySignIn(sceau, home)).status).toBe(201);
    const away = { email, password, recoveryCode: recoveryCodes[0] ?? '', from: '198.51.100.9' };
    expect((await trySignIn(sceau, away)).status).toBe(201);
  });

  it('is bounded altogether, and whoever is at home is not', async () => {
    const answers = [];
    for (let index = 0; index < 40; index += 1)
      answers.push(
        await trySignIn(sceau, {
          email: `more.${index}@example.fr`,
          password: 'un mot de passe vole',
          code: '000000',
          from: `198.51.100.${index}`,
        }),
      );
    const last = answers.at(-1);
    expect(last).toMatchObject({ status: 429, code: 'too_many_requests' });
    expect(last?.headers.get('ratelimit')).toMatch(/^"sign_in_everywhere";r=0;t=\d+$/);
    expect(Number(last?.headers.get('retry-after'))).toBeGreaterThan(0);
    sceau.clock.advance({ minutes: 1 });
    const [, person] = people;
    if (person === undefined) throw new Error('Nobody has signed up.');
    const home = { email: person.email, password: person.password, code: await codeOf(sceau, person) };
    expect((await trySignIn(sceau, home)).status).toBe(201);
  });
});
