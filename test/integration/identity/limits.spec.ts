import { type CandidateActor, signUpCandidate } from '../../support/actors.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { SignUp } from './sign-up.js';
import { behindProxy, codeOf, entriesOf, newestAccount, sees, trySignIn } from './fixture.js';

const WRONG = 'cinq moutons verts sous la pluie';
/** Where `signUpCandidate` enrols from. */
const HOME = '127.0.0.1';

/** Guessing is slowed down; the owner is not shut out. */
describe('attempts to sign in', () => {
  let sceau: Sceau;
  let person: CandidateActor;

  beforeAll(async () => {
    sceau = await startSceau({ adjust: behindProxy });
  }, 60_000);

  afterAll(() => sceau.stop());

  beforeEach(async () => {
    person = await signUpCandidate(sceau);
    sceau.clock.advance({ minutes: 1 });
  });

  let hosts = 0;
  const somewhere = (): string => `2001:db8:${(hosts += 1).toString(16)}::1`;
  const guess = (email: string, from: string) =>
    trySignIn(sceau, { email, password: WRONG, code: '000000', from });
  const owner = async (from: string, factor?: { readonly recoveryCode: string }) =>
    trySignIn(sceau, {
      email: person.email,
      password: person.password,
      from,
      ...(factor ?? { code: await codeOf(sceau, person) }),
    });

  /** Wrong attempts as soon as each is looked at, until so many were. @returns the delay after each, in seconds */
  async function guesses(email: string, times: number, from?: string): Promise<readonly number[]> {
    const delays: number[] = [];
    while (delays.length < times) {
      const { status, headers } = await guess(email, from ?? somewhere());
      if (status === 401) delays.push(await newestDelay());
      else sceau.clock.advance({ seconds: Number(headers.get('retry-after')) });
    }
    return delays;
  }

  async function newestDelay(): Promise<number> {
    const [row] = await sceau.database.query<{ delay: number }>(
      `SELECT extract(epoch FROM next_at - last_at)::float8 AS delay FROM identity.attempt
       ORDER BY last_at DESC LIMIT 1`,
    );
    return row?.delay ?? Number.NaN;
  }

  it.each(['known', 'unknown'])('on a %s address wait longer and longer, from wherever', async (which) => {
    const email = which === 'known' ? person.email : `nul.${somewhere().replaceAll(':', '')}@example.fr`;
    expect(await guesses(email, 9)).toEqual([0, 0, 0, 0, 1, 2, 4, 8, 16]);
  });

  it('never keep the owner out who comes from where they came before', async () => {
    await guesses(person.email, 12);
    expect((await guess(person.email, somewhere())).status).toBe(429);
    expect((await owner(HOME)).status).toBe(201);
    sceau.clock.advance({ seconds: 30 });
    expect((await owner(HOME)).status).toBe(201);
  });

  it('never keep the owner out who has a recovery code, wherever they are, and from then on they are known there', async () => {
    await guesses(person.email, 12);
    const away = somewhere();
    expect((await owner(away)).status).toBe(429);
    expect((await owner(away, { recoveryCode: person.recoveryCodes[0] ?? '' })).status).toBe(201);
    expect((await owner(away)).status).toBe(201);
  });

  it('are counted on after the owner was there, at home or elsewhere, so that nobody sees that they were', async () => {
    await guesses(person.email, 6);
    expect((await owner(HOME)).status).toBe(201);
    sceau.clock.advance({ minutes: 1 });
    expect((await owner(somewhere())).status).toBe(201);
    expect(await guesses(person.email, 1)).toEqual([4]);
  });

  it('from the owner’s own network wait too, each network by itself, and whoever is right begins anew', async () => {
    expect((await guesses(person.email, 12, HOME)).at(-1)).toBe(128);
    const { status, code, headers } = await guess(person.email, HOME);
    expect({ status, code }).toEqual({ status: 429, code: 'too_many_requests' });
    const seconds = headers.get('retry-after');
    expect(headers.get('ratelimit')).toBe(`"sign_in_account";r=0;t=${seconds}`);
    expect((await guess(person.email, somewhere())).status).toBe(401);
    sceau.clock.advance({ seconds: Number(seconds) });
    expect((await owner(HOME)).status).toBe(201);
    expect(await guesses(person.email, 1, HOME)).toEqual([0]);
  });

  it('of all at once no more are looked at than may be', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => guess(person.email, somewhere())));
    // Five, and one more for each delay that was over while the rest came in.
    expect(answers.filter(({ status }) => status === 401).length).toBeLessThan(10);
    expect(answers.filter(({ status }) => status === 429).length).toBeGreaterThan(10);
  });

  it('that were turned away are in the ledger once each time, and the owner is told of them', async () => {
    const id = await newestAccount(sceau);
    await guesses(person.email, 12);
    const before = (await entriesOf(sceau, 'session.turned_away')).length;
    for (let done = 0; done < 3; done += 1) expect((await guess(person.email, somewhere())).status).toBe(429);
    const entries = await entriesOf(sceau, 'session.turned_away');
    expect(entries).toHaveLength(before + 1);
    expect(entries.filter(({ resource }) => resource.id === id).length).toBeGreaterThan(0);
    await sees(person, 'a tenté trop de fois de se connecter à votre compte');
  });

  it('stop being looked at after a hundred, and begin anew a month later', async () => {
    const email = 'cent@example.fr';
    const delays = await guesses(email, 99);
    expect(Math.max(...delays)).toBe(900);
    sceau.clock.advance({ minutes: 15 });
    expect((await guess(email, somewhere())).status).toBe(401);
    sceau.clock.advance({ hours: 24 });
    expect((await guess(email, somewhere())).status).toBe(429);
    sceau.clock.advance({ hours: 29 * 24 });
    expect((await guess(email, somewhere())).status).toBe(401);
  }, 120_000);

  it('that succeed from a network new to the account are told to its owner, once', async () => {
    const away = somewhere();
    for (const from of [HOME, away, away]) {
      expect((await owner(from)).status).toBe(201);
      sceau.clock.advance({ minutes: 1 });
    }
    const subject = /Connexion depuis un réseau/;
    await sceau.mailTo(person.email, subject);
    const mails = await new SignUp(sceau).mailsTo(person.email);
    expect(mails.filter((mail) => subject.test(mail.subject))).toHaveLength(1);
  });

  it('are forgotten one by one, each after a week without another', async () => {
    const email = 'patience@example.fr';
    expect((await guesses(email, 9)).at(-1)).toBe(16);
    sceau.clock.advance({ hours: 25 });
    expect(await guesses(email, 1)).toEqual([32]);
    sceau.clock.advance({ hours: 3 * 7 * 24 });
    expect(await guesses(email, 1)).toEqual([8]);
    sceau.clock.advance({ hours: 8 * 7 * 24 + 1 });
    // Somebody who is right clears away what nobody counts any more.
    await owner(HOME);
    expect(await sceau.database.query('SELECT FROM identity.attempt WHERE failures = 8')).toEqual([]);
    expect(await guesses(email, 1)).toEqual([0]);
  });

  it('from one origin are limited over all accounts, an IPv6 network being one', async () => {
    const network = '2001:db8:ffff:1';
    const statuses: number[] = [];
    for (let host = 1; host <= 61; host += 1) {
      const { status, headers } = await guess(`n${host}@example.fr`, `${network}::${host}`);
      statuses.push(status);
      expect(headers.get('ratelimit')).toMatch(/^"sign_in";r=\d+;t=\d+$/);
      expect(headers.get('ratelimit-policy')).toBe('"sign_in";q=60;w=600');
    }
    expect(statuses.slice(0, 60)).toEqual(Array.from({ length: 60 }, () => 401));
    expect(statuses.at(-1)).toBe(429);
    expect((await guess('n62@example.fr', `${network}::62`)).status).toBe(429);
    expect(await entriesOf(sceau, 'request.turned_away')).toHaveLength(1);
    expect((await guess('n1@example.fr', '2001:db8:ffff:2::1')).status).toBe(401);
  }, 60_000);

  it('that step up are counted by session: whoever has stolen one holds up that one alone', async () => {
    const stepUp = (client: typeof person.client, code: string) =>
      client.request('/v1/sessions/step-up', { body: { code } });
    const wrong = await person.authenticator.wrongCode(sceau.clock.now().getTime());
    const statuses = await Promise.all(Array.from({ length: 8 }, () => stepUp(person.client, wrong)));
    expect(statuses.filter(({ status }) => status === 429).length).toBeGreaterThan(0);
    const session = await owner(HOME);
    const { client } = person;
    client.useToken(String(session.body['token']));
    sceau.clock.advance({ seconds: 30 });
    expect((await stepUp(client, await codeOf(sceau, person))).status).toBe(200);
  });
});
