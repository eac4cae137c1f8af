import { randomBytes } from 'node:crypto';
import { spyOn } from 'jest-mock';
import { type AccountId, newId, parseId } from '../../../src/kernel/ids.js';
import { Accounts } from '../../../src/modules/identity/accounts/accounts.js';
import { PasswordHashing } from '../../../src/modules/identity/passwords/password-hashing.js';
import { PASSWORD_HASH, ROLE } from '../../../src/modules/identity/persistence/places.js';
import { Database } from '../../../src/platform/database/database.js';
import { Logger } from '../../../src/platform/logging/logger.js';
import { BlindIndex, Sealer } from '../../../src/sealing/index.js';
import { type CandidateActor, record, signUpCandidate, systemContext } from '../../support/actors.js';
import { comeInAsStaff } from '../../support/staff.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { Authenticator } from '../../../tools/client/authenticator.ts';
import { PersonClient } from '../../../tools/client/person.ts';
import { copyRow, plant, putBack, refusalsOf, type Row } from './record-rows.js';

const ACCOUNT = 'identity.account';

/** A writer to the database with every right in it, against accounts. */
describe('an account’s record', () => {
  let sceau: Sceau;
  let person: CandidateActor;
  let id: AccountId;

  beforeAll(async () => {
    sceau = await startSceau();
  }, 60_000);

  afterAll(() => sceau.stop());

  beforeEach(async () => {
    person = await signUpCandidate(sceau);
    id = await newestAccount();
    // A code is good once, and the one of this step was spent on enrolling.
    sceau.clock.advance({ minutes: 1 });
  });

  const service = <T>(type: abstract new (...args: never[]) => T): T =>
    sceau.app.get(type, { strict: false });
  const copy = (): Promise<Row> => copyRow(sceau.database, ACCOUNT, id);
  const restore = (row: Row): Promise<void> => putBack(sceau.database, ACCOUNT, row);
  const refusals = (account: string = id): Promise<readonly string[]> => refusalsOf(sceau.database, account);

  /** As the accounts' index has an address. */
  async function indexOf(address: string): Promise<string> {
    const { columns } = await service(Database).run({ kind: 'identity' }, (manager) =>
      service(BlindIndex).email(manager, address),
    );
    return `\\x${columns.emailIndex.toString('hex')}`;
  }

  async function newestAccount(): Promise<AccountId> {
    const rows = await sceau.database.query<{ id: string }>(
      'SELECT id::text FROM identity.account ORDER BY created_at DESC, id DESC LIMIT 1',
    );
    const account = parseId<AccountId>(rows[0]?.id ?? '');
    if (account === undefined) throw new Error('There is no account.');
    return account;
  }

  async function signIn(password = person.password, factor?: object) {
    const code = await person.authenticator.code(sceau.clock.now().getTime());
    const body = { email: person.email, password, ...(factor ?? { code }), transport: 'token' };
    const { status, body: answer } = await new PersonClient(sceau.url).request('/v1/sessions', { body });
    sceau.clock.advance({ minutes: 1 });
    return { status, code: record(answer)['code'] };
  }

  const ownSessions = async (): Promise<number> => (await person.client.request('/v1/me/sessions')).status;

  /** As the rooms above the accounts do it. */
  async function changePassword(password: string): Promise<void> {
    const hash = await service(PasswordHashing).hash(password);
    const passwordHash = await service(Sealer).seal(PASSWORD_HASH, { subject: id, row: id }, hash);
    await service(Database).run({ kind: 'identity' }, (manager) =>
      service(Accounts).change(systemContext(), manager, id, () => ({ passwordHash })),
    );
  }

  it('stands as it was written, through sign-up, sign-in and changes', async () => {
    expect(await signIn()).toMatchObject({ status: 201 });
    await changePassword('cinq moutons verts sous la pluie');
    expect(await signIn('cinq moutons verts sous la pluie')).toMatchObject({ status: 201 });
    expect(await signIn()).toEqual({ status: 401, code: 'authentication_failed' });
    expect(await refusals()).toEqual([]);
  });

  it('is refused with an old password put back whole, and stands again as it was last written', async () => {
    const old = await copy();
    await changePassword('cinq moutons verts sous la pluie');
    const present = await copy();
    await restore(old);
    expect(await signIn()).toEqual({ status: 401, code: 'authentication_failed' });
    expect(await signIn('cinq moutons verts sous la pluie')).toEqual({
      status: 401,
      code: 'authentication_failed',
    });
    expect(await ownSessions()).toBe(401);
    expect(await refusals()).toEqual(Array.from({ length: 3 }, () => 'refused: superseded'));
    await restore(present);
    expect(await signIn('cinq moutons verts sous la pluie')).toMatchObject({ status: 201 });
    expect(await ownSessions()).toBe(200);
  });

  it('is told to the log when it is refused, without a name', async () => {
    const warn = spyOn(service(Logger), 'warn').mockImplementation(() => undefined);
    await sceau.database.query(`UPDATE identity.account SET locale = 'en' WHERE id = $1`, [id]);
    await signIn();
    expect(warn.mock.calls).toEqual([
      [
        'security record refused',
        { kind: 'identity_account', reason: 'forged', requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
      ],
    ]);
    warn.mockRestore();
  });

  it('is refused with recovery codes put back that were used', async () => {
    const old = await copy();
    const [first = '', second = ''] = person.recoveryCodes;
    expect(await signIn(person.password, { recoveryCode: first })).toMatchObject({ status: 201 });
    await restore(old);
    for (const recoveryCode of [first, second]) {
      expect((await signIn(person.password, { recoveryCode })).status).toBe(401);
    }
    expect(await refusals()).toEqual(['refused: superseded', 'refused: superseded']);
  });

  it('is refused with an authenticator put back that was replaced before the account was active', async () => {
    const email = `candidat.${randomBytes(6).toString('hex')}@example.fr`;
    const client = new PersonClient(sceau.url);
    const post = async (path: string, body: object) => client.request(path, { body });
    await post('/v1/registrations', { email, password: person.password, locale: 'fr' });
    const token = /^[\w-]{40,}$/m.exec((await sceau.mailTo(email)).text)?.[0];
    const { ticket } = record((await post('/v1/registrations/confirm', { token })).body);
    const stolen = record((await post('/v1/totp/enrolments', { ticket })).body);
    const account = await newestAccount();
    const old = await copyRow(sceau.database, ACCOUNT, account);
    await post('/v1/totp/enrolments', { ticket });
    await restore(old);
    const code = await new Authenticator(String(stolen['secret'])).code(sceau.clock.now().getTime());
    expect((await post('/v1/totp/enrolments/confirm', { ticket, code, transport: 'token' })).status).toBe(
      401,
    );
    expect((await post('/v1/totp/enrolments', { ticket })).status).toBe(401);
    expect(await refusals(account)).toEqual(['refused: superseded', 'refused: superseded']);
  });

  it('is refused with an old role put back', async () => {
    const { id: account, client, email, password, authenticator } = await comeInAsStaff(sceau, 'auditor');
    const enter = async () => {
      const code = await authenticator.code(sceau.clock.now().getTime());
      return client.request('/v1/sessions', { body: { email, password, code, transport: 'token' } });
    };
    const events = async () => (await client.request('/v1/audit/events')).status;
    expect(await events()).toBe(200);
    const old = await copyRow(sceau.database, ACCOUNT, account);
    const role = await service(Sealer).seal(ROLE, { subject: account, row: account }, 'operator');
    await service(Database).run({ kind: 'identity' }, (manager) =>
      service(Accounts).change(systemContext(), manager, account, () => ({ role })),
    );
    expect(await events()).toBe(403);
    await restore(old);
    expect(await events()).toBe(401);
    sceau.clock.advance({ minutes: 1 });
    expect((await enter()).status).toBe(401);
    expect(await refusals(account)).toEqual(['refused: superseded', 'refused: superseded']);
  });

  it.each([
    ['locale', 'UPDATE identity.account SET locale = $2 WHERE id = $1', 'en'],
    ['created_at', 'UPDATE identity.account SET created_at = $2 WHERE id = $1', '2020-01-01T00:00:00Z'],
    ['revision', 'UPDATE identity.account SET revision = revision + $2::integer WHERE id = $1', '1'],
    [
      'status and password hash',
      `UPDATE identity.account SET status = 'active', password_hash = email, locale = $2 WHERE id = $1`,
      'fr',
    ],
  ])('is refused with another %s', async (_, statement, value) => {
    await sceau.database.query(statement, [id, value]);
    expect(await signIn()).toEqual({ status: 401, code: 'authentication_failed' });
    expect(await ownSessions()).toBe(401);
    expect(await refusals()).toEqual(['refused: forged', 'refused: forged']);
  });

  it('is refused with the MAC and revision of another account', async () => {
    const other = await copy();
    await signUpCandidate(sceau);
    const another = await newestAccount();
    const row = await copyRow(sceau.database, ACCOUNT, another);
    await restore({ ...row, mac: other['mac'], revision: other['revision'] });
    await restore({ ...other, mac: row['mac'], revision: row['revision'] });
    expect((await signIn()).status).toBe(401);
    expect(await refusals()).toEqual(['refused: forged']);
  });

  it('is refused where nobody has registered it', async () => {
    const email = 'intrus@example.fr';
    const planted: string = newId<'account'>(Date.now());
    const copied = { ...(await copy()), id: planted, email_index: await indexOf(email) };
    await plant(sceau.database, ACCOUNT, copied);
    expect((await signIn(person.password)).status).toBe(201);
    person = { ...person, email };
    expect(await signIn()).toEqual({ status: 401, code: 'authentication_failed' });
    expect(await refusals(planted)).toEqual(['refused: forged']);
  });

  it('is not found by the address of somebody else that it is indexed under', async () => {
    await sceau.database.query('UPDATE identity.account SET email_index = $2 WHERE id = $1', [
      id,
      await indexOf('voisin@example.fr'),
    ]);
    expect((await signIn()).status).toBe(401);
    person = { ...person, email: 'voisin@example.fr' };
    expect(await signIn()).toEqual({ status: 401, code: 'authentication_failed' });
    expect(await refusals()).toEqual(['refused: forged']);
  });

  it('is refused when the key store has never heard of it, or is said to be beyond it', async () => {
    const forget = 'DELETE FROM keys.record_revision WHERE record_id = $1 RETURNING kind, settled, begun';
    await sceau.database.query(forget, [id]);
    expect((await signIn()).status).toBe(401);
    await sceau.database.query(
      `INSERT INTO keys.record_revision (kind, record_id, settled, begun) VALUES ('identity_account', $1, 90, 90)`,
      [id],
    );
    expect((await signIn()).status).toBe(401);
    expect(await refusals()).toEqual(['refused: forged', 'refused: superseded']);
    await expect(
      sceau.database.query('UPDATE keys.record_revision SET settled = 1 WHERE record_id = $1', [id]),
    ).rejects.toThrow('a revision never falls');
  });

  it('stands whatever number of changes and readings come at once', async () => {
    const [used = '', ...left] = person.recoveryCodes;
    const answers = await Promise.all([
      ...[used, used, used, ...left.slice(0, 3)].map((recoveryCode) =>
        signIn(person.password, { recoveryCode }),
      ),
      ...Array.from({ length: 8 }, () => changePassword(person.password).then(() => ({ status: 0 }))),
      ...Array.from({ length: 8 }, () => ownSessions().then((status) => ({ status }))),
    ]);
    // Of one code's three uses one succeeds, and so does each other code; no reading may fail.
    expect(
      answers
        .slice(0, 3)
        .map(({ status }) => status)
        .toSorted((one, other) => one - other),
    ).toEqual([201, 401, 401]);
    expect(answers.slice(3, 6).map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(await refusals()).toEqual([]);
    expect(answers.slice(-8).map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 200));
    expect((await signIn()).status).toBe(201);
  });
});
