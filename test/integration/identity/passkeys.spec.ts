import { type CandidateActor, record, signUpCandidate } from '../../support/actors.js';
import { addPasskey, passkeyOptions } from '../../support/passkeys.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import {
  type Deviation,
  SoftwareAuthenticator,
  type SoftwareAuthenticatorOptions,
} from '../../support/software-authenticator.js';
import { PersonClient } from '../../../tools/client/person.ts';

const FAILED = { status: 401, code: 'authentication_failed' };

describe('a passkey as second factor', () => {
  let sceau: Sceau;
  let anyone: PersonClient;
  let person: CandidateActor;
  let authenticator: SoftwareAuthenticator;

  beforeAll(async () => {
    sceau = await startSceau();
    anyone = new PersonClient(sceau.url);
  }, 60_000);

  afterAll(() => sceau.stop());

  beforeEach(async () => {
    // Limits are tested elsewhere.
    await sceau.database.query('DELETE FROM platform.rate_limit');
    person = await signUpCandidate(sceau);
    ({ authenticator } = await addPasskey(person.client));
  });

  const seen = ({ status, body }: { status: number; body: unknown }) =>
    status < 400 ? { status } : { status, code: record(body)['code'] };

  async function signIn(passkey: object, change: object = {}) {
    const { email, password } = person;
    return seen(
      await anyone.request('/v1/sessions', {
        body: { email, password, passkey, transport: 'token', ...change },
      }),
    );
  }
  const asserted = async (deviation: Deviation = {}, purpose: 'sign_in' | 'step_up' = 'sign_in') =>
    authenticator.get(await passkeyOptions(anyone, purpose), deviation);

  it.each<[string, SoftwareAuthenticatorOptions]>([
    ['ES256, no attestation', {}],
    ['ES256, self attestation', { attestation: 'packed' }],
    ['EdDSA, self attestation', { algorithm: 'EdDSA', attestation: 'packed' }],
    ['no counter', { counts: false }],
  ])('signs in again and again: %s', async (_, options) => {
    ({ authenticator } = await addPasskey(person.client, new SoftwareAuthenticator(options)));
    expect(await signIn(await asserted())).toEqual({ status: 201 });
    expect(await signIn(await asserted())).toEqual({ status: 201 });
  });

  it('stands in for the code and never for the password', async () => {
    expect(await signIn(await asserted(), { password: 'six girafes roses dans la cour' })).toEqual(FAILED);
    const { passkey, password, ...rest } = { passkey: await asserted(), ...person };
    const without = await anyone.request('/v1/sessions', {
      body: { email: rest.email, passkey, transport: 'token' },
    });
    expect([without.status, password.length > 0]).toEqual([422, true]);
  });

  it('is one factor of three, of which exactly one is given', async () => {
    const code = await person.authenticator.code(sceau.clock.now().getTime());
    const answer = await anyone.request('/v1/sessions', {
      body: {
        email: person.email,
        password: person.password,
        passkey: await asserted(),
        code,
        transport: 'token',
      },
    });
    expect(answer).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/passkey', code: 'invalid' }] },
    });
  });

  it.each<[string, Deviation]>([
    ['asked for by another site', { origin: 'https://sceau.example.org' }],
    ['asked for without TLS', { origin: 'http://sceau.localhost' }],
    ['asked for in a frame of another site', { crossOrigin: true }],
    ['made for another domain', { rpId: 'example.org' }],
    ['whose user was not verified', { isUserVerified: false }],
    ['whose user was not present', { isUserPresent: false, isUserVerified: false }],
    ['over a challenge of its own making', { challenge: Buffer.alloc(32, 7).toString('base64url') }],
    ['over no challenge', { challenge: '' }],
    ['of a registration', { type: 'webauthn.create' }],
    ['for somebody else’s account', { userHandle: Buffer.alloc(32, 1).toString('base64url') }],
  ])('is refused %s', async (_, deviation) => {
    expect(await signIn(await asserted(deviation))).toEqual(FAILED);
    expect(await signIn(await asserted())).toEqual({ status: 201 });
  });

  it('is refused with any part of it changed', async () => {
    const passkey = await asserted();
    const response = record(passkey['response']);
    for (const part of ['authenticatorData', 'clientDataJSON', 'signature']) {
      const bytes = Buffer.from(String(response[part]), 'base64url');
      const last = bytes.length - 1;
      bytes.writeUInt8(bytes.readUInt8(last) ^ 1, last);
      const changed = { ...passkey, response: { ...response, [part]: bytes.toString('base64url') } };
      expect([part, await signIn(changed)]).toEqual([part, FAILED]);
    }
    // None of these has used the challenge up.
    expect(await signIn(passkey)).toEqual({ status: 201 });
  });

  it('counts once, also of many at the same moment', async () => {
    const passkey = await asserted();
    const answers = await Promise.all(Array.from({ length: 6 }, () => signIn(passkey)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(5);
    expect(await signIn(passkey)).toEqual(FAILED);
  });

  it('counts each time, when several answers come at the same moment', async () => {
    ({ authenticator } = await addPasskey(person.client, new SoftwareAuthenticator({ counts: false })));
    const passkeys = [];
    for (let count = 0; count < 4; count += 1) passkeys.push(await asserted());
    const answers = await Promise.all(passkeys.map((passkey) => signIn(passkey)));
    expect(answers).toEqual(passkeys.map(() => ({ status: 201 })));
  });

  it('counts for five minutes', async () => {
    const [early, late] = [await asserted(), await asserted()];
    sceau.clock.advance({ seconds: 299 });
    expect(await signIn(early)).toEqual({ status: 201 });
    sceau.clock.advance({ seconds: 1 });
    expect(await signIn(late)).toEqual(FAILED);
  });

  it('counts for its purpose only', async () => {
    expect(await signIn(await asserted({}, 'step_up'))).toEqual(FAILED);
    const stepUp = (passkey: object) => person.client.request('/v1/sessions/step-up', { body: { passkey } });
    expect(seen(await stepUp(await asserted({}, 'sign_in')))).toEqual(FAILED);
    const stepped = await stepUp(await asserted({}, 'step_up'));
    expect(stepped.status).toBe(200);
    person.client.useToken(String(record(stepped.body)['token']));
    expect((await person.client.request('/v1/me/sessions')).status).toBe(200);
  });

  it('counts for its own account only', async () => {
    const passkey = await asserted();
    const { email, password } = await signUpCandidate(sceau);
    expect(await signIn(passkey, { email, password })).toEqual(FAILED);
    expect(await signIn(await asserted(), { email: 'personne@example.fr' })).toEqual(FAILED);
  });

  it('opens nothing once it is removed', async () => {
    const { id } = record(await firstPasskey());
    expect((await person.client.request(`/v1/me/passkeys/${String(id)}`, { method: 'DELETE' })).status).toBe(
      204,
    );
    expect(await signIn(await asserted())).toEqual(FAILED);
    expect((await person.client.request('/v1/me/passkeys')).body).toEqual({ items: [], nextCursor: null });
  });

  async function firstPasskey(): Promise<unknown> {
    const { items } = record((await person.client.request('/v1/me/passkeys')).body);
    return Array.isArray(items) ? items[0] : undefined;
  }

  it('is asked for in the same words, whoever asks and whatever passkeys there are', async () => {
    const [one, other] = [
      await passkeyOptions(anyone, 'sign_in'),
      await passkeyOptions(person.client, 'sign_in'),
    ];
    expect(one).toEqual({
      challenge: expect.stringMatching(/^[\w-]{43}$/),
      rpId: 'sceau.localhost',
      timeout: 300_000,
      allowCredentials: [],
      userVerification: 'required',
    });
    expect({ ...other, challenge: '' }).toEqual({ ...one, challenge: '' });
    expect(other['challenge']).not.toBe(one['challenge']);
  });
});
