import { randomBytes } from 'node:crypto';
import { PersonClient } from '../../../tools/client/person.ts';
import { record } from '../../support/actors.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { SignUp } from './sign-up.js';

/** The mailed link and the ticket it gives, used as they should not be. */
describe('a one-time link', () => {
  let sceau: Sceau;
  let signUp: SignUp;

  beforeAll(async () => {
    sceau = await startSceau();
    signUp = new SignUp(sceau);
  }, 60_000);

  afterAll(() => sceau.stop());

  const address = (): string => `candidat.${randomBytes(6).toString('hex')}@example.fr`;
  const ticketOf = async (token: string): Promise<string> =>
    String(record((await signUp.confirm(token)).body)['ticket']);
  const offer = async (ticket: string) =>
    (await new PersonClient(sceau.url).request('/v1/totp/enrolments', { body: { ticket } })).status;

  it('is stored as a hash only', async () => {
    const token = await signUp.link(address());
    const ticket = await ticketOf(token);
    const [found] = await sceau.database.query<{ text: string }>(
      `SELECT string_agg(to_jsonb(t)::text, ' ') AS text FROM identity.ticket t`,
    );
    for (const secret of [token, ticket]) {
      expect(found?.text).not.toContain(secret);
      expect(found?.text).not.toContain(Buffer.from(secret, 'base64url').toString('hex'));
      expect(found?.text).not.toContain(Buffer.from(secret).toString('hex'));
    }
  });

  it('works once, of any number of uses at the same moment one', async () => {
    const token = await signUp.link(address());
    const answers = await Promise.all(Array.from({ length: 8 }, () => signUp.confirm(token)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(7);
    expect((await signUp.confirm(token)).status).toBe(401);
  });

  it('works for a day and not longer, its ticket for an hour', async () => {
    const inTime = await signUp.link(address());
    const late = await signUp.link(address());
    sceau.clock.advance({ hours: 23 });
    const ticket = await ticketOf(inTime);
    sceau.clock.advance({ minutes: 59 });
    expect(await offer(ticket)).toBe(200);
    sceau.clock.advance({ minutes: 2 });
    expect(await offer(ticket)).toBe(401);
    expect((await signUp.confirm(late)).status).toBe(401);
  });

  it('stops working when another is asked for', async () => {
    const email = address();
    const first = await signUp.link(email);
    const second = await signUp.link(email);
    expect((await signUp.confirm(first)).status).toBe(401);
    const ticket = await ticketOf(second);
    const third = await signUp.link(email);
    expect(await offer(ticket)).toBe(200);
    await ticketOf(third);
    expect(await offer(ticket)).toBe(401);
  });

  it('works for what it was made for and for nothing else', async () => {
    const token = await signUp.link(address());
    const anyone = new PersonClient(sceau.url);
    const password = 'quatre chevaux bleus sur la digue';
    expect(await offer(token)).toBe(401);
    const accepted = await anyone.request('/v1/invitations/accept', { body: { token, password } });
    expect(accepted.status).toBe(401);
    anyone.useToken(token);
    expect((await anyone.request('/v1/me/sessions')).status).toBe(401);
    const ticket = await ticketOf(token);
    expect((await signUp.confirm(ticket)).status).toBe(401);
    anyone.useToken(ticket);
    expect((await anyone.request('/v1/me/sessions')).status).toBe(401);
  });
});
