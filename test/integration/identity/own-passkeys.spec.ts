import { spyOn } from 'jest-mock';
import { SessionRows } from '../../../src/modules/identity/sessions/session-rows.js';
import { type CandidateActor, record, signUpCandidate } from '../../support/actors.js';
import { addPasskey, passkeyOptions } from '../../support/passkeys.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { type Deviation, SoftwareAuthenticator } from '../../support/software-authenticator.js';
import { PersonClient } from '../../../tools/client/person.ts';
import { service } from './fixture.js';

describe('one’s own passkeys', () => {
  let sceau: Sceau;
  let person: CandidateActor;

  beforeAll(async () => {
    sceau = await startSceau();
  }, 60_000);

  afterAll(() => sceau.stop());

  beforeEach(async () => {
    // Limits are tested elsewhere.
    await sceau.database.query('DELETE FROM platform.rate_limit');
    person = await signUpCandidate(sceau);
  });

  const offer = async (): Promise<{ id: string; options: unknown }> => {
    const { id, options } = record((await person.client.request('/v1/me/passkeys', { method: 'POST' })).body);
    return { id: String(id), options };
  };
  const confirm = async (id: string, body: object) => {
    const answer = await person.client.request(`/v1/me/passkeys/${id}/confirm`, { body });
    return answer.status < 400 ? answer.status : record(answer.body)['code'];
  };
  const list = async (): Promise<readonly unknown[]> => {
    const { items } = record((await person.client.request('/v1/me/passkeys')).body);
    return Array.isArray(items) ? items : [];
  };
  const secondSession = async (recoveryCode: string | undefined): Promise<PersonClient> => {
    const client = new PersonClient(sceau.url);
    const { email, password } = person;
    const body = { email, password, recoveryCode, transport: 'token' };
    client.useToken(String(record((await client.request('/v1/sessions', { body })).body)['token']));
    return client;
  };

  it('are offered as discoverable, verified ones, whose other authenticators are known', async () => {
    const { authenticator } = await addPasskey(person.client);
    const { options } = await offer();
    expect(options).toMatchObject({
      rp: { id: 'sceau.localhost', name: 'Sceau' },
      user: { id: expect.stringMatching(/^[\w-]{43}$/), name: person.email },
      attestation: 'none',
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      excludeCredentials: [{ type: 'public-key', id: authenticator.credentialId.toString('base64url') }],
    });
  });

  it('are listed with their names, and when they were made and used', async () => {
    const { id, authenticator } = await addPasskey(person.client, undefined, { name: 'Clé du bureau' });
    const createdAt = expect.stringMatching(/^\d{4}-.*Z$/);
    expect(await list()).toEqual([{ id, name: 'Clé du bureau', createdAt, lastUsedAt: null }]);
    sceau.clock.advance({ minutes: 2 });
    const passkey = authenticator.get(await passkeyOptions(person.client, 'sign_in'));
    const { email, password } = person;
    await new PersonClient(sceau.url).request('/v1/sessions', {
      body: { email, password, passkey, transport: 'token' },
    });
    const [used] = (await list()).map(record);
    const times = [used?.['createdAt'], used?.['lastUsedAt']].map((time) => Date.parse(String(time)));
    expect(Number(times[1]) - Number(times[0])).toBeGreaterThanOrEqual(120_000);
  });

  it('are called something else, and are good as before', async () => {
    const { id, authenticator } = await addPasskey(person.client, undefined, { name: 'Clé du bureau' });
    const elsewhere = await secondSession(person.recoveryCodes[0]);
    const rename = (name: unknown, client = person.client) =>
      client.request(`/v1/me/passkeys/${id}`, { method: 'PATCH', body: { name } });
    expect(await rename('Clé de la maison')).toMatchObject({
      status: 200,
      body: { id, name: 'Clé de la maison' },
    });
    expect(await list()).toMatchObject([{ id, name: 'Clé de la maison' }]);
    expect((await elsewhere.request('/v1/me/sessions')).status).toBe(200);
    for (const name of ['', 'x'.repeat(61), 'a\u0000b', 7, undefined])
      expect((await rename(name)).status).toBe(422);
    const stranger = (await signUpCandidate(sceau)).client;
    expect((await rename('À moi', stranger)).status).toBe(404);
    expect((await rename(null)).body).toMatchObject({ id, name: null });
    const passkey = authenticator.get(await passkeyOptions(person.client, 'sign_in'));
    const { email, password } = person;
    const body = { email, password, passkey, transport: 'token' };
    expect((await new PersonClient(sceau.url).request('/v1/sessions', { body })).status).toBe(201);
    expect((await history(3)).map(({ action }) => action)).toEqual([
      'passkey.renamed',
      'passkey.renamed',
      'passkey.added',
    ]);
  });

  it('are added and removed with a fresh second factor only', async () => {
    const { id } = await addPasskey(person.client);
    const { id: offered, options } = await offer();
    sceau.clock.advance({ minutes: 6 });
    const answers = [
      await person.client.request('/v1/me/passkeys', { method: 'POST' }),
      await person.client.request(`/v1/me/passkeys/${offered}/confirm`, {
        body: new SoftwareAuthenticator().create(options),
      }),
      await person.client.request(`/v1/me/passkeys/${id}`, { method: 'PATCH', body: { name: 'Autre' } }),
      await person.client.request(`/v1/me/passkeys/${id}`, { method: 'DELETE' }),
    ];
    expect(answers.map(({ status, body }) => [status, record(body)['code']])).toEqual(
      Array.from({ length: 4 }, () => [403, 'step_up_required']),
    );
    expect(await list()).toHaveLength(1);
  });

  it('end one’s other sessions when they change, are told by mail, and are in one’s access history', async () => {
    const [first, second] = person.recoveryCodes;
    const other = await secondSession(first);
    const { id } = await addPasskey(person.client);
    expect((await other.request('/v1/me/sessions')).status).toBe(401);
    expect((await person.client.request('/v1/me/sessions')).status).toBe(200);
    expect((await sceau.mailTo(person.email, /clé d’accès a été ajoutée/)).text).toMatch(
      /jamais votre mot de passe/,
    );
    const another = await secondSession(second);
    await person.client.request(`/v1/me/passkeys/${id}`, { method: 'DELETE' });
    expect((await another.request('/v1/me/sessions')).status).toBe(401);
    await sceau.mailTo(person.email, /clé d’accès a été supprimée/);
    const told = await history(2);
    expect(told.map((entry) => String(entry['sentence']).replace(/ (le|on) \d.*$/s, ''))).toEqual([
      'Votre compte a supprimé une clé d’accès de votre compte',
      'Votre compte a ajouté une clé d’accès à votre compte',
    ]);
  });

  it('are neither added nor removed where the other sessions do not end with it', async () => {
    const { id } = await addPasskey(person.client);
    const { id: offered, options } = await offer();
    const broken = () =>
      spyOn(service(sceau, SessionRows), 'deleteOld').mockRejectedValueOnce(new Error('broken'));
    broken();
    const adding = { body: new SoftwareAuthenticator().create(options) };
    expect((await person.client.request(`/v1/me/passkeys/${offered}/confirm`, adding)).status).toBe(500);
    broken();
    expect((await person.client.request(`/v1/me/passkeys/${id}`, { method: 'DELETE' })).status).toBe(500);
    expect(await list()).toMatchObject([{ id }]);
  });

  /** Entries about passkeys, once there are so many: they reach the history with the checkpoint that covers them. */
  async function history(count: number): Promise<Record<string, unknown>[]> {
    for (;;) {
      const { items } = record((await person.client.request('/v1/me/access-history?limit=100')).body);
      const entries = (Array.isArray(items) ? items : [])
        .map(record)
        .filter(({ action }) => String(action).startsWith('passkey.'));
      if (entries.length >= count) return entries;
    }
  }

  it.each<[string, Deviation]>([
    ['made on another site', { origin: 'https://example.org' }],
    ['made for another domain', { rpId: 'example.org' }],
    ['made in a frame of another site', { crossOrigin: true }],
    ['whose user was not verified', { isUserVerified: false }],
    ['over another challenge', { challenge: Buffer.alloc(32, 7).toString('base64url') }],
    ['which is an assertion', { type: 'webauthn.get' }],
  ])('are not added when %s', async (_, deviation) => {
    const { id, options } = await offer();
    expect(await confirm(id, new SoftwareAuthenticator().create(options, deviation))).toBe(
      'authentication_failed',
    );
    // The offer was good once.
    expect(await confirm(id, new SoftwareAuthenticator().create(options))).toBe('not_found');
    expect(await list()).toEqual([]);
  });

  it('are not added with a self attestation by another key', async () => {
    const { id, options } = await offer();
    const [mine, other] = [
      new SoftwareAuthenticator({ attestation: 'packed' }),
      new SoftwareAuthenticator({ attestation: 'packed' }),
    ].map((made) => record(record(made.create(options))['response'])['attestationObject']);
    const [here, there] = [mine, other].map((text) => Buffer.from(String(text), 'base64url'));
    if (here === undefined || there === undefined) throw new Error('There are two.');
    // The other’s statement, with its signature, before this one’s authenticator data.
    const at = here.indexOf('authData');
    const mixed = Buffer.concat([there.subarray(0, there.indexOf('authData')), here.subarray(at)]);
    const body = record(new SoftwareAuthenticator().create(options));
    const response = { ...record(body['response']), attestationObject: mixed.toString('base64url') };
    expect(await confirm(id, { ...body, response })).toBe('authentication_failed');
  });

  it('are not added after five minutes, and not to another’s account', async () => {
    const foreign = await offer();
    const owner = person;
    person = await signUpCandidate(sceau);
    expect(await confirm(foreign.id, new SoftwareAuthenticator().create(foreign.options))).toBe('not_found');
    person = owner;
    const early = await freshOffer();
    sceau.clock.advance({ seconds: 299 });
    expect(await confirm(early.id, new SoftwareAuthenticator().create(early.options))).toBe(200);
    const later = await freshOffer();
    sceau.clock.advance({ seconds: 299 });
    await stepUp();
    sceau.clock.advance({ seconds: 1 });
    expect(await confirm(later.id, new SoftwareAuthenticator().create(later.options))).toBe(
      'authentication_failed',
    );
  });

  async function stepUp(): Promise<void> {
    const stepped = await person.client.request('/v1/sessions/step-up', {
      body: { code: await person.authenticator.code(sceau.clock.now().getTime()) },
    });
    person.client.useToken(String(record(stepped.body)['token']));
  }
  async function freshOffer(): Promise<{ id: string; options: unknown }> {
    sceau.clock.advance({ minutes: 1 });
    await stepUp();
    return offer();
  }

  it('are registered once, by whomever, and are ten at most', async () => {
    const authenticator = new SoftwareAuthenticator();
    await addPasskey(person.client, authenticator);
    const again = await offer();
    expect(await confirm(again.id, authenticator.create(again.options))).toBe('conflict');
    const owner = person;
    person = await signUpCandidate(sceau);
    const foreign = await offer();
    expect(await confirm(foreign.id, authenticator.create(foreign.options))).toBe('conflict');
    person = owner;
    for (let count = 1; count < 9; count += 1) await addPasskey(person.client);
    // One place is left, and both are offered it.
    const [tenth, eleventh] = [await offer(), await offer()];
    expect(await confirm(tenth.id, new SoftwareAuthenticator().create(tenth.options))).toBe(200);
    expect(await confirm(eleventh.id, new SoftwareAuthenticator().create(eleventh.options))).toBe('conflict');
    expect(await list()).toHaveLength(10);
    expect(record((await person.client.request('/v1/me/passkeys', { method: 'POST' })).body)['code']).toBe(
      'conflict',
    );
  });

  it('are one’s own: another’s is not found', async () => {
    const { id } = await addPasskey(person.client);
    const other = (await signUpCandidate(sceau)).client;
    expect((await other.request(`/v1/me/passkeys/${id}`, { method: 'DELETE' })).status).toBe(404);
    expect((await other.request('/v1/me/passkeys')).body).toEqual({ items: [], nextCursor: null });
    expect(await list()).toHaveLength(1);
  });
});
