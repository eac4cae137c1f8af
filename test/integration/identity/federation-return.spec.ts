import { spyOn } from 'jest-mock';
import { IdentityProviders } from '../../../src/modules/identity/federation/identity-providers.js';
import { SessionRows } from '../../../src/modules/identity/sessions/session-rows.js';
import { SecondFactor } from '../../../src/modules/identity/totp/second-factor.js';
import { PersonClient } from '../../../tools/client/person.ts';
import { Settings } from '../../../src/platform/config/settings.js';
import { type CandidateActor, record, signUpCandidate } from '../../support/actors.js';
import { type Federated, startFederated } from '../../support/federation.js';
import { freePort } from '../../../tools/free-port.ts';
import { TestBrowser } from '../../support/identity-provider-browser.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { FakeBrowser } from './fake-browser.js';
import { arrive, comeBack, linkIdentity, ticketOf } from './federation-fixture.js';
import { codeOf, entriesOf, service } from './fixture.js';
import { OUR_PAGES, sessionsOf, signIn, stepUp } from './person.js';

/** What somebody finds who comes back from an identity provider, and what that leaves open. */
describe('back from a provider', () => {
  let federated: Federated;
  let sceau: Sceau;
  let person: CandidateActor;
  let browser: TestBrowser;
  let people = 0;

  beforeAll(async () => {
    federated = await startFederated();
    ({ sceau } = federated);
  }, 60_000);

  afterAll(() => federated.stop());

  beforeEach(async () => {
    await sceau.database.query('DELETE FROM platform.rate_limit');
    person = await signUpCandidate(sceau);
    people += 1;
    federated.franceconnect.reset(`revenant-${people}`);
    await linkIdentity(sceau, person.client, 'franceconnect');
    sceau.clock.advance({ minutes: 1 });
    browser = new TestBrowser();
  });

  const back = () => comeBack(sceau, 'franceconnect', browser);
  const recognised = async () => ticketOf(await arrive(browser, await back()));
  const enter = async (body: object, headers: Record<string, string> = {}) =>
    new PersonClient(sceau.url).request('/v1/federation/sessions', {
      body: { code: await codeOf(sceau, person), ...body },
      headers: { ...browser.cookieHeader(sceau.url), ...headers },
    });
  const page = (fragment: string, language: string) =>
    FakeBrowser.open(
      `${sceau.settings.federation.returnUrl}#${fragment}`,
      language,
      browser.cookieHeader(sceau.url)['cookie'],
    );

  it('who did not want to is told so, and it is recorded', async () => {
    const url = new URL(await back());
    url.searchParams.delete('code');
    url.searchParams.set('error', 'access_denied');
    expect(await arrive(browser, url.href)).toBe('federation=cancelled');
    const reasons = (await entriesOf(sceau, 'federation.refused')).map(({ reason }) => reason);
    expect(reasons).toContain('access_denied');
    // The state is used up all the same.
    expect(await arrive(browser, url.href)).toBe('federation=refused');
  });

  it.each([
    ['linked', 'Identité rattachée', 'Identity linked'],
    ['unlinked', 'Identité inconnue ici', 'Identity not known here'],
    ['cancelled', 'Connexion interrompue', 'Sign-in broken off'],
    ['refused', 'Connexion refusée', 'Sign-in refused'],
    ['taken', 'Déjà rattachée', 'Linked already'],
    ['unavailable', 'Fournisseur injoignable', 'Provider out of reach'],
  ])('is told what has become of it: %s', async (outcome, french, english) => {
    expect((await page(`federation=${outcome}`, 'fr-FR')).page.text).toContain(french);
    expect((await page(`federation=${outcome}`, 'en')).page.text).toContain(english);
  });

  it('signs in on the page with the code of the authenticator', async () => {
    const ticket = await recognised();
    const opened = await page(`federation-ticket=${ticket}`, 'fr');
    expect(opened.address).not.toContain(ticket);
    await opened.submit(await person.authenticator.wrongCode(sceau.clock.now().getTime()));
    expect(opened.alert).toContain('Refusé');
    await opened.submit(await codeOf(sceau, person));
    expect(opened.page.text).toContain('Vous êtes connecté');
  });

  it('gets a cookie on our own pages only', async () => {
    const ticket = await recognised();
    for (const headers of [{}, { ...OUR_PAGES, 'sec-fetch-site': 'same-site' }]) {
      const { status, body } = await enter({ ticket, transport: 'cookie' }, headers);
      expect([status, record(body)['code']]).toEqual([403, 'cross_site_request']);
    }
    const { status, headers } = await enter({ ticket, transport: 'cookie' }, OUR_PAGES);
    expect(status).toBe(201);
    expect(headers.getSetCookie().filter((cookie) => /^__Host-sceau=[\w-]{43};/.test(cookie))).toHaveLength(
      1,
    );
  });

  it('does not leave the session open that the browser came with', async () => {
    const { client, token } = await signIn(sceau, person);
    const ticket = await recognised();
    sceau.clock.advance({ minutes: 1 });
    const entered = await enter({ ticket, transport: 'token' }, { authorization: `Bearer ${token}` });
    expect(entered.status).toBe(201);
    expect((await client.request('/v1/me/sessions')).status).toBe(401);
  });

  it('is told by mail when nobody has come from there before', async () => {
    await sceau.database.query('DELETE FROM identity.known_network');
    const ticket = await recognised();
    expect((await enter({ ticket, transport: 'token' })).status).toBe(201);
    await sceau.mailTo(person.email, /Connexion depuis un réseau/);
  });

  it('cannot go on with what was begun before all sessions were ended', async () => {
    const ticket = await recognised();
    const linking = new TestBrowser();
    const other = await signUpCandidate(sceau);
    federated.franceconnect.reset(`revenant-${people}-autre`);
    const begun = await other.client.request('/v1/me/identities/franceconnect', { method: 'POST' });
    linking.keep(sceau.url, begun.headers);
    const callback = await linking.follow(
      String(record(begun.body)['url']),
      `${sceau.url}/v1/federation/franceconnect/callback`,
    );
    for (const { client } of [person, other])
      expect((await client.request('/v1/me/sessions', { method: 'DELETE' })).status).toBe(204);
    expect((await enter({ ticket, transport: 'token' })).status).toBe(401);
    expect(await arrive(linking, callback)).toBe('federation=refused');
  });

  it('is not let in who was on the way when all sessions were ended', async () => {
    const end = () => person.client.request('/v1/me/sessions', { method: 'DELETE' });
    const ticket = await recognised();
    const factors = service(sceau, SecondFactor);
    const check = factors.check.bind(factors);
    spyOn(factors, 'check').mockImplementationOnce(async (account, factor) => {
      const proof = await check(account, factor);
      expect((await end()).status).toBe(204);
      return proof;
    });
    expect((await enter({ ticket, transport: 'token' })).status).toBe(401);
  });

  it('is not linked who was on the way when all sessions were ended', async () => {
    const other = await signUpCandidate(sceau);
    federated.franceconnect.reset(`revenant-${people}-plus-tard`);
    const providers = service(sceau, IdentityProviders);
    const identify = providers.identify.bind(providers);
    spyOn(providers, 'identify').mockImplementationOnce(async (...asked) => {
      const identity = await identify(...asked);
      expect((await other.client.request('/v1/me/sessions', { method: 'DELETE' })).status).toBe(204);
      return identity;
    });
    expect(await linkIdentity(sceau, other.client, 'franceconnect')).toBe('federation=refused');
    const { client } = await signIn(sceau, other);
    expect((await client.request('/v1/me/identities')).body).toMatchObject({ items: [] });
  });

  it('stays linked where the other sessions do not end with the link', async () => {
    await stepUp(sceau, person);
    const linked = async () => record((await person.client.request('/v1/me/identities')).body)['items'];
    const [identity] = [await linked()].flat();
    spyOn(service(sceau, SessionRows), 'deleteOld').mockRejectedValueOnce(new Error('broken'));
    const path = `/v1/me/identities/${String(record(identity)['id'])}`;
    expect((await person.client.request(path, { method: 'DELETE' })).status).toBe(500);
    expect(await linked()).toEqual([identity]);
  });

  it('is alone signed in once the identity is unlinked', async () => {
    const elsewhere = await signIn(sceau, person);
    await stepUp(sceau, person);
    const { items } = record((await person.client.request('/v1/me/identities')).body);
    const [linked] = Array.isArray(items) ? items : [];
    const path = `/v1/me/identities/${String(record(linked)['id'])}`;
    expect((await person.client.request(path, { method: 'DELETE' })).status).toBe(204);
    expect((await elsewhere.client.request('/v1/me/sessions')).status).toBe(401);
    expect(await sessionsOf(person.client)).toHaveLength(1);
  });
});

describe('to a provider that is out of reach', () => {
  it('a browser is not sent, and is told why', async () => {
    const port = await freePort();
    const sceau = await startSceau({
      adjust: (settings) => {
        const franceconnect = {
          issuer: `http://127.0.0.1:${port}/api/v2`,
          clientId: 'sceau',
          clientSecret: 'secret',
          scope: 'openid',
          signature: 'ES256' as const,
          acr: ['eidas1'],
        };
        return new Settings({ ...settings, federation: { ...settings.federation, franceconnect } });
      },
    });
    const answer = await new TestBrowser().open(`${sceau.url}/v1/federation/franceconnect/start`);
    expect([answer.status, answer.headers.get('location')]).toEqual([
      303,
      `${sceau.settings.federation.returnUrl}#federation=unavailable`,
    ]);
    await sceau.stop();
  }, 60_000);
});
