import { Authenticator } from '../../../tools/client/authenticator.ts';
import { PersonClient } from '../../../tools/client/person.ts';
import { type CandidateActor, record, signUpCandidate } from '../../support/actors.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { cookieOf, OUR_PAGES, sessionsOf, signIn, stepUp } from './person.js';
import { SignUp } from './sign-up.js';

const FIREFOX = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0';

describe('sessions', () => {
  let sceau: Sceau;
  let person: CandidateActor;

  beforeAll(async () => {
    sceau = await startSceau();
  }, 60_000);

  afterAll(() => sceau.stop());

  beforeEach(async () => {
    person = await signUpCandidate(sceau);
  });

  const ask = async (client: PersonClient): Promise<number> =>
    (await client.request('/v1/me/sessions')).status;

  it('are listed to their owner, with the program and the network they come from', async () => {
    const { id } = await signIn(sceau, person, { headers: { 'user-agent': FIREFOX } });
    const [newest, first, ...more] = await sessionsOf(person.client);
    expect(newest).toMatchObject({ id, browser: 'Firefox', system: 'Windows', current: false });
    expect(newest).toMatchObject({ network: '127.0.0.0/24', transport: 'token' });
    expect([first?.['current'], first?.['browser'], more]).toEqual([true, 'other', []]);
    const [row] = await sceau.database.query<{ row: string }>(
      'SELECT to_jsonb(s)::text AS row FROM identity.session s WHERE id = $1',
      [id],
    );
    expect(row?.row).not.toMatch(/Firefox|127\.0\.0/);
  });

  it('go on while they are used, until thirty minutes without use', async () => {
    for (let round = 0; round < 3; round += 1) {
      sceau.clock.advance({ minutes: 29 });
      expect(await ask(person.client)).toBe(200);
    }
    sceau.clock.advance({ minutes: 30 });
    expect(await ask(person.client)).toBe(401);
  });

  it('are over after twelve hours, however much they are used', async () => {
    for (let passed = 0; passed < 700; passed += 25) {
      sceau.clock.advance({ minutes: 25 });
      expect(await ask(person.client)).toBe(200);
    }
    sceau.clock.advance({ minutes: 20 });
    expect(await ask(person.client)).toBe(401);
  });

  it('get a new token with a fresh second factor, and the old one is dead', async () => {
    const [{ id, createdAt } = {}] = await sessionsOf(person.client);
    const old = new PersonClient(sceau.url);
    const { token, ...second } = await signIn(sceau, person);
    old.useToken(token);
    expect((await stepUp(sceau, person, second.client)).status).toBe(200);
    expect([await ask(old), await ask(second.client)]).toEqual([401, 200]);
    expect(await sessionsOf(person.client)).toContainEqual(expect.objectContaining({ id, createdAt }));
    expect((await sessionsOf(second.client)).find((session) => session['current'])).toMatchObject({
      id: second.id,
    });
  });

  it('give one of two step-ups at once its token, and the other nothing', async () => {
    sceau.clock.advance({ minutes: 2 });
    const now = sceau.clock.now().getTime();
    const codes = [await person.authenticator.code(now - 30_000), await person.authenticator.code(now)];
    const answers = await Promise.all(
      codes.map((code) => person.client.request('/v1/sessions/step-up', { body: { code } })),
    );
    const statuses = answers.map(({ status }) => status).toSorted((a, b) => a - b);
    expect(statuses).toEqual([200, 401]);
  });

  it('are ended one by one, and nobody ends another’s', async () => {
    const stranger = await signUpCandidate(sceau);
    const other = await signIn(sceau, person);
    const end = async (client: PersonClient, id: string) =>
      (await client.request(`/v1/me/sessions/${id}`, { method: 'DELETE' })).status;
    expect(await end(stranger.client, other.id)).toBe(404);
    expect(await ask(other.client)).toBe(200);
    expect(await end(person.client, other.id)).toBe(204);
    expect(await ask(other.client)).toBe(401);
    expect(await end(person.client, other.id)).toBe(404);
    expect(await ask(person.client)).toBe(200);
  });

  it('are ended all but the present one, or all', async () => {
    const others = [await signIn(sceau, person), await signIn(sceau, person)];
    const end = async (query: string) =>
      (await person.client.request(`/v1/me/sessions${query}`, { method: 'DELETE' })).status;
    expect(await end('?keep=current')).toBe(204);
    expect(await Promise.all(others.map(({ client }) => ask(client)))).toEqual([401, 401]);
    expect(await ask(person.client)).toBe(200);
    expect(await end('')).toBe(204);
    expect(await ask(person.client)).toBe(401);
  });

  it('are over when their bearer signs in anew', async () => {
    const { token } = await signIn(sceau, person);
    const old = new PersonClient(sceau.url);
    old.useToken(token);
    expect(await ask(old)).toBe(200);
    const next = await signIn(sceau, person, { headers: { authorization: `Bearer ${token}` } });
    expect([await ask(old), await ask(next.client), await ask(person.client)]).toEqual([401, 200, 200]);
  });

  it('are over as well when their bearer enrols an authenticator', async () => {
    const { client, token } = await signIn(sceau, person);
    const signUp = new SignUp(sceau);
    const link = await signUp.link('autre.compte@example.fr');
    const { ticket } = record((await signUp.confirm(link)).body);
    const anyone = new PersonClient(sceau.url);
    const { secret } = record((await anyone.request('/v1/totp/enrolments', { body: { ticket } })).body);
    const code = await new Authenticator(String(secret)).code(sceau.clock.now().getTime());
    const enrolled = await anyone.request('/v1/totp/enrolments/confirm', {
      body: { ticket, code, transport: 'token' },
      headers: { authorization: `Bearer ${token}` },
    });
    expect([enrolled.status, await ask(client), await ask(person.client)]).toEqual([200, 401, 200]);
  });

  it('ride in a header whose scheme is written in any case', async () => {
    const { token } = await signIn(sceau, person);
    for (const scheme of ['Bearer', 'bearer', 'BEARER']) {
      const headers = { authorization: `${scheme} ${token}` };
      expect([
        scheme,
        (await new PersonClient(sceau.url).request('/v1/me/sessions', { headers })).status,
      ]).toEqual([scheme, 200]);
    }
  });

  it('ride in a cookie that no script reads, and leave nothing in the browser when they end', async () => {
    const browser = new PersonClient(sceau.url);
    const { exchange } = await signIn(sceau, person, { body: { transport: 'cookie' }, headers: OUR_PAGES });
    expect(exchange.headers.getSetCookie()[0]).toMatch(
      /^__Host-sceau=[\w-]{43}; .*Path=\/; .*HttpOnly; Secure; SameSite=Strict$/,
    );
    expect(exchange.body).not.toHaveProperty('token');
    const headers = { cookie: cookieOf(exchange.headers), ...OUR_PAGES };
    expect((await browser.request('/v1/me/sessions', { headers })).status).toBe(200);
    const bearer = { authorization: `Bearer ${headers.cookie.split('=')[1]}` };
    expect((await browser.request('/v1/me/sessions', { headers: bearer })).status).toBe(401);
    const end = await browser.request('/v1/me/sessions', { method: 'DELETE', headers });
    expect(end.headers.get('clear-site-data')).toBe('"cache", "cookies", "storage"');
    expect(end.headers.getSetCookie()[0]).toMatch(/^__Host-sceau=; .*Expires=Thu, 01 Jan 1970/);
    expect((await browser.request('/v1/me/sessions', { headers })).status).toBe(401);
  });
});
