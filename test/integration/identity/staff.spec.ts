import { randomBytes } from 'node:crypto';
import { Authenticator } from '../../../tools/client/authenticator.ts';
import type { Exchange } from '../../../tools/client/exchange.ts';
import { PersonClient } from '../../../tools/client/person.ts';
import { record, signUpCandidate } from '../../support/actors.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { acceptInvitation, comeInAsStaff, STAFF_PASSWORD, type StaffActor } from '../../support/staff.js';
import { items } from '../audit/fixture.js';
import { SignUp } from './sign-up.js';

const TOKEN = /^[\w-]{43}$/m;
const SOMEBODY = '019ab1c2-3d4e-7f50-8a6b-0c1d2e3f4a5b';

/** Operators letting auditors and operators in and out. */
describe('staff', () => {
  let sceau: Sceau;
  let operator: StaffActor;

  beforeAll(async () => {
    sceau = await startSceau();
  }, 60_000);

  afterAll(() => sceau.stop());

  beforeEach(async () => {
    // All of this comes from one address, which may do so much of it an hour.
    await sceau.database.query('DELETE FROM platform.rate_limit');
    operator = await comeInAsStaff(sceau, 'operator');
  });

  const address = (): string => `agent.${randomBytes(6).toString('hex')}@example.fr`;
  const post = (path: string, body?: object): Promise<Exchange> =>
    operator.client.request(path, { method: 'POST', ...(body === undefined ? {} : { body }) });
  const invite = (email: string, role = 'auditor', locale = 'fr'): Promise<Exchange> =>
    post('/v1/operator/staff', { email, role, locale });
  const codeOf = ({ body }: Exchange): unknown => record(body)['code'];

  async function tokenFor(email: string): Promise<string> {
    return TOKEN.exec((await sceau.mailTo(email)).text)?.[0] ?? '';
  }

  async function accept(token: string, password = STAFF_PASSWORD): Promise<Exchange> {
    return new PersonClient(sceau.url).request('/v1/invitations/accept', { body: { token, password } });
  }

  async function enter({ email, password, authenticator }: StaffActor): Promise<number> {
    sceau.clock.advance({ minutes: 1 });
    const code = await authenticator.code(sceau.clock.now().getTime());
    const body = { email, password, code, transport: 'token' };
    return (await new PersonClient(sceau.url).request('/v1/sessions', { body })).status;
  }

  it('are invited though somebody else has asked for an account at their address before', async () => {
    const email = address();
    const signUp = new SignUp(sceau);
    const link = await signUp.link(email);
    expect((await invite(email)).status).toBe(201);
    expect((await signUp.confirm(link)).status).toBe(401);
    const mail = await sceau.mailTo(email, /invité|invitation/i);
    const { client } = await acceptInvitation(sceau, TOKEN.exec(mail.text)?.[0] ?? '');
    expect((await client.request('/v1/audit/events?limit=1')).status).toBe(200);
    // Not once it was confirmed: then it is somebody's.
    const taken = address();
    expect((await signUp.confirm(await signUp.link(taken))).status).toBe(200);
    expect((await invite(taken)).status).toBe(409);
  });

  it('come in by a mailed link and with factors that nobody else has seen', async () => {
    const email = address();
    const invited = await invite(email);
    expect(invited.status).toBe(201);
    // Neither a password nor a token, nor anything to make one of.
    expect(record(invited.body)).toEqual({ id: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    const { client } = await acceptInvitation(sceau, await tokenFor(email));
    expect((await client.request('/v1/audit/events?limit=1')).status).toBe(200);
    expect((await client.request('/v1/operator/staff')).status).toBe(403);
  });

  it('are invited in their own language', async () => {
    const email = address();
    await invite(email, 'operator', 'en');
    const { subject, text } = await sceau.mailTo(email);
    expect(subject).toBe('Invitation to join Sceau');
    expect(text).toContain('You are invited to join Sceau as an operator.');
  });

  it('come in once by a link: not twice, not both of two at once, not after three days', async () => {
    const email = address();
    await invite(email);
    const token = await tokenFor(email);
    const both = await Promise.all([accept(token), accept(token)]);
    expect(both.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(both.filter(({ status }) => status === 401)).toHaveLength(1);
    expect((await accept(token)).status).toBe(401);
    const late = address();
    await invite(late);
    const old = await tokenFor(late);
    sceau.clock.advance({ hours: 72, seconds: 1 });
    expect((await accept(old)).status).toBe(401);
  });

  it('keep the link when the password is refused', async () => {
    const email = address();
    await invite(email);
    const token = await tokenFor(email);
    expect(codeOf(await accept(token, 'trop court'))).toBe('password_refused');
    expect((await accept(token)).status).toBe(200);
  });

  it('are invited again as long as they have not come in, and the earlier link is dead', async () => {
    const email = address();
    const first = await invite(email);
    const token = await tokenFor(email);
    const second = await invite(email);
    expect(second.body).toEqual(first.body);
    expect((await accept(token)).status).toBe(401);
  });

  it('are not made of an address that has another account', async () => {
    const candidate = await signUpCandidate(sceau);
    const auditor = await comeInAsStaff(sceau, 'auditor');
    const waiting = address();
    await invite(waiting, 'auditor');
    for (const email of [candidate.email, auditor.email]) {
      const refused = await invite(email);
      expect([refused.status, codeOf(refused)]).toEqual([409, 'conflict']);
    }
    expect((await invite(waiting, 'operator')).status).toBe(409);
    expect((await candidate.client.request('/v1/me/sessions')).status).toBe(200);
  });

  it('are not candidates: signing up at an invited address gets no link', async () => {
    const email = address();
    await invite(email);
    const token = await tokenFor(email);
    const body = { email, password: 'un mot de passe de quelqu’un', locale: 'fr' };
    await new PersonClient(sceau.url).request('/v1/registrations', { body });
    expect((await sceau.mailTo(email, /invitation vous attend/)).text).not.toMatch(TOKEN);
    expect((await accept(token)).status).toBe(200);
  });

  it('have no link for another purpose than it was made for', async () => {
    const email = address();
    await invite(email);
    const token = await tokenFor(email);
    const anyone = new PersonClient(sceau.url);
    const others = [
      await anyone.request('/v1/registrations/confirm', { body: { token } }),
      await anyone.request('/v1/totp/enrolments', { body: { ticket: token } }),
    ];
    expect(others.map(({ status }) => status)).toEqual([401, 401]);
  });

  it('are kept out at once, and let in again with the factors they had, but not with the sessions', async () => {
    const auditor = await comeInAsStaff(sceau, 'auditor');
    const reads = async () => (await auditor.client.request('/v1/audit/events?limit=1')).status;
    expect(await reads()).toBe(200);
    expect((await post(`/v1/operator/staff/${auditor.id}/suspend`)).status).toBe(204);
    expect(await reads()).toBe(401);
    expect(await enter(auditor)).toBe(401);
    expect((await sceau.mailTo(auditor.email, /suspendu$/)).subject).toBe('Votre compte est suspendu');
    expect((await post(`/v1/operator/staff/${auditor.id}/suspend`)).status).toBe(409);
    operator = await comeInAsStaff(sceau, 'operator');
    expect((await post(`/v1/operator/staff/${auditor.id}/resume`)).status).toBe(204);
    expect(await reads()).toBe(401);
    expect(await enter(auditor)).toBe(201);
  });

  it('are removed for good: what comes back of them with a backup opens nothing', async () => {
    const auditor = await comeInAsStaff(sceau, 'auditor');
    const [row] = await sceau.database.query<{ row: string }>(
      'SELECT to_jsonb(a)::text AS row FROM identity.account a WHERE id = $1',
      [auditor.id],
    );
    const removed = await operator.client.request(`/v1/operator/staff/${auditor.id}`, { method: 'DELETE' });
    expect(removed.status).toBe(204);
    expect((await auditor.client.request('/v1/audit/events?limit=1')).status).toBe(401);
    await sceau.database.query(
      'INSERT INTO identity.account SELECT * FROM jsonb_populate_record(NULL::identity.account, $1::jsonb)',
      [row?.row],
    );
    expect(await enter(auditor)).toBe(401);
    expect((await post('/v1/operator/staff/search', { email: auditor.email })).status).toBe(404);
  });

  it('are listed without their addresses, which find them all the same', async () => {
    const auditor = await comeInAsStaff(sceau, 'auditor');
    const candidate = await signUpCandidate(sceau);
    const listed = await operator.client.request('/v1/operator/staff');
    expect(items(listed.body)).toContainEqual({
      id: auditor.id,
      role: 'auditor',
      status: 'active',
      invitedAt: expect.stringMatching(/Z$/),
    });
    expect(JSON.stringify(listed.body)).not.toContain('@');
    const found = await post('/v1/operator/staff/search', { email: auditor.email.toUpperCase() });
    expect(record(found.body)).toMatchObject({ id: auditor.id, role: 'auditor' });
    for (const email of [candidate.email, 'personne@example.fr'])
      expect((await post('/v1/operator/staff/search', { email })).status).toBe(404);
  });

  it('are not all that an operator can reach: candidates and nobody are not there', async () => {
    const candidate = await signUpCandidate(sceau);
    const [account] = await sceau.database.query<{ id: string }>(
      'SELECT id::text FROM identity.account ORDER BY created_at DESC, id DESC LIMIT 1',
    );
    for (const id of [account?.id ?? '', SOMEBODY]) {
      expect((await post(`/v1/operator/staff/${id}/suspend`)).status).toBe(404);
      expect((await post(`/v1/operator/staff/${id}/resume`)).status).toBe(404);
      const removed = await operator.client.request(`/v1/operator/staff/${id}`, { method: 'DELETE' });
      expect(removed.status).toBe(404);
    }
    expect((await candidate.client.request('/v1/me/sessions')).status).toBe(200);
  });

  it('do not suspend or remove themselves, so that somebody is left', async () => {
    expect((await post(`/v1/operator/staff/${operator.id}/suspend`)).status).toBe(409);
    const path = `/v1/operator/staff/${operator.id}`;
    expect((await operator.client.request(path, { method: 'DELETE' })).status).toBe(409);
    expect((await operator.client.request('/v1/operator/staff')).status).toBe(200);
  });

  it('need a fresh second factor to change who is in', async () => {
    sceau.clock.advance({ minutes: 6 });
    const path = `/v1/operator/staff/${SOMEBODY}`;
    const answers = [
      await invite(address()),
      await post(`${path}/suspend`),
      await post(`${path}/resume`),
      await operator.client.request(path, { method: 'DELETE' }),
    ];
    expect(answers.map(({ status, body }) => [status, record(body)['code']])).toEqual(
      Array.from({ length: 4 }, () => [403, 'step_up_required']),
    );
    expect((await operator.client.request('/v1/operator/staff')).status).toBe(200);
  });

  it('have no say as operators by a role that was planted', async () => {
    const candidate = await signUpCandidate(sceau);
    const [account] = await sceau.database.query<{ id: string }>(
      'SELECT id::text FROM identity.account ORDER BY created_at DESC, id DESC LIMIT 1',
    );
    await sceau.database.query(
      'UPDATE identity.account SET role = (SELECT role FROM identity.account WHERE id = $2) WHERE id = $1',
      [account?.id, operator.id],
    );
    await sceau.database.query('INSERT INTO identity.staff VALUES ($1, now())', [account?.id]);
    expect((await candidate.client.request('/v1/operator/staff')).status).toBe(401);
    const listed = items((await operator.client.request('/v1/operator/staff')).body);
    expect(listed.map(({ id }) => id)).not.toContain(account?.id);
    const alerts = await sceau.database.query(
      `SELECT reason FROM audit.entry WHERE action = 'security_record.refused' AND resource_id = $1
       UNION ALL SELECT e->>'reason' FROM (SELECT convert_from(envelope, 'UTF8')::jsonb FROM audit.staging) AS t (e)
       WHERE e->>'action' = 'security_record.refused' AND e->'resource'->>'id' = $1`,
      [account?.id],
    );
    expect(alerts).toEqual([{ reason: 'forged' }, { reason: 'forged' }]);
  });

  it('have no second code of the step in which they enrolled', async () => {
    const email = address();
    await invite(email);
    const { body } = await accept(await tokenFor(email));
    const ticket = String(record(body)['ticket']);
    const anyone = new PersonClient(sceau.url);
    const offer = await anyone.request('/v1/totp/enrolments', { body: { ticket } });
    const authenticator = new Authenticator(String(record(offer.body)['secret']));
    const code = await authenticator.wrongCode(sceau.clock.now().getTime());
    const confirm = { ticket, code, transport: 'token' };
    expect((await anyone.request('/v1/totp/enrolments/confirm', { body: confirm })).status).toBe(401);
    const right = { ...confirm, code: await authenticator.code(sceau.clock.now().getTime()) };
    expect((await anyone.request('/v1/totp/enrolments/confirm', { body: right })).status).toBe(200);
    expect((await anyone.request('/v1/totp/enrolments/confirm', { body: right })).status).toBe(401);
  });
});
