import { createHash, randomBytes } from 'node:crypto';
import { newId } from '../../../src/kernel/ids.js';
import { record, signUpCandidate } from '../../support/actors.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { PersonClient } from '../../../tools/client/person.ts';
import { entriesOf } from './fixture.js';
import { copyRow, plant, refusalsOf, type Row } from '../sealing/record-rows.js';

const TICKET = 'identity.ticket';

/** A writer to the database with every right in it, against one-time tokens. */
describe('a ticket’s row', () => {
  let sceau: Sceau;
  let token: string;
  let row: Row;

  beforeAll(async () => {
    sceau = await startSceau();
  }, 60_000);

  afterAll(() => sceau.stop());

  beforeEach(async () => {
    const email = `candidat.${randomBytes(6).toString('hex')}@example.fr`;
    const body = { email, password: 'quatre chevaux bleus sur la digue', locale: 'fr' };
    await new PersonClient(sceau.url).request('/v1/registrations', { body });
    token = /^[\w-]{40,}$/m.exec((await sceau.mailTo(email)).text)?.[0] ?? '';
    row = await rowOf(token);
  });

  async function rowOf(secret: string): Promise<Row> {
    const hash = createHash('sha256').update(secret).digest();
    const rows = await sceau.database.query<{ id: string }>(
      'SELECT id::text FROM identity.ticket WHERE token_hash = $1',
      [hash],
    );
    return copyRow(sceau.database, TICKET, rows[0]?.id ?? '');
  }

  async function confirm(secret = token): Promise<number> {
    const answer = await new PersonClient(sceau.url).request('/v1/registrations/confirm', {
      body: { token: secret },
    });
    return answer.status;
  }

  const refusals = (id = String(row['id'])): Promise<readonly string[]> => refusalsOf(sceau.database, id);

  const set = (column: string, value: string): Promise<unknown> =>
    sceau.database.query(`UPDATE identity.ticket SET ${column} = ${value} WHERE id = $1`, [row['id']]);

  it('is good once, as it was written', async () => {
    expect(await confirm()).toBe(200);
    expect(await confirm()).toBe(401);
    expect(await refusals()).toEqual([]);
  });

  it('that was changed is alerted with the request that brought it', async () => {
    await set('expires_at', "expires_at + interval '1 hour'");
    const answer = await new PersonClient(sceau.url).request('/v1/registrations/confirm', {
      body: { token },
    });
    expect(answer.status).toBe(401);
    const alert = (await entriesOf(sceau, 'security_record.refused')).find(
      ({ resource }) => resource.id === row['id'],
    );
    expect(alert).toMatchObject({ requestId: answer.headers.get('x-request-id'), reason: 'forged' });
  });

  it('of any number of uses at once lets one succeed', async () => {
    const answers = await Promise.all(Array.from({ length: 6 }, () => confirm()));
    expect(answers.toSorted((a, b) => a - b)).toEqual([200, 401, 401, 401, 401, 401]);
    expect(await refusals()).toEqual([]);
  });

  it('is refused when it was planted', async () => {
    const secret = randomBytes(32).toString('base64url');
    const hash = `\\x${createHash('sha256').update(secret).digest('hex')}`;
    const id: string = newId<'ticket'>(Date.now());
    await plant(sceau.database, TICKET, { ...row, id, token_hash: hash });
    expect(await confirm(secret)).toBe(401);
    expect(await refusals(id)).toEqual(['refused: forged']);
  });

  it('is refused for another account', async () => {
    await signUpCandidate(sceau);
    await set('account_id', '(SELECT id FROM identity.account ORDER BY created_at DESC LIMIT 1)');
    expect(await confirm()).toBe(401);
    expect(await refusals()).toEqual(['refused: forged']);
  });

  it('is refused for another purpose', async () => {
    await set('purpose', `'enrolment'`);
    const body = { ticket: token };
    const { status, body: answer } = await new PersonClient(sceau.url).request('/v1/totp/enrolments', {
      body,
    });
    expect([status, record(answer)['code']]).toEqual([401, 'authentication_failed']);
    expect(await refusals()).toEqual(['refused: forged']);
  });

  it('is over in time, also when its end is moved', async () => {
    await set('expires_at', `expires_at + interval '2 days'`);
    expect(await confirm()).toBe(401);
    expect(await refusals()).toEqual(['refused: forged']);
    await set('expires_at', `expires_at - interval '2 days'`);
    sceau.clock.advance({ hours: 24 });
    expect(await confirm()).toBe(401);
    expect(await refusals()).toEqual(['refused: forged']);
  });

  it('is refused once its account has gone on to another epoch', async () => {
    await set('credential_epoch', 'credential_epoch + 1');
    expect(await confirm()).toBe(401);
    expect(await refusals()).toEqual(['refused: forged']);
    await set('credential_epoch', 'credential_epoch - 1');
    await sceau.database.query('UPDATE identity.account SET credential_epoch = 1 WHERE id = $1', [
      row['account_id'],
    ]);
    expect(await confirm()).toBe(401);
    expect(await refusals()).toEqual(['refused: forged', 'refused: superseded']);
  });
});
