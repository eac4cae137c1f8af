import { spyOn } from 'jest-mock';
import { Tickets } from '../../../src/modules/identity/accounts/tickets.js';
import { PersonClient } from '../../../tools/client/person.ts';
import { Authenticator } from '../../../tools/client/authenticator.ts';
import { type CandidateActor, record, signUpCandidate } from '../../support/actors.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { eventually } from '../../support/eventually.js';
import { signInStaff } from '../../support/staff.js';
import { entriesOf, newestAccount, service } from './fixture.js';
import { signIn, stepUp } from './person.js';

const OTHER_PASSWORD = 'cinq moutons verts sous la pluie';

describe('one’s own account', () => {
  let sceau: Sceau;
  let person: CandidateActor;

  beforeAll(async () => {
    sceau = await startSceau();
  }, 60_000);

  afterAll(() => sceau.stop());

  beforeEach(async () => {
    await sceau.database.query('DELETE FROM platform.rate_limit');
    person = await signUpCandidate(sceau);
  });

  async function ask(method: string, path: string, body: object = {}, client = person.client) {
    const answer = await client.request(path, { method, body });
    return { status: answer.status, body: record(answer.body ?? {}) };
  }

  const isAlive = async (client: PersonClient): Promise<boolean> =>
    (await client.request('/v1/me/sessions')).status === 200;

  async function tokenTo(address: string, subject: RegExp): Promise<string> {
    return /^[\w-]{43}$/m.exec((await sceau.mailTo(address, subject)).text)?.[0] ?? '';
  }

  const confirm = (token: string) => ask('POST', '/v1/email/confirm', { token }, new PersonClient(sceau.url));

  const reset = (body: object) => ask('POST', '/v1/password/reset', body, new PersonClient(sceau.url));

  const codeNow = async (): Promise<string> => {
    sceau.clock.advance({ minutes: 1 });
    return person.authenticator.code(sceau.clock.now().getTime());
  };

  it.each([
    ['PUT', '/v1/me/password', { current: 'quatre chevaux bleus sur la digue', password: OTHER_PASSWORD }],
    ['PUT', '/v1/me/email', { current: 'quatre chevaux bleus sur la digue', email: 'autre@example.fr' }],
    ['POST', '/v1/me/totp', {}],
    ['POST', '/v1/me/totp/confirm', { code: '123456' }],
    ['POST', '/v1/me/recovery-codes', {}],
  ])('is not changed by a stolen session alone: %s %s', async (method, path, body) => {
    sceau.clock.advance({ minutes: 6 });
    const { status, body: answer } = await ask(method, path, body);
    expect([status, answer['code']]).toEqual([403, 'step_up_required']);
    const anyone = await ask(method, path, body, new PersonClient(sceau.url));
    expect(anyone.status).toBe(401);
  });

  it('is written to in the language that its owner chooses, whoever they are', async () => {
    const { status, body, headers } = await person.client.request('/v1/me');
    const createdAt = expect.stringMatching(/^\d{4}-.*Z$/);
    const id = await newestAccount(sceau);
    expect([status, body]).toEqual([200, { id, role: 'candidate', locale: 'fr', createdAt }]);
    const known = { headers: { 'if-none-match': headers.get('etag') ?? '' } };
    expect((await person.client.request('/v1/me', known)).status).toBe(304);
    for (const wrong of [{}, { locale: 'de' }, { locale: null }])
      expect((await ask('PATCH', '/v1/me', wrong)).status).toBe(422);
    expect((await ask('PATCH', '/v1/me', { locale: 'en', role: 'operator' })).status).toBe(400);
    const speak = async (locale: string, client = person.client) =>
      (await ask('PATCH', '/v1/me', { locale }, client)).body['locale'];
    // Twice: the second time nothing changes, and nothing is recorded.
    expect([await speak('en'), await speak('en')]).toEqual(['en', 'en']);
    expect((await person.client.request('/v1/me', known)).body).toMatchObject({ locale: 'en' });
    await ask('POST', '/v1/me/recovery-codes');
    await sceau.mailTo(person.email, /recovery codes have changed/);
    const entries = await entriesOf(sceau, 'account.locale_changed');
    expect(entries.filter(({ resource }) => resource.id === id)).toHaveLength(1);
    const auditor = await signInStaff(sceau, 'auditor');
    expect([await speak('en', auditor), await speak('fr', auditor)]).toEqual(['en', 'fr']);
    expect((await auditor.request('/v1/me')).body).toMatchObject({ role: 'auditor', locale: 'fr' });
    expect((await ask('PATCH', '/v1/me', { locale: 'en' }, new PersonClient(sceau.url))).status).toBe(401);
  });

  it('gets another password from whoever knows the present one, and other sessions end', async () => {
    const other = await signIn(sceau, person);
    const wrong = { current: 'six canards noirs sous le pont', password: OTHER_PASSWORD };
    expect((await ask('PUT', '/v1/me/password', wrong)).status).toBe(401);
    const weak = await ask('PUT', '/v1/me/password', { current: person.password, password: 'court' });
    expect([weak.status, weak.body['code']]).toEqual([422, 'password_refused']);
    const right = { current: person.password, password: OTHER_PASSWORD };
    expect((await ask('PUT', '/v1/me/password', right)).status).toBe(204);
    expect([await isAlive(person.client), await isAlive(other.client)]).toEqual([true, false]);
    expect((await signIn(sceau, person)).exchange.status).toBe(401);
    expect((await signIn(sceau, { ...person, password: OTHER_PASSWORD })).exchange.status).toBe(201);
    expect((await sceau.mailTo(person.email, /mot de passe a changé/)).text).toContain('vient');
  });

  it('gets ten other recovery codes, and those before are good for nothing', async () => {
    const { status, body } = await ask('POST', '/v1/me/recovery-codes');
    expect([status, body['recoveryCodes']]).toEqual([200, expect.any(Array)]);
    const [fresh] = Array.isArray(body['recoveryCodes']) ? body['recoveryCodes'].map(String) : [];
    const by = async (recoveryCode = '') =>
      (await signIn(sceau, person, { body: { recoveryCode } })).exchange.status;
    expect([await by(person.recoveryCodes[0]), await by(fresh)]).toEqual([401, 201]);
    await sceau.mailTo(person.email, /codes de secours ont changé/);
  });

  it('gets another authenticator once that is proven', async () => {
    const offer = (await ask('POST', '/v1/me/totp')).body;
    expect(offer['qr']).toMatch(/^data:image\/svg\+xml;base64,/);
    const fresh = new Authenticator(String(offer['secret']));
    const wrong = { code: await fresh.wrongCode(sceau.clock.now().getTime()) };
    expect((await ask('POST', '/v1/me/totp/confirm', wrong)).status).toBe(401);
    const other = await signIn(sceau, person);
    const code = await fresh.code(sceau.clock.now().getTime());
    const { status, body } = await ask('POST', '/v1/me/totp/confirm', { code });
    expect([status, body['recoveryCodes']]).toEqual([200, expect.any(Array)]);
    expect([await isAlive(person.client), await isAlive(other.client)]).toEqual([false, false]);
    person.client.useToken(String(record(body['session'])['token']));
    expect(await isAlive(person.client)).toBe(true);
    expect((await signIn(sceau, person)).exchange.status).toBe(401);
    expect((await signIn(sceau, { ...person, authenticator: fresh })).exchange.status).toBe(201);
  });

  it('offers an authenticator for ten minutes only', async () => {
    const { secret } = (await ask('POST', '/v1/me/totp')).body;
    sceau.clock.advance({ minutes: 11 });
    await stepUp(sceau, person);
    const code = await new Authenticator(String(secret)).code(sceau.clock.now().getTime());
    expect((await ask('POST', '/v1/me/totp/confirm', { code })).status).toBe(401);
  });

  it('opened with a recovery code does nothing but get another authenticator', async () => {
    const { client } = await signIn(sceau, person, { body: { recoveryCode: person.recoveryCodes[0] } });
    const routes = [
      ['GET', '/v1/me/profile'],
      ['GET', '/v1/me/access-history'],
      ['POST', '/v1/me/recovery-codes'],
      ['PUT', '/v1/me/password'],
    ] as const;
    for (const [method, path] of routes) {
      const answer = await client.request(path, { method, ...(method === 'GET' ? {} : { body: {} }) });
      expect([answer.status, record(answer.body)['code']]).toEqual([403, 'totp_enrolment_required']);
    }
    expect(await isAlive(client)).toBe(true);
    const { secret } = (await ask('POST', '/v1/me/totp', {}, client)).body;
    const code = await new Authenticator(String(secret)).code(sceau.clock.now().getTime());
    const { body } = await ask('POST', '/v1/me/totp/confirm', { code }, client);
    client.useToken(String(record(body['session'])['token']));
    expect((await client.request('/v1/me/profile')).status).toBe(200);
  });

  it('moves to another address once both have confirmed it', async () => {
    const moved = `nouvelle.${person.email}`;
    const wish = { current: person.password, email: moved };
    expect((await ask('PUT', '/v1/me/email', wish)).status).toBe(202);
    const fresh = await tokenTo(moved, /nouvelle adresse/);
    const old = await tokenTo(person.email, /changement/);
    expect((await confirm(fresh)).body).toEqual({ state: 'waiting' });
    expect((await confirm(fresh)).status).toBe(401);
    expect((await signIn(sceau, { ...person, email: moved })).exchange.status).toBe(401);
    expect((await confirm(old)).body).toEqual({ state: 'changed' });
    expect(await isAlive(person.client)).toBe(false);
    expect((await signIn(sceau, person)).exchange.status).toBe(401);
    expect((await signIn(sceau, { ...person, email: moved })).exchange.status).toBe(201);
    await sceau.mailTo(person.email, /adresse électronique a changé/);
    await sceau.mailTo(moved, /adresse électronique a changé/);
  });

  it('moves when both addresses confirm it at the same moment', async () => {
    for (let round = 0; round < 3; round += 1) {
      const mover = await signUpCandidate(sceau);
      const moved = `nouvelle.${mover.email}`;
      await ask('PUT', '/v1/me/email', { current: mover.password, email: moved }, mover.client);
      const tokens = [await tokenTo(moved, /nouvelle adresse/), await tokenTo(mover.email, /changement/)];
      const answers = await Promise.all(tokens.map(confirm));
      expect(new Set(answers.map(({ body }) => body['state']))).toEqual(new Set(['changed', 'waiting']));
    }
  });

  it('does not say that an address is taken, but to its owner', async () => {
    const stranger = await signUpCandidate(sceau);
    const free = await ask('PUT', '/v1/me/email', { current: person.password, email: 'libre@example.fr' });
    const taken = await ask('PUT', '/v1/me/email', { current: person.password, email: stranger.email });
    expect(taken).toEqual(free);
    await sceau.mailTo(stranger.email, /déjà un compte/);
  });

  it('gets a new password from its mail and a second factor, and every session ends', async () => {
    const forgotten = (email: string) =>
      ask('POST', '/v1/password/forgotten', { email }, new PersonClient(sceau.url));
    expect(await forgotten(person.email)).toEqual(await forgotten('personne@example.fr'));
    const token = await tokenTo(person.email, /nouveau mot de passe/);
    const password = OTHER_PASSWORD;
    const wrong = await person.authenticator.wrongCode(sceau.clock.now().getTime());
    expect((await reset({ token, password, code: wrong })).status).toBe(401);
    expect((await reset({ token, password: 'court', code: await codeNow() })).status).toBe(422);
    expect((await reset({ token: 'A'.repeat(43), password, code: await codeNow() })).status).toBe(401);
    expect(await isAlive(person.client)).toBe(true);
    expect((await reset({ token, password, code: await codeNow() })).status).toBe(204);
    expect(await isAlive(person.client)).toBe(false);
    expect((await reset({ token, password, code: await codeNow() })).status).toBe(401);
    expect((await signIn(sceau, { ...person, password })).exchange.status).toBe(201);
  });

  it('is reset with a recovery code as well, and within thirty minutes', async () => {
    const body = { email: person.email };
    await ask('POST', '/v1/password/forgotten', body, new PersonClient(sceau.url));
    const token = await tokenTo(person.email, /nouveau mot de passe/);
    const [recoveryCode] = person.recoveryCodes;
    sceau.clock.advance({ minutes: 31 });
    const late = await reset({ token, password: OTHER_PASSWORD, recoveryCode });
    expect([late.status, late.body['code']]).toEqual([401, 'authentication_failed']);
    await ask('POST', '/v1/password/forgotten', body, new PersonClient(sceau.url));
    const another = await eventually('another mail', async () => {
      const found = await tokenTo(person.email, /nouveau mot de passe/);
      return found === token ? undefined : found;
    });
    expect((await reset({ token: another, password: OTHER_PASSWORD, recoveryCode })).status).toBe(204);
  });

  it('keeps the token of its mail though somebody else asks for another', async () => {
    const account = await newestAccount(sceau);
    const body = { email: person.email };
    await ask('POST', '/v1/password/forgotten', body, new PersonClient(sceau.url));
    const token = await tokenTo(person.email, /nouveau mot de passe/);
    for (let asked = 0; asked < 5; asked += 1)
      await ask('POST', '/v1/password/forgotten', body, new PersonClient(sceau.url));
    await eventually('the worker', async () => {
      const waiting = await sceau.database.query('SELECT FROM identity.request');
      return waiting.length === 0 ? true : undefined;
    });
    // Three mails an hour, with that of the sign-up.
    const asked = await entriesOf(sceau, 'password.reset_asked');
    expect(asked.filter(({ resource }) => resource.id === account)).toHaveLength(2);
    const code = await codeNow();
    expect((await reset({ token, password: OTHER_PASSWORD, code })).status).toBe(204);
  });

  it('is reset by one of two tokens that are used at the same moment', async () => {
    const forgotten = () =>
      ask('POST', '/v1/password/forgotten', { email: person.email }, new PersonClient(sceau.url));
    await forgotten();
    const first = await tokenTo(person.email, /nouveau mot de passe/);
    await forgotten();
    const second = await eventually('another mail', async () => {
      const found = await tokenTo(person.email, /nouveau mot de passe/);
      return found === first ? undefined : found;
    });
    const use = (token: string, recoveryCode: string | undefined) =>
      reset({ token, password: OTHER_PASSWORD, recoveryCode });
    const tickets = service(sceau, Tickets);
    const redeem = tickets.redeem.bind(tickets);
    let other: ReturnType<typeof use> | undefined;
    let isUsed = false;
    spyOn(tickets, 'redeem')
      .mockImplementationOnce(async (...asked) => {
        const id = await redeem(...asked);
        other = use(second, person.recoveryCodes[1]);
        await eventually('the other, used or waiting', async () => {
          const waiting = await sceau.database.query(
            `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
          );
          return isUsed || waiting.length > 0 ? true : undefined;
        });
        return id;
      })
      .mockImplementationOnce(async (...asked) => {
        const id = await redeem(...asked);
        isUsed = true;
        return id;
      });
    expect((await use(first, person.recoveryCodes[0])).status).toBe(204);
    expect((await other)?.status).toBe(401);
  });

  it('writes to an address that may be another’s three times an hour and not more', async () => {
    const wish = { current: person.password, email: `autrui.${person.email}` };
    const answers = [];
    for (let asked = 0; asked < 4; asked += 1) answers.push(await ask('PUT', '/v1/me/email', wish));
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 429]);
  });
});
