import { spyOn } from 'jest-mock';
import type { AccountId } from '../../../src/kernel/ids.js';
import { TOTP_SECRET } from '../../../src/modules/identity/persistence/places.js';
import { SecondFactor } from '../../../src/modules/identity/totp/second-factor.js';
import { newTotpSecret } from '../../../src/modules/identity/totp/totp.js';
import { Sealer, SubjectRotation } from '../../../src/sealing/index.js';
import { PersonClient } from '../../../tools/client/person.ts';
import { type CandidateActor, signUpCandidate, systemContext } from '../../support/actors.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { changeAccount, changePassword, codeOf, newestAccount, service, trySignIn } from './fixture.js';

/** What is checked before a session is opened takes a while, in which somebody may change it. */
describe('what a sign-in has checked', () => {
  let sceau: Sceau;
  let person: CandidateActor;
  let id: AccountId;

  beforeAll(async () => {
    sceau = await startSceau();
  }, 60_000);

  afterAll(() => sceau.stop());

  beforeEach(async () => {
    person = await signUpCandidate(sceau);
    id = await newestAccount(sceau);
    sceau.clock.advance({ minutes: 1 });
  });

  /** Lets something happen once both factors were found right and before the session is opened. */
  function meanwhile(happen: () => Promise<unknown>): void {
    const factors = service(sceau, SecondFactor);
    const check = factors.check.bind(factors);
    const checked = spyOn(factors, 'check').mockImplementationOnce(async (account, factor) => {
      checked.mockRestore();
      const proof = await check(account, factor);
      if (proof !== undefined) await happen();
      return proof;
    });
  }

  const signIn = async (password = person.password) =>
    trySignIn(sceau, { email: person.email, password, code: await codeOf(sceau, person) });
  const sessions = async (): Promise<number> =>
    (await sceau.database.query('SELECT FROM identity.session WHERE account_id = $1', [id])).length;

  it('opens no session when the password has been changed meanwhile', async () => {
    meanwhile(() => changePassword(sceau, id, 'cinq moutons verts sous la pluie'));
    expect(await signIn()).toMatchObject({ status: 401, code: 'authentication_failed' });
    expect(await sessions()).toBe(1);
    expect((await signIn('cinq moutons verts sous la pluie')).status).toBe(201);
  });

  it('opens one when the same password was hashed anew meanwhile', async () => {
    meanwhile(() => changePassword(sceau, id, person.password));
    expect((await signIn()).status).toBe(201);
  });

  it('opens none when the authenticator has been replaced meanwhile', async () => {
    const own = { subject: id, row: id };
    const totpSecret = await service(sceau, Sealer).seal(TOTP_SECRET, own, newTotpSecret());
    meanwhile(() => changeAccount(sceau, id, { totpSecret }));
    expect((await signIn()).status).toBe(401);
    expect(await sessions()).toBe(1);
  });

  it('opens none when the account is no longer active', async () => {
    meanwhile(() => changeAccount(sceau, id, { status: 'enrolling' }));
    expect((await signIn()).status).toBe(401);
    expect(await sessions()).toBe(1);
  });

  it('steps no session up with an authenticator that has been replaced meanwhile', async () => {
    const own = { subject: id, row: id };
    const totpSecret = await service(sceau, Sealer).seal(TOTP_SECRET, own, newTotpSecret());
    meanwhile(() => changeAccount(sceau, id, { totpSecret }));
    const body = { code: await codeOf(sceau, person) };
    expect((await person.client.request('/v1/sessions/step-up', { body })).status).toBe(401);
  });

  it('resets no password with a code that was used meanwhile, and the token of the mail stays good', async () => {
    const { email } = person;
    const stranger = new PersonClient(sceau.url);
    await stranger.request('/v1/password/forgotten', { body: { email } });
    const mail = await sceau.mailTo(email, /nouveau mot de passe/);
    const token = /^[\w-]{43}$/m.exec(mail.text)?.[0];
    const password = 'cinq moutons verts sous la pluie';
    const reset = async (code: string) =>
      (await stranger.request('/v1/password/reset', { body: { token, password, code } })).status;
    const code = await codeOf(sceau, person);
    meanwhile(() => person.client.request('/v1/sessions/step-up', { body: { code } }));
    expect(await reset(code)).toBe(401);
    sceau.clock.advance({ minutes: 1 });
    expect((await signIn()).status).toBe(201);
    sceau.clock.advance({ minutes: 1 });
    expect(await reset(await codeOf(sceau, person))).toBe(204);
  });

  it('stands when only the key was renewed under which it is sealed', async () => {
    const before = await sceau.database.query('SELECT password_hash FROM identity.account WHERE id = $1', [
      id,
    ]);
    meanwhile(() => service(sceau, SubjectRotation).rotate(systemContext(), id));
    expect((await signIn()).status).toBe(201);
    const after = await sceau.database.query('SELECT password_hash FROM identity.account WHERE id = $1', [
      id,
    ]);
    expect(after).not.toEqual(before);
  });
});
