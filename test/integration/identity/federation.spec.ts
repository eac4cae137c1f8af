import type { JWTPayload } from 'jose';
import { type CandidateActor, record, signUpCandidate } from '../../support/actors.js';
import { signInStaff } from '../../support/staff.js';
import { type Federated, startFederated } from '../../support/federation.js';
import type { Forgery, IdentityProvider } from '../../support/identity-provider.js';
import { TestBrowser } from '../../support/identity-provider-browser.js';
import { addPasskey, passkeyOptions } from '../../support/passkeys.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { PersonClient } from '../../../tools/client/person.ts';
import { copyRow, plant, refusalsOf } from '../sealing/record-rows.js';
import { arrive, comeBack, linkIdentity, ticketOf } from './federation-fixture.js';

const FAILED = '401 authentication_failed';
const REFUSED = 'federation=refused';
const IDENTITY = 'identity.federated_identity';

describe('federated sign-in', () => {
  let federated: Federated;
  let sceau: Sceau;
  let idp: IdentityProvider;
  let person: CandidateActor;
  let browser: TestBrowser;
  let people = 0;

  beforeAll(async () => {
    federated = await startFederated();
    ({ sceau } = federated);
    idp = federated.franceconnect;
  }, 60_000);

  afterAll(() => federated.stop());

  beforeEach(async () => {
    await sceau.database.query('DELETE FROM platform.rate_limit');
    person = await signUpCandidate(sceau);
    people += 1;
    idp.reset(`personne-${people}`);
    await linkIdentity(sceau, person.client, 'franceconnect');
    // A code is good once, and the one of this step was spent on enrolling.
    sceau.clock.advance({ minutes: 1 });
    browser = new TestBrowser();
  });

  const back = () => comeBack(sceau, 'franceconnect', browser);
  const code = () => person.authenticator.code(sceau.clock.now().getTime());
  async function enter(ticket: string, factor: object, by = browser): Promise<string> {
    const answer = await fetch(`${sceau.url}/v1/federation/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...by.cookieHeader(sceau.url) },
      body: JSON.stringify({ ticket, transport: 'token', ...factor }),
    });
    const body = record(await answer.json());
    return `${answer.status} ${String(body['code'] ?? body['transport'])}`;
  }
  const linkedId = async (): Promise<string> => {
    const { items } = record((await person.client.request('/v1/me/identities')).body);
    const [first] = Array.isArray(items) ? items : [];
    return String(record(first)['id']);
  };
  const refusals = async (): Promise<readonly string[]> => {
    const rows = await sceau.database.query<{ reason: string }>(
      `SELECT e->>'reason' AS reason FROM (
         SELECT convert_from(envelope, 'UTF8')::jsonb AS e FROM audit.staging
         UNION ALL SELECT convert_from(envelope, 'UTF8')::jsonb FROM audit.leaf) AS t
       WHERE e->>'action' = 'federation.refused' ORDER BY e->>'id' DESC LIMIT 1`,
    );
    return rows.map(({ reason }) => reason);
  };

  it('begins with an identity that was linked', async () => {
    const { items } = record((await person.client.request('/v1/me/identities')).body);
    expect(items).toMatchObject([{ provider: 'franceconnect' }]);
  });

  it('gives a ticket, which opens a session once, with a second factor, in its own browser', async () => {
    const ticket = ticketOf(await arrive(browser, await back()));
    const client = new PersonClient(sceau.url);
    client.useToken(ticket);
    expect((await client.request('/v1/me/sessions')).status).toBe(401);
    const wrong = await person.authenticator.wrongCode(sceau.clock.now().getTime());
    expect(await enter(ticket, { code: wrong })).toBe(FAILED);
    expect(await enter(ticket, {})).toBe('422 invalid_request');
    expect(await enter(ticket, { code: await code() }, new TestBrowser())).toBe(FAILED);
    expect(await enter(ticket, { code: await code() })).toBe('201 token');
    sceau.clock.advance({ minutes: 1 });
    expect(await enter(ticket, { code: await code() })).toBe(FAILED);
  });

  it('takes a passkey for the second factor', async () => {
    await stepUp();
    const { authenticator } = await addPasskey(person.client);
    const ticket = ticketOf(await arrive(browser, await back()));
    const options = await passkeyOptions(new PersonClient(sceau.url), 'sign_in');
    expect(await enter(ticket, { passkey: authenticator.get(options) })).toBe('201 token');
  });

  async function stepUp(): Promise<void> {
    sceau.clock.advance({ minutes: 1 });
    const stepped = await person.client.request('/v1/sessions/step-up', { body: { code: await code() } });
    person.client.useToken(String(record(stepped.body)['token']));
  }

  it('gives a ticket for five minutes', async () => {
    const ticket = ticketOf(await arrive(browser, await back()));
    await sceau.database.query(`UPDATE identity.federation_state SET expires_at = now() + interval '1 day'`);
    sceau.clock.advance({ minutes: 5 });
    expect(await enter(ticket, { code: await code() })).toBe(FAILED);
  });

  it('is for staff at ProConnect, for candidates at FranceConnect', async () => {
    const auditor = await signInStaff(sceau, 'auditor');
    federated.proconnect.reset('agent-1', 'eidas2');
    expect(await linkIdentity(sceau, auditor, 'proconnect')).toBe('federation=linked');
    const arrived = await arrive(browser, await comeBack(sceau, 'proconnect', browser));
    expect(ticketOf(arrived)).toMatch(/^[\w-]{43}$/);
    const answers = [
      await auditor.request('/v1/me/identities/franceconnect', { method: 'POST' }),
      await person.client.request('/v1/me/identities/proconnect', { method: 'POST' }),
      await person.client.request('/v1/me/identities/autre', { method: 'POST' }),
    ];
    expect(answers.map(({ body }) => record(body)['code'])).toEqual([
      'forbidden_role',
      'forbidden_role',
      'not_found',
    ]);
  });

  it('makes nobody an account, and opens none that is not linked', async () => {
    const accounts = () => sceau.database.query('SELECT id FROM identity.account');
    const before = await accounts();
    idp.reset('inconnue');
    expect(await arrive(browser, await back())).toBe('federation=unlinked');
    federated.proconnect.reset('inconnu', 'eidas3');
    const staff = new TestBrowser();
    expect(await arrive(staff, await comeBack(sceau, 'proconnect', staff))).toBe('federation=unlinked');
    // The same subject of another issuer is somebody else.
    federated.proconnect.reset(`personne-${people}`, 'eidas3');
    const other = new TestBrowser();
    expect(await arrive(other, await comeBack(sceau, 'proconnect', other))).toBe('federation=unlinked');
    expect(await accounts()).toEqual(before);
  });

  it('asks for the level that is wanted, and takes no other', async () => {
    const url = new URL(
      (await browser.open(`${sceau.url}/v1/federation/franceconnect/start`)).headers.get('location') ?? '',
    );
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      acr_values: 'eidas1',
      scope: 'openid',
      response_type: 'code',
      code_challenge_method: 'S256',
      state: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
    });
    const staff = await new TestBrowser().open(`${sceau.url}/v1/federation/proconnect/start`);
    const claims = new URL(staff.headers.get('location') ?? '').searchParams.get('claims');
    expect(JSON.parse(claims ?? '')).toEqual({
      id_token: { acr: { essential: true, values: ['eidas2', 'eidas3'] } },
    });
    idp.acr = 'eidas0';
    expect(await arrive(browser, await back())).toBe(REFUSED);
    expect(await refusals()).toEqual(['wrong_acr']);
  });

  const without =
    (name: string) =>
    (claims: JWTPayload): JWTPayload =>
      Object.fromEntries(Object.entries(claims).filter(([claim]) => claim !== name));
  const withClaims = (change: JWTPayload) => (claims: JWTPayload) => ({ ...claims, ...change });

  it.each<[string, { idToken?: Forgery; userInfo?: Forgery }]>([
    ['an ID token with another nonce', { idToken: { claims: withClaims({ nonce: 'x'.repeat(43) }) } }],
    ['an ID token without nonce', { idToken: { claims: without('nonce') } }],
    ['an ID token of another issuer', { idToken: { claims: withClaims({ iss: 'https://example.org' }) } }],
    ['an ID token for another client', { idToken: { claims: withClaims({ aud: 'autre' }) } }],
    ['an ID token that is over', { idToken: { claims: withClaims({ exp: 1_000_000_000 }) } }],
    ['an ID token of another level', { idToken: { claims: withClaims({ acr: 'eidas9' }) } }],
    ['an ID token of no level', { idToken: { claims: without('acr') } }],
    ['an ID token signed by another', { idToken: { isForeign: true } }],
    ['an ID token signed by nobody', { idToken: { isUnsigned: true } }],
    ['a userinfo signed by another', { userInfo: { isForeign: true } }],
    ['a userinfo signed by nobody', { userInfo: { isUnsigned: true } }],
    ['a userinfo about another', { userInfo: { claims: withClaims({ sub: 'autre' }) } }],
    ['a userinfo for another client', { userInfo: { claims: withClaims({ aud: 'autre' }) } }],
    ['a userinfo for nobody in particular', { userInfo: { claims: without('aud') } }],
    ['a userinfo of another issuer', { userInfo: { claims: withClaims({ iss: 'https://example.org' }) } }],
    ['a userinfo of no issuer', { userInfo: { claims: without('iss') } }],
  ])('refuses %s', async (_, { idToken = {}, userInfo = {} }) => {
    idp.idToken = idToken;
    idp.userInfo = userInfo;
    expect(await arrive(browser, await back())).toBe(REFUSED);
    idp.reset(idp.subject);
    ticketOf(await arrive(browser, await back()));
  });

  it('takes an answer once, in the browser that was sent there, and for its provider', async () => {
    const callback = await back();
    expect(await arrive(new TestBrowser(), callback)).toBe(REFUSED);
    const elsewhere = callback.replace('/franceconnect/', '/proconnect/');
    expect(await arrive(browser, elsewhere)).toBe(REFUSED);
    ticketOf(await arrive(browser, callback));
    expect(await arrive(browser, callback)).toBe(REFUSED);
    expect(await refusals()).toEqual(['unknown_state']);
  });

  it.each([
    ['of another state', (url: URL) => url.searchParams.set('state', 'A'.repeat(43))],
    ['of no state', (url: URL) => url.searchParams.delete('state')],
    ['of another issuer', (url: URL) => url.searchParams.set('iss', 'https://example.org')],
    ['with another code', (url: URL) => url.searchParams.set('code', 'B'.repeat(43))],
    ['with no code', (url: URL) => url.searchParams.delete('code')],
    ['of an error', (url: URL) => url.searchParams.set('error', 'server_error')],
  ])('refuses an answer %s', async (_, change) => {
    const url = new URL(await back());
    change(url);
    expect(await arrive(browser, url.href)).toBe(REFUSED);
  });

  it('refuses the code of somebody else in one’s own browser', async () => {
    const other = new TestBrowser();
    const stolen = new URL(await comeBack(sceau, 'franceconnect', other)).searchParams.get('code');
    const url = new URL(await back());
    url.searchParams.set('code', stolen ?? '');
    expect(await arrive(browser, url.href)).toBe(REFUSED);
  });

  it('lets an identity be one person’s, and a person have one of a provider', async () => {
    const other = await signUpCandidate(sceau);
    expect(await linkIdentity(sceau, other.client, 'franceconnect')).toBe('federation=taken');
    await stepUp();
    idp.reset('une-autre');
    expect(await linkIdentity(sceau, person.client, 'franceconnect')).toBe('federation=taken');
  });

  it('wants a fresh second factor to link and unlink, and tells of both', async () => {
    const id = await linkedId();
    sceau.clock.advance({ minutes: 6 });
    const path = `/v1/me/identities/${id}`;
    for (const [method, at] of [
      ['POST', '/v1/me/identities/franceconnect'],
      ['DELETE', path],
    ] as const)
      expect(record((await person.client.request(at, { method })).body)['code']).toBe('step_up_required');
    const ticket = ticketOf(await arrive(browser, await back()));
    await stepUp();
    expect((await person.client.request(path, { method: 'DELETE' })).status).toBe(204);
    sceau.clock.advance({ minutes: 1 });
    expect(await enter(ticket, { code: await code() })).toBe(FAILED);
    expect(await arrive(browser, await back())).toBe('federation=unlinked');
    await sceau.mailTo(person.email, /FranceConnect a été rattachée/);
    await sceau.mailTo(person.email, /FranceConnect a été détachée/);
  });

  it('refuses and alerts a row that was moved, and one that is put back', async () => {
    const id = await linkedId();
    const victim = await signUpCandidate(sceau);
    const row = await copyRow(sceau.database, IDENTITY, id);
    await sceau.database.query(
      `UPDATE identity.federated_identity SET account_id =
         (SELECT id FROM identity.account ORDER BY created_at DESC, id DESC LIMIT 1) WHERE id = $1`,
      [id],
    );
    expect(await arrive(browser, await back())).toBe('federation=unlinked');
    expect(await refusalsOf(sceau.database, id)).toEqual(['refused: forged']);
    expect((await victim.client.request('/v1/me/identities')).body).toMatchObject({ items: [] });
    await sceau.database.query('DELETE FROM identity.federated_identity WHERE id = $1', [id]);
    await plant(sceau.database, IDENTITY, row);
    await stepUp();
    expect((await person.client.request(`/v1/me/identities/${id}`, { method: 'DELETE' })).status).toBe(204);
    await plant(sceau.database, IDENTITY, row);
    expect(await arrive(browser, await back())).toBe('federation=unlinked');
    expect((await refusalsOf(sceau.database, id)).at(-1)).toBe('refused: superseded');
    await sceau.database.query('DELETE FROM identity.federated_identity WHERE id = $1', [id]);
  });

  it('cannot be led to another account by whoever writes to the table of states', async () => {
    const ticket = ticketOf(await arrive(browser, await back()));
    const victim = await signUpCandidate(sceau);
    await sceau.database.query(
      `UPDATE identity.federation_state SET account_id =
         (SELECT id FROM identity.account ORDER BY created_at DESC, id DESC LIMIT 1) WHERE purpose = 'ticket'`,
    );
    person = victim;
    sceau.clock.advance({ minutes: 1 });
    expect(await enter(ticket, { code: await code() })).toBe(FAILED);
  });
});

describe('without a provider', () => {
  it('there is no federation', async () => {
    const sceau = await startSceau();
    const { status } = await new TestBrowser().open(`${sceau.url}/v1/federation/franceconnect/start`);
    expect(status).toBe(404);
    await sceau.stop();
  }, 60_000);
});
