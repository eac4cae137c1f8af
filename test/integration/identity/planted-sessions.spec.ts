import { createHash, randomBytes } from 'node:crypto';
import { newId } from '../../../src/kernel/ids.js';
import { type CandidateActor, record, signUpCandidate } from '../../support/actors.js';
import { signInStaff } from '../../support/staff.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { PersonClient } from '../../../tools/client/person.ts';
import { copyRow, plant, putBack, refusalsOf, type Row } from '../sealing/record-rows.js';

const SESSION = 'identity.session';

/** A writer to the database with every right in it, against sessions. */
describe('a session’s row', () => {
  let sceau: Sceau;
  let person: CandidateActor;
  let id: string;

  beforeAll(async () => {
    sceau = await startSceau();
  }, 60_000);

  afterAll(() => sceau.stop());

  beforeEach(async () => {
    person = await signUpCandidate(sceau);
    id = await current(person.client);
  });

  const ask = async (client: PersonClient): Promise<number> =>
    (await client.request('/v1/me/sessions')).status;

  async function current(client: PersonClient): Promise<string> {
    const { items } = record((await client.request('/v1/me/sessions')).body);
    const sessions = Array.isArray(items) ? items.map(record) : [];
    return String(sessions.find((session) => session['current'] === true)?.['id']);
  }

  const copy = (session = id): Promise<Row> => copyRow(sceau.database, SESSION, session);
  const refusals = (session = id): Promise<readonly string[]> => refusalsOf(sceau.database, session);

  /** Signs in once more. A code is good once, so time passes first. */
  async function signIn(): Promise<{ client: PersonClient; token: string }> {
    sceau.clock.advance({ minutes: 1 });
    const client = new PersonClient(sceau.url);
    const code = await person.authenticator.code(sceau.clock.now().getTime());
    const { email, password } = person;
    const { body } = await client.request('/v1/sessions', {
      body: { email, password, code, transport: 'token' },
    });
    const token = String(record(body)['token']);
    client.useToken(token);
    return { client, token };
  }

  async function stepUp(client: PersonClient): Promise<string> {
    sceau.clock.advance({ minutes: 1 });
    const code = await person.authenticator.code(sceau.clock.now().getTime());
    const { status, body } = await client.request('/v1/sessions/step-up', { body: { code } });
    expect(status).toBe(200);
    return String(record(body)['token']);
  }

  it('counts as it was written', async () => {
    expect(await ask(person.client)).toBe(200);
    expect(await refusals()).toEqual([]);
  });

  it('is refused with a token that the writer has chosen, and planted for any account', async () => {
    const token = randomBytes(32).toString('base64url');
    const hash = `\\x${createHash('sha256').update(token).digest('hex')}`;
    const planted: string = newId<'session'>(Date.now());
    await plant(sceau.database, SESSION, { ...(await copy()), id: planted, token_hash: hash });
    const thief = new PersonClient(sceau.url);
    thief.useToken(token);
    expect(await ask(thief)).toBe(401);
    expect(await refusals(planted)).toEqual(['refused: forged']);
    await sceau.database.query('UPDATE identity.session SET token_hash = $2 WHERE id = $1', [
      id,
      randomBytes(32),
    ]);
    await sceau.database.query('DELETE FROM identity.session WHERE id = $1', [planted]);
    await sceau.database.query('UPDATE identity.session SET token_hash = $2 WHERE id = $1', [id, hash]);
    expect(await ask(thief)).toBe(401);
    expect(await refusals()).toEqual(['refused: forged']);
  });

  it('is refused as the session of another account, an auditor’s included', async () => {
    const auditor = await signInStaff(sceau, 'auditor');
    const { account_id } = await copy(await current(auditor));
    await sceau.database.query('UPDATE identity.session SET account_id = $2 WHERE id = $1', [id, account_id]);
    expect((await person.client.request('/v1/audit/events')).status).toBe(401);
    expect(await refusals()).toEqual(['refused: forged']);
  });

  it.each([
    ['second_factor_at', `second_factor_at + interval '1 hour'`],
    ['created_at', `created_at + interval '1 hour'`],
    ['transport', `'cookie'`],
    ['limited_to', `'totp_enrolment'`],
    ['credential_epoch', 'credential_epoch + 1'],
    ['revision', 'revision + 1'],
    ['mac', `sha256(mac)`],
  ])('is refused with another %s', async (column, value) => {
    await sceau.database.query(`UPDATE identity.session SET ${column} = ${value} WHERE id = $1`, [id]);
    expect(await ask(person.client)).toBe(401);
    expect(await refusals()).toEqual(['refused: forged']);
  });

  it('stays ended when it is put back, after it was ended by itself', async () => {
    const old = await copy();
    expect((await person.client.request(`/v1/me/sessions/${id}`, { method: 'DELETE' })).status).toBe(204);
    expect(await ask(person.client)).toBe(401);
    expect(await refusals()).toEqual([]);
    await plant(sceau.database, SESSION, old);
    expect(await ask(person.client)).toBe(401);
    expect(await refusals()).toEqual(['refused: superseded']);
  });

  it('stays ended when it is put back, after all were ended', async () => {
    const old = await copy();
    const other = await signIn();
    expect((await other.client.request('/v1/me/sessions', { method: 'DELETE' })).status).toBe(204);
    await plant(sceau.database, SESSION, old);
    expect(await ask(person.client)).toBe(401);
    expect(await refusals()).toEqual(['refused: superseded']);
    expect(await ask((await signIn()).client)).toBe(200);
  });

  it('keeps its new token when the row with the old one is put back', async () => {
    const before = await copy();
    const token = await stepUp(person.client);
    const after = await copy();
    expect(await ask(person.client)).toBe(401);
    await putBack(sceau.database, SESSION, before);
    expect(await ask(person.client)).toBe(401);
    expect(await refusals()).toEqual(['refused: superseded']);
    await putBack(sceau.database, SESSION, after);
    person.client.useToken(token);
    expect(await ask(person.client)).toBe(200);
  });

  it('cannot be revived by putting the account back as it was', async () => {
    const [old, account] = [await copy(), (await copy())['account_id']];
    const then = await copyRow(sceau.database, 'identity.account', String(account));
    await person.client.request('/v1/me/sessions', { method: 'DELETE' });
    await putBack(sceau.database, 'identity.account', then);
    await plant(sceau.database, SESSION, old);
    expect(await ask(person.client)).toBe(401);
    expect(await refusals(String(account))).toEqual(['refused: superseded']);
  });

  it('is not shown among one’s own when it was planted', async () => {
    const row = { ...(await copy()), id: newId<'session'>(Date.now()), token_hash: `\\x${'ab'.repeat(32)}` };
    await plant(sceau.database, SESSION, row);
    const { items } = record((await person.client.request('/v1/me/sessions')).body);
    expect(items).toHaveLength(1);
  });
});
