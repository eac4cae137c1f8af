import { record, type CandidateActor, signUpCandidate } from '../../support/actors.js';
import { addPasskey } from '../../support/passkeys.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { comeInAsStaff } from '../../support/staff.js';
import { items } from '../audit/fixture.js';
import { sessionsOf, signIn, stepUp } from './person.js';
import { NEW_PASSWORD, RecoveryWay } from './recovery-way.js';

describe('somebody who has lost everything', () => {
  let sceau: Sceau;
  let way: RecoveryWay;
  let person: CandidateActor;

  beforeAll(async () => {
    sceau = await startSceau();
    way = new RecoveryWay(sceau);
  }, 60_000);

  afterAll(() => sceau.stop());

  beforeEach(async () => {
    await sceau.database.query('DELETE FROM platform.rate_limit');
    person = await signUpCandidate(sceau);
  });

  it('comes back by approval, delay and mail, and nothing of before opens the account', async () => {
    await stepUp(sceau, person);
    await addPasskey(person.client);
    const asked = await way.asked(person.email);
    expect(await way.count('passkey', asked.account)).toBe(1);
    await way.approve(asked);
    await way.hourly(73);
    const token = await way.token(person.email, /^Retrouvez/);
    const completed = await way.complete(token);
    expect([completed.status, Object.keys(completed.body)]).toEqual([200, ['ticket']]);
    for (const table of ['recovery', 'passkey', 'session'] as const)
      expect([table, await way.count(table, asked.account)]).toEqual([table, 0]);
    const renewed = { ...person, password: NEW_PASSWORD };
    expect((await signIn(sceau, renewed)).exchange.status).toBe(401);
    const body = { recoveryCode: person.recoveryCodes[0] };
    expect((await signIn(sceau, renewed, { body })).exchange.status).toBe(401);

    const { authenticator, status } = await way.enrol(completed.body['ticket']);
    expect(status).toBe(200);
    expect((await signIn(sceau, { ...person, authenticator })).exchange.status).toBe(401);
    const { client, exchange } = await signIn(sceau, { ...renewed, authenticator });
    expect(exchange.status).toBe(201);
    expect(await way.recorded(asked.account)).toEqual([
      'recovery.asked',
      'recovery.approved',
      'recovery.ready',
      'recovery.completed',
    ]);
    await sceau.mailTo(person.email, /retrouvé$/);
    const history = items((await client.request('/v1/me/access-history')).body).map(({ action }) => action);
    expect(history).toEqual(expect.arrayContaining(['recovery.approved', 'recovery.completed']));
  });

  it('gets the same answer as about an unknown address, of which nothing is kept', async () => {
    const known = await way.ask(person.email);
    const before = await sceau.database.query('SELECT 1 FROM identity.recovery');
    const unknown = await way.ask('personne@example.fr');
    expect(unknown).toEqual(known);
    expect(known.status).toBe(202);
    expect(await sceau.database.query('SELECT 1 FROM identity.recovery')).toHaveLength(before.length);
  });

  it('gets one recovery at a time', async () => {
    const asked = await way.asked(person.email);
    await way.ask(person.email);
    expect(await way.recorded(asked.account)).toEqual(['recovery.asked']);
    expect((await way.stop(asked.stop)).status).toBe(204);
  });

  it('waits for the approval and for all of the delay', async () => {
    const asked = await way.asked(person.email);
    await way.hourly(100);
    expect(await way.isReady(asked.account)).toBe(false);
    await way.approve(asked);
    await way.hourly(71);
    expect(await way.isReady(asked.account)).toBe(false);
    await way.hourly(2);
    expect(await way.isReady(asked.account)).toBe(true);
  });

  it('is approved once', async () => {
    const asked = await way.asked(person.email);
    await way.approve(asked);
    await expect(way.approve(asked)).rejects.toMatchObject({ code: 'conflict' });
  });

  it('is not waited for longer than a week', async () => {
    const asked = await way.asked(person.email);
    await way.hourly(7 * 24 + 1);
    expect(await way.count('recovery', asked.account)).toBe(0);
    expect(await way.recorded(asked.account)).toEqual(['recovery.asked', 'recovery.expired']);
    await expect(way.approve(asked)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('is refused by the operator', async () => {
    const asked = await way.asked(person.email);
    await way.refuse(asked);
    await expect(way.approve(asked)).rejects.toMatchObject({ code: 'not_found' });
    await sceau.mailTo(person.email, /refusée$/);
    expect(await way.recorded(asked.account)).toEqual(['recovery.asked', 'recovery.refused']);
    expect((await way.stop(asked.stop)).status).toBe(401);
  });

  it.each(['first', 'second'] as const)('is stopped by the token of the %s mail', async (mail) => {
    const asked = await way.asked(person.email);
    await way.approve(asked);
    const second = await way.token(person.email, /approuvée$/);
    const token = mail === 'first' ? asked.stop : second;
    expect((await way.stop(token)).status).toBe(204);
    expect((await way.stop(token)).body['code']).toBe('authentication_failed');
    await way.hourly(73);
    expect(await way.isReady(asked.account)).toBe(false);
    expect((await way.recorded(asked.account)).at(-1)).toBe('recovery.stopped');
    expect((await signIn(sceau, person)).exchange.status).toBe(201);
  });

  it('is stopped by whoever signs in, even when the token is out', async () => {
    const token = await way.ready(person.email);
    expect((await signIn(sceau, person)).exchange.status).toBe(201);
    const { status, body } = await way.complete(token);
    expect([status, body['code']]).toEqual([401, 'authentication_failed']);
    expect((await signIn(sceau, person)).exchange.status).toBe(201);
  });

  it('is stopped by a change of what the account is opened with', async () => {
    const asked = await way.asked(person.email);
    await way.approve(asked);
    const { status } = await person.client.request('/v1/me/sessions', { method: 'DELETE' });
    expect(status).toBe(204);
    // At once, and it says so: the hours change nothing about it.
    expect(await way.count('recovery', asked.account)).toBe(0);
    await way.hourly(73);
    expect(await way.isReady(asked.account)).toBe(false);
    expect((await way.recorded(asked.account)).at(-1)).toBe('recovery.stopped');
  });

  it('keeps the token after a weak password, and can use it once', async () => {
    const token = await way.ready(person.email);
    const weak = await way.complete(token, 'motdepasse12345');
    expect([weak.status, weak.body['code']]).toEqual([422, 'password_refused']);
    const answers = await Promise.all(Array.from({ length: 3 }, () => way.complete(token)));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 401, 401]);
  });

  it('has a day for the token', async () => {
    const token = await way.ready(person.email);
    await way.hourly(24);
    expect((await way.complete(token)).body['code']).toBe('authentication_failed');
    expect((await signIn(sceau, person)).exchange.status).toBe(201);
  });

  it.each([
    ['', 422],
    ['A'.repeat(42), 422],
    ['A'.repeat(44), 422],
    ['A'.repeat(43), 401],
    ['é'.repeat(43), 401],
  ])('does nothing with %p', async (token, status) => {
    const answers = [await way.stop(token), await way.complete(token)];
    expect(answers.map((answer) => answer.status)).toEqual([status, status]);
  });

  it('may be a member of staff, who keeps the role', async () => {
    const auditor = await comeInAsStaff(sceau, 'auditor');
    const completed = await way.complete(await way.ready(auditor.email));
    const { body, status } = await way.enrol(completed.body['ticket']);
    expect(status).toBe(200);
    auditor.client.useToken(String(record(body['session'])['token']));
    expect((await auditor.client.request('/v1/audit/alerts')).status).toBe(200);
    expect(await sessionsOf(auditor.client)).toHaveLength(1);
  });
});
