import { type CandidateActor, signUpCandidate } from '../../support/actors.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { behindProxy, codeOf, entriesOf, newestAccount, trySignIn } from './fixture.js';

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

  /** Wrong attempts, each from another network and as soon as one is looked at, until so many were. */
  async function guesses(email: string, times: number): Promise<readonly number[]> {
    const waits: number[] = [];
    for (let done = 0; done < times;) {
      const { status, headers } = await guess(email, somewhere());
      if (status === 401) {
        done += 1;
        continue;
      }
      const seconds = Number(headers.get('retry-after'));
      waits.push(seconds);
      sceau.clock.advance({ seconds });
    }
    return waits;
  }

  it.each(['known', 'unknown'])('on a %s address wait longer and longer, from wherever', async (which) => {
    const email = which === 'known' ? person.email : `nul.${somewhere().replaceAll(':', '')}@example.fr`;
    expect(await guesses(email, 9)).toEqual([1, 2, 4, 8]);
  });

  it('never keep the owner out who comes from where they came before', async () => {
    await guesses(person.email, 8);
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

  it('are counted on by strangers after the owner was there, so that nobody sees that they were', async () => {
    await guesses(person.email, 8);
    expect((await owner(HOME)).status).toBe(201);
    expect((await guess(person.email, somewhere())).headers.get('retry-after')).toBe('8');
  });

  it('from the owner’s own network wait too, each network by itself', async () => {
    for (let done = 0; done < 5; done += 1) expect((await guess(person.email, HOME)).status).toBe(401);
    const { status, code, headers } = await guess(person.email, HOME);
    expect({ status, code }).toEqual({ status: 429, code: 'too_many_requests' });
    expect(headers.get('retry-after')).toBe('1');
    expect(headers.get('ratelimit')).toBe('"sign_in_account";r=0;t=1');
    expect((await guess(person.email, somewhere())).status).toBe(401);
    sceau.clock.advance({ seconds: 1 });
    expect((await owner(HOME)).status).toBe(201);
    // Whoever was right begins anew.
    for (let done = 0; done < 5; done += 1) expect((await guess(person.email, HOME)).status).toBe(401);
  });

  it('of all at once no more are looked at than may be', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => guess(person.email, somewhere())));
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(5);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(15);
  });

  it('that were turned away are in the ledger once each time, and the owner is told of them', async () => {
    const id = await newestAccount(sceau);
    await guesses(person.email, 6);
    for (let done = 0; done < 3; done += 1) expect((await guess(person.email, somewhere())).status).toBe(429);
    const entries = await entriesOf(sceau, 'session.turned_away');
    expect(entries.filter(({ resource }) => resource.id === id)).toHaveLength(2);
    const { body } = await person.client.request('/v1/me/access-history');
    expect(JSON.stringify(body)).toContain('a tenté trop de fois de se connecter à votre compte');
  });

  it('stop being looked at after a hundred, and begin anew a month later', async () => {
    const email = 'cent@example.fr';
    const waits = await guesses(email, 99);
    expect(Math.max(...waits)).toBe(900);
    sceau.clock.advance({ minutes: 15 });
    expect((await guess(email, somewhere())).status).toBe(401);
    sceau.clock.advance({ hours: 24 });
    expect((await guess(email, somewhere())).status).toBe(429);
    sceau.clock.advance({ hours: 29 * 24 });
    expect((await guess(email, somewhere())).status).toBe(401);
  }, 120_000);

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
    for (let done = 0; done < 5; done += 1) expect((await stepUp(person.client, wrong)).status).toBe(401);
    expect((await stepUp(person.client, wrong)).status).toBe(429);
    const session = await owner(HOME);
    const { client } = person;
    client.useToken(String(session.body['token']));
    sceau.clock.advance({ seconds: 30 });
    expect((await stepUp(client, await codeOf(sceau, person))).status).toBe(200);
  });
});
