import type { AccountId } from '../../../src/kernel/ids.js';
import { AccountLookup } from '../../../src/modules/identity/accounts/account-lookup.js';
import { hashToken } from '../../../src/modules/identity/opaque-token.js';
import { IdentityStatements } from '../../../src/modules/identity/persistence/identity-statements.js';
import { SessionCheck } from '../../../src/modules/identity/sessions/session-check.js';
import { Database } from '../../../src/platform/database/database.js';
import { IndexKeys, SubjectKeys } from '../../../src/sealing/index.js';
import { type CandidateActor, record, signUpCandidate } from '../../support/actors.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { PersonClient } from '../../../tools/client/person.ts';
import { changeAccount, codeOf, newestAccount, service, trySignIn } from './fixture.js';

/** What is looked at in one statement is confirmed only where nothing is out of the ordinary. */
describe('a look at', () => {
  let sceau: Sceau;
  let person: CandidateActor;
  let id: AccountId;
  let token: string;

  beforeAll(async () => {
    sceau = await startSceau();
  }, 60_000);

  afterAll(() => sceau.stop());

  beforeEach(async () => {
    person = await signUpCandidate(sceau);
    id = await newestAccount(sceau);
    sceau.clock.advance({ minutes: 1 });
    const { email, password } = person;
    const body = { email, password, code: await codeOf(sceau, person), transport: 'token' };
    token = String(
      record((await new PersonClient(sceau.url).request('/v1/sessions', { body })).body)['token'],
    );
  });

  const kindOf = async (presented = token): Promise<string> =>
    (await service(sceau, SessionCheck).find(hashToken(presented))).kind;
  const lookUp = (email = person.email) => service(sceau, AccountLookup).find(email);

  async function ask(): Promise<number> {
    const client = new PersonClient(sceau.url);
    client.useToken(token);
    return (await client.request('/v1/me/sessions')).status;
  }

  /** As a process leaves it that dies before it has committed what the key store expects. */
  async function leaveChangeUnderWay(): Promise<void> {
    let transaction: unknown;
    const change = service(sceau, Database).run({ kind: 'identity' }, async (manager) => {
      transaction = record((await manager.query('SELECT pg_current_xact_id()::text AS id'))[0])['id'];
      throw new Error('died');
    });
    await expect(change).rejects.toThrow('died');
    await sceau.database.query(
      `UPDATE keys.record_revision SET begun = begun + 1, transaction = $2
       WHERE kind = 'identity_account' AND record_id = $1`,
      [id, transaction],
    );
  }

  it('a session confirms it, with the role that is sealed', async () => {
    expect(await service(sceau, SessionCheck).find(hashToken(token))).toMatchObject({
      kind: 'standing',
      session: { accountId: id, transport: 'token' },
      role: 'candidate',
    });
  });

  it('a token that opens nothing finds nothing', async () => {
    expect(await kindOf('x'.repeat(43))).toBe('none');
  });

  it.each([
    [
      'a moved time of the second factor',
      `UPDATE identity.session SET second_factor_at = now() + interval '1 day' WHERE account_id = $1`,
    ],
    ['an account’s other status', `UPDATE identity.account SET status = 'suspended' WHERE id = $1`],
    ['an account’s other language', `UPDATE identity.account SET locale = 'en' WHERE id = $1`],
    [
      'an account’s other epoch',
      'UPDATE identity.account SET credential_epoch = credential_epoch + 1 WHERE id = $1',
    ],
    [
      'an old revision',
      `UPDATE keys.record_revision SET begun = begun + 1, settled = begun + 1 WHERE kind = 'identity_account' AND record_id = $1`,
    ],
    [
      'a revision that nobody knows',
      `DELETE FROM keys.record_revision WHERE kind = 'identity_account' AND record_id = $1`,
    ],
    ['a key that is gone', `SELECT keys.destroy_subject($1, 'erased', now())`],
  ])('a session with %s is unsure, and nobody is let in', async (_, statement) => {
    await sceau.database.query(statement, [id]);
    // As once the process has heard of the key.
    service(sceau, SubjectKeys).forget(id);
    expect(await kindOf()).toBe('unsure');
    expect(await ask()).toBe(401);
  });

  it('either is unsure while a change is under way, whose outcome is then found out', async () => {
    await leaveChangeUnderWay();
    expect([await kindOf(), (await lookUp()).kind]).toEqual(['unsure', 'unsure']);
    expect(await ask()).toBe(200);
    expect([await kindOf(), (await lookUp()).kind]).toEqual(['standing', 'account']);
  });

  it('an address finds its account in any spelling, and none for another', async () => {
    expect(await lookUp(` ${person.email.toUpperCase()}`)).toMatchObject({
      kind: 'account',
      account: { id },
    });
    expect(await lookUp('personne@example.fr')).toEqual({ kind: 'none' });
  });

  it('an address whose index leads to somebody else’s account is unsure', async () => {
    const other = await signUpCandidate(sceau);
    await sceau.database.query(
      `UPDATE identity.account SET email_index = sha256(email_index) WHERE id = $1`,
      [id],
    );
    const [index] = await sceau.database.query<{ index: Buffer }>(
      'SELECT email_index AS index FROM identity.account ORDER BY created_at DESC LIMIT 1',
    );
    await sceau.database.query(
      'UPDATE identity.account SET email_index = sha256(email_index) WHERE email_index = $1',
      [index?.index],
    );
    await sceau.database.query('UPDATE identity.account SET email_index = $2 WHERE id = $1', [
      id,
      index?.index,
    ]);
    expect(await lookUp(other.email)).toEqual({ kind: 'unsure' });
    expect(
      (
        await trySignIn(sceau, {
          email: other.email,
          password: person.password,
          code: await codeOf(sceau, person),
        })
      ).status,
    ).toBe(401);
  });

  it('an address is unsure once after the index’s key has changed, or is gone', async () => {
    await service(sceau, IndexKeys).renew('email', 2);
    await sceau.database.query(
      `UPDATE platform.blind_index SET phase = 'filling', next_version = 2 WHERE name = 'email'`,
    );
    expect((await lookUp()).kind).toBe('unsure');
    sceau.clock.advance({ minutes: 1 });
    const again = await trySignIn(sceau, {
      email: person.email,
      password: person.password,
      code: await codeOf(sceau, person),
    });
    expect([again.status, (await lookUp()).kind]).toEqual([201, 'account']);
  });

  it('either is on behalf of sign-in from the first statement of a connection on', async () => {
    const scope = { name: 'scope', text: `SELECT current_setting('sceau.scope') AS scope` };
    const seen = await Promise.all(
      Array.from({ length: 8 }, () => service(sceau, IdentityStatements).run(scope, [])),
    );
    expect(new Set(seen.flat().map((row) => JSON.stringify(row)))).toEqual(new Set(['{"scope":"identity"}']));
  });

  it('an account that has changed is looked at as it is now', async () => {
    await changeAccount(sceau, id, { locale: 'en' });
    expect(await lookUp()).toMatchObject({ kind: 'account', account: { locale: 'en' } });
  });
});
