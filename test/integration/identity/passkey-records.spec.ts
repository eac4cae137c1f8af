import { type Id, newId } from '../../../src/kernel/ids.js';
import { KeptRecords } from '../../../src/modules/security-records/index.js';
import { SubjectRotation } from '../../../src/sealing/index.js';
import { type CandidateActor, record, signUpCandidate, systemContext } from '../../support/actors.js';
import { addPasskey, passkeyOptions } from '../../support/passkeys.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import type { Deviation, SoftwareAuthenticator } from '../../support/software-authenticator.js';
import { PersonClient } from '../../../tools/client/person.ts';
import { copyRow, plant, putBack, refusalsOf, type Row } from '../sealing/record-rows.js';

const PASSKEY = 'identity.passkey';

/** A writer to the database with every right in it, and a thief of authenticators, against passkeys. */
describe('a passkey’s record', () => {
  let sceau: Sceau;
  let person: CandidateActor;
  let id: string;
  let authenticator: SoftwareAuthenticator;

  beforeAll(async () => {
    sceau = await startSceau();
  }, 60_000);

  afterAll(() => sceau.stop());

  afterEach(() => sceau.database.query('DELETE FROM identity.passkey'));

  beforeEach(async () => {
    await sceau.database.query('DELETE FROM platform.rate_limit');
    person = await signUpCandidate(sceau);
    ({ id, authenticator } = await addPasskey(person.client));
  });

  const copy = (passkey = id): Promise<Row> => copyRow(sceau.database, PASSKEY, passkey);
  const refusals = (passkey = id): Promise<readonly string[]> => refusalsOf(sceau.database, passkey);

  async function signIn(deviation: Deviation = {}, by = authenticator, who = person): Promise<number> {
    const anyone = new PersonClient(sceau.url);
    const passkey = by.get(await passkeyOptions(anyone, 'sign_in'), deviation);
    const { email, password } = who;
    const body = { email, password, passkey, transport: 'token' };
    return (await anyone.request('/v1/sessions', { body })).status;
  }

  it.each([
    ['counter', 'UPDATE identity.passkey SET counter = $2 WHERE id = $1', '0'],
    ['created_at', 'UPDATE identity.passkey SET created_at = $2 WHERE id = $1', '2020-01-01T00:00:00Z'],
    ['last_used_at', 'UPDATE identity.passkey SET last_used_at = $2 WHERE id = $1', '2020-01-01T00:00:00Z'],
    ['revision', 'UPDATE identity.passkey SET revision = revision + $2::integer WHERE id = $1', '1'],
  ])('is refused and alerted with another %s', async (_, statement, value) => {
    await sceau.database.query(statement, [id, value]);
    expect(await signIn()).toBe(401);
    expect(await refusals()).toEqual(['refused: forged']);
    expect((await person.client.request('/v1/me/passkeys')).body).toMatchObject({ items: [] });
  });

  it('is refused when it is moved to another account', async () => {
    const victim = await signUpCandidate(sceau);
    await sceau.database.query(
      `UPDATE identity.passkey SET account_id = (SELECT id FROM identity.account ORDER BY created_at DESC, id DESC LIMIT 1)
       WHERE id = $1`,
      [id],
    );
    // Its credential is sealed for the first account, so it is not even read.
    expect(await signIn({ userHandle: '' }, authenticator, victim)).toBe(422);
    expect(await signIn({}, authenticator, victim)).toBe(401);
    expect(await signIn()).toBe(401);
    expect((await victim.client.request('/v1/me/passkeys')).body).toMatchObject({ items: [] });
    expect(await refusals()).toEqual(['refused: forged']);
  });

  it('is refused where nobody has added it, whatever is copied', async () => {
    const planted: string = newId<'passkey'>(Date.now());
    const row = await copy();
    await sceau.database.query('DELETE FROM identity.passkey WHERE id = $1', [id]);
    await plant(sceau.database, PASSKEY, { ...row, id: planted });
    expect(await signIn()).toBe(401);
    expect((await person.client.request('/v1/me/passkeys')).body).toMatchObject({ items: [] });
    expect(await refusals(planted)).toEqual(['refused: forged']);
  });

  it('is refused when an older one is put back whole, so that a counter can be used again', async () => {
    const old = await copy();
    expect(await signIn()).toBe(201);
    const present = await copy();
    await putBack(sceau.database, PASSKEY, old);
    expect(await signIn({ counter: 2 })).toBe(401);
    expect(await refusals()).toEqual(['refused: superseded']);
    await putBack(sceau.database, PASSKEY, present);
    expect(await signIn({ counter: 9 })).toBe(201);
  });

  it('is refused when it is put back after its owner has removed it', async () => {
    const row = await copy();
    expect((await person.client.request(`/v1/me/passkeys/${id}`, { method: 'DELETE' })).status).toBe(204);
    await plant(sceau.database, PASSKEY, row);
    expect(await signIn()).toBe(401);
    expect(await refusals()).toEqual(['refused: superseded']);
  });

  it('stands after the key of its owner was renewed', async () => {
    const [row] = await sceau.database.query<{ subject: Id<'subject'> }>(
      'SELECT account_id::text AS subject FROM identity.passkey WHERE id = $1',
      [id],
    );
    if (row === undefined) throw new Error('There is no passkey.');
    const rotation = sceau.app.get(SubjectRotation, { strict: false });
    expect(await rotation.rotate(systemContext(), row.subject)).toMatchObject({ isComplete: true });
    expect(await signIn()).toBe(201);
    expect(await refusals()).toEqual([]);
  });

  it('stands again once an operator has taken a restored backup for the present', async () => {
    const old = await copy();
    expect(await signIn()).toBe(201);
    await putBack(sceau.database, PASSKEY, old);
    expect(await sceau.app.get(KeptRecords, { strict: false }).readmit(systemContext())).toContainEqual({
      called: 'passkeys',
      count: 1,
    });
    expect(await signIn()).toBe(201);
  });

  it('whose counter goes back is refused, alerted and told to its owner', async () => {
    expect(await signIn({ counter: 7 })).toBe(201);
    for (const counter of [7, 6, 0]) expect(await signIn({ counter })).toBe(401);
    const staged = await sceau.database.query<{ action: string; outcome: string; subjects: number }>(
      `SELECT e->>'action' AS action, e->>'outcome' AS outcome FROM (
         SELECT convert_from(envelope, 'UTF8')::jsonb AS e FROM audit.staging
         UNION ALL SELECT convert_from(envelope, 'UTF8')::jsonb FROM audit.leaf) AS t
       WHERE e->>'action' = 'passkey.counter_regressed' AND e->'resource'->>'id' = $1`,
      [id],
    );
    expect(staged).toEqual(
      Array.from({ length: 3 }, () => ({ action: 'passkey.counter_regressed', outcome: 'refused' })),
    );
    await sceau.mailTo(person.email, /semble avoir été copiée/);
    expect(await signIn({ counter: 8 })).toBe(201);
  });

  it('has challenges that nobody can plant, prolong or use again', async () => {
    const { client } = person;
    const options = await passkeyOptions(client, 'sign_in');
    const [row] = await sceau.database.query<{ row: Record<string, unknown> }>(
      'SELECT to_jsonb(t) AS row FROM identity.passkey_challenge t ORDER BY expires_at DESC, id DESC LIMIT 1',
    );
    const send = async (passkey: object) => {
      const { email, password } = person;
      return (
        await client.request('/v1/sessions', { body: { email, password, passkey, transport: 'token' } })
      ).status;
    };
    const passkey = authenticator.get(options);
    sceau.clock.advance({ minutes: 5 });
    await sceau.database.query(`UPDATE identity.passkey_challenge SET expires_at = now() + interval '1 day'`);
    expect(await send(passkey)).toBe(401);
    // One for stepping up, made one for signing in.
    const other = authenticator.get(await passkeyOptions(client, 'step_up'));
    await sceau.database.query(`UPDATE identity.passkey_challenge SET purpose = 'sign_in'`);
    expect(await send(other)).toBe(401);
    expect(String(row?.row['challenge_hash'])).not.toContain(
      Buffer.from(String(options['challenge']), 'base64url').toString('hex'),
    );
  });

  it('stands beside an authenticator and never instead of one', async () => {
    await expect(
      sceau.database.query(
        `UPDATE identity.account SET totp_secret = NULL WHERE id = (SELECT account_id FROM identity.passkey WHERE id = $1)`,
        [id],
      ),
    ).rejects.toThrow('violates check constraint');
    // Without its constraint too.
    await sceau.database.query(
      `DO $$ DECLARE name text; BEGIN
         SELECT conname INTO name FROM pg_constraint
         WHERE conrelid = 'identity.account'::regclass AND pg_get_constraintdef(oid) LIKE '%totp_secret IS NOT NULL%';
         EXECUTE format('ALTER TABLE identity.account DROP CONSTRAINT %I', name);
       END $$`,
    );
    await sceau.database.query(
      `UPDATE identity.account SET totp_secret = NULL WHERE id = (SELECT account_id FROM identity.passkey WHERE id = $1)`,
      [id],
    );
    expect(await signIn()).toBe(401);
    expect(record((await person.client.request('/v1/me/passkeys')).body)['code']).toBe('unauthenticated');
  });
});
