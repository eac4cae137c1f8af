import { randomBytes } from 'node:crypto';
import { PersonClient } from '../../../tools/client/person.ts';
import { Staff } from '../../../src/modules/identity/index.js';
import { Settings } from '../../../src/platform/config/settings.js';
import { record, signUpCandidate, systemContext } from '../../support/actors.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { comeInAsStaff } from '../../support/staff.js';
import { SignUp } from './sign-up.js';

const PASSWORD = 'quatre chevaux bleus sur la digue';

/** Asking for an account, as anybody can for any address. */
describe('a sign-up', () => {
  let sceau: Sceau;
  let signUp: SignUp;

  beforeAll(async () => {
    sceau = await startSceau({
      adjust: (settings) => {
        const http = { ...settings.http, trustedProxies: ['127.0.0.1'] };
        return new Settings({ ...settings, http });
      },
    });
    signUp = new SignUp(sceau);
  }, 60_000);

  afterAll(() => sceau.stop());

  // All of this comes from one address, which may ask thirty times an hour.
  beforeEach(() => sceau.database.query('DELETE FROM platform.rate_limit'));

  const unknown = (): string => `personne.${randomBytes(6).toString('hex')}@example.fr`;

  /** Everything of an answer but what differs between any two. */
  async function answerTo(email: string): Promise<unknown> {
    const response = await fetch(new URL('/v1/registrations', sceau.url), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email, password: PASSWORD, locale: 'fr' }),
    });
    const own = new Set(['x-request-id', 'traceparent', 'date', 'ratelimit']);
    return {
      status: response.status,
      headers: [...response.headers].filter(([name]) => !own.has(name)),
      body: Buffer.from(await response.arrayBuffer()).toString('hex'),
    };
  }

  it('is answered with the same bytes for an address that is free, asked for, known, staff or suspended', async () => {
    const { email: known } = await signUpCandidate(sceau);
    const { email: staff } = await comeInAsStaff(sceau, 'auditor');
    const { email: suspended, id } = await comeInAsStaff(sceau, 'operator');
    const asked = unknown();
    await signUp.ask(asked);
    await sceau.app.get(Staff, { strict: false }).suspend(systemContext(), id);
    const first = await answerTo(unknown());
    expect(first).toMatchObject({ status: 202 });
    for (const email of [asked, known, staff, suspended, known.toUpperCase(), unknown()])
      expect(await answerTo(email)).toEqual(first);
  });

  it('leaves the same behind, whether or not the address is known: one sealed row and one job, and no entry', async () => {
    const { email: known } = await signUpCandidate(sceau);
    await signUp.atRest();
    const left: unknown[] = [];
    for (const email of [unknown(), known]) {
      // No worker looks into it before it was looked at.
      left.push(await signUp.leftBehind(() => answerTo(email)));
    }
    expect(left[0]).toEqual({ requests: 1, jobs: 1, entries: 0, accounts: 0, tickets: 0, mails: 0 });
    expect(left[1]).toEqual(left[0]);
  });

  it('tells the owner of a known address by mail, and sends a free one a link', async () => {
    const { email } = await signUpCandidate(sceau);
    const free = unknown();
    await signUp.ask(email);
    expect((await sceau.mailTo(email, /déjà un compte/)).text).not.toMatch(/^[\w-]{43}$/m);
    expect(await signUp.link(free)).toMatch(/^[\w-]{43}$/);
  });

  it('counts with the password that the confirmed link was asked for with, and no other', async () => {
    const email = unknown();
    const theirs = await signUp.link(email, 'le mot de passe du pirate');
    const own = await signUp.link(email, 'le mot de passe du propriétaire');
    expect((await signUp.confirm(theirs)).status).toBe(401);
    const authenticator = await signUp.enrol(String(record((await signUp.confirm(own)).body)['ticket']));
    const enter = async (password: string) => {
      sceau.clock.advance({ minutes: 1 });
      const code = await authenticator.code(sceau.clock.now().getTime());
      const body = { email, password, code, transport: 'token' };
      return (await new PersonClient(sceau.url).request('/v1/sessions', { body })).status;
    };
    expect(await enter('le mot de passe du pirate')).toBe(401);
    expect(await enter('le mot de passe du propriétaire')).toBe(201);
  });

  it('counts for nothing with another waiting password put in its place', async () => {
    const email = unknown();
    await signUp.link(email, 'le mot de passe du pirate');
    const pending =
      'SELECT account_id, content FROM identity.pending_password ORDER BY account_id DESC LIMIT 1';
    const [old] = await sceau.database.query<{ account_id: string; content: Buffer }>(pending);
    const own = await signUp.link(email, 'le mot de passe du propriétaire');
    await sceau.database.query('UPDATE identity.pending_password SET content = $2 WHERE account_id = $1', [
      old?.account_id,
      old?.content,
    ]);
    expect((await signUp.confirm(own)).status).toBe(401);
  });

  it('can begin again after the address was confirmed and no authenticator enrolled', async () => {
    const email = unknown();
    const ticket = String(record((await signUp.confirm(await signUp.link(email))).body)['ticket']);
    sceau.clock.advance({ minutes: 61 });
    const late = await new PersonClient(sceau.url).request('/v1/totp/enrolments', { body: { ticket } });
    expect(late.status).toBe(401);
    const again = await signUp.confirm(await signUp.link(email));
    expect(again.status).toBe(200);
    await expect(signUp.enrol(String(record(again.body)['ticket']))).resolves.toBeDefined();
  });

  it('asked for twice at the same moment makes one account, whose last link works', async () => {
    const email = unknown();
    await Promise.all([signUp.ask(email), signUp.ask(email)]);
    await signUp.atRest();
    const index = await sceau.database.query(
      `SELECT count(*)::integer AS tickets FROM identity.ticket t JOIN identity.account a ON a.id = t.account_id
       WHERE t.purpose = 'confirmation' AND a.id = (SELECT id FROM identity.account ORDER BY created_at DESC, id DESC LIMIT 1)`,
    );
    expect(index).toEqual([{ tickets: 1 }]);
    expect((await signUp.confirm(await signUp.link(email))).status).toBe(200);
  });

  it('sends one address three mails an hour for one network and nine for all, and records what it did not send', async () => {
    const email = unknown();
    const ask = async (times: number, origin: string) => {
      for (let asked = 0; asked < times; asked += 1) await signUp.ask(email, { origin });
      await signUp.atRest();
    };
    await ask(5, '198.51.100.7');
    expect(await signUp.mailsTo(email)).toHaveLength(3);
    // Whose it is asks from elsewhere.
    await ask(1, '192.0.2.7');
    expect(await signUp.mailsTo(email)).toHaveLength(4);
    for (const origin of ['203.0.113.7', '198.18.0.7', '198.18.1.7', '198.18.2.7']) await ask(3, origin);
    expect(await signUp.mailsTo(email)).toHaveLength(9);
    const outcomes = await sceau.database.query(
      `SELECT outcome, reason, count(*)::integer AS count FROM audit.entry
       WHERE action = 'account.registered' AND resource_id = (SELECT id::text FROM identity.account ORDER BY created_at DESC, id DESC LIMIT 1)
       GROUP BY 1, 2 ORDER BY 1`,
    );
    expect(outcomes).toEqual([
      { outcome: 'allowed', reason: null, count: 9 },
      { outcome: 'refused', reason: 'too_many_mails', count: 9 },
    ]);
  });

  it('ends, recorded, at an account that does not stand', async () => {
    const { email } = await signUpCandidate(sceau);
    await sceau.database.query(
      `UPDATE identity.account SET locale = 'en' WHERE id = (SELECT id FROM identity.account ORDER BY created_at DESC, id DESC LIMIT 1)`,
    );
    await signUp.atRest();
    const before = await signUp.mailsTo(email);
    await signUp.ask(email);
    await signUp.atRest();
    expect(await signUp.mailsTo(email)).toEqual(before);
    const reasons = `SELECT reason FROM audit.entry WHERE action = 'account.registered' AND reason = 'address_taken'`;
    expect(await sceau.database.query(reasons)).toHaveLength(1);
  });

  it('is not looked into any more once it is a day old', async () => {
    const email = unknown();
    await signUp.whileHeld(async () => {
      await signUp.ask(email);
      sceau.clock.advance({ hours: 25 });
    });
    await signUp.atRest();
    expect(await signUp.mailsTo(email)).toEqual([]);
    expect(await sceau.database.query('SELECT FROM identity.registration_request')).toEqual([]);
  });
});
