import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { Invitations } from '../../../src/modules/identity/index.js';
import { Authenticator } from '../../../tools/client/authenticator.ts';
import { PersonClient } from '../../../tools/client/person.ts';
import { systemContext } from '../../support/actors.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { FakeBrowser } from './fake-browser.js';
import { SignUp } from './sign-up.js';

const PAGE = join(import.meta.dirname, '../../../src/api/public/welcome/page');

/** The page that mailed links lead to. */
describe('the welcome page', () => {
  let sceau: Sceau;

  beforeAll(async () => {
    sceau = await startSceau();
  }, 60_000);

  afterAll(() => sceau.stop());

  const get = async (path: string) => {
    const response = await fetch(new URL(path, sceau.url), { headers: { accept: '*/*' } });
    return { status: response.status, headers: response.headers, text: await response.text() };
  };

  it.each([
    ['/welcome', 'text/html; charset=utf-8'],
    ['/welcome/welcome.js', 'text/javascript; charset=utf-8'],
    ['/welcome/welcome.css', 'text/css; charset=utf-8'],
  ])('serves %s to anybody, with nothing from elsewhere allowed', async (path, type) => {
    const { status, headers } = await get(path);
    expect([status, headers.get('content-type')]).toEqual([200, type]);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'; img-src data:");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
  });

  it('names what it loads, and that is all of it its own', async () => {
    const { text } = await get('/welcome');
    const loaded = [...text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path = '']) => path);
    expect(loaded).toEqual(['welcome/welcome.css', 'welcome/welcome.js']);
    for (const path of loaded) expect((await get(`/${path}`)).status).toBe(200);
    // Under the policy, neither would do anything.
    expect(text).not.toMatch(/<style|style=|\son\w+=|<script(?! src=)/);
  });

  it('has a script that is whole, writes no markup and speaks of nothing beyond the API', async () => {
    const source = await readFile(join(PAGE, 'welcome.js'), 'utf8');
    expect(() => new Script(source)).not.toThrow();
    expect(source).not.toMatch(
      /innerHTML|outerHTML|insertAdjacent|document\.write|eval\(|localStorage|https?:/,
    );
    const paths = [...source.matchAll(/'(v1\/[^']+)'/g)].map(([, path]) => path);
    expect(new Set(paths)).toEqual(
      new Set([
        'v1/registrations/confirm',
        'v1/invitations/accept',
        'v1/totp/enrolments',
        'v1/totp/enrolments/confirm',
        'v1/federation/sessions',
      ]),
    );
  });

  it('says everything in both languages', async () => {
    const source = await readFile(join(PAGE, 'welcome.js'), 'utf8');
    const keysOf = (language: string): readonly string[] => {
      const [, block = ''] =
        new RegExp(`^    ${language}: \\{$([\\s\\S]*?)^    \\},$`, 'm').exec(source) ?? [];
      return [...block.matchAll(/^ {6}(\w+):/gm)].map(([, key = '']) => key);
    };
    expect(keysOf('fr').length).toBeGreaterThan(15);
    expect(keysOf('en')).toEqual(keysOf('fr'));
  });

  it('takes a person from the mailed link to an active account', async () => {
    const token = await new SignUp(sceau).link('camille@example.fr');
    const browser = await FakeBrowser.open(`${sceau.url}/welcome#confirm=${token}`, 'fr-FR');
    // Neither in the history nor over somebody's shoulder.
    expect(browser.address).toBe('/welcome');
    expect(browser.root).toMatchObject({ lang: 'fr' });
    await browser.submit();
    expect(browser.page.text).toContain('Enregistrer une application d’authentification');
    expect(browser.page.all('img')[0]?.src).toMatch(/^data:image\/svg\+xml;base64,/);
    const [secret = ''] = browser.codes;
    await browser.submit('12345');
    expect(browser.alert).toMatch(/\S/);
    await browser.submit(await new Authenticator(secret).code(sceau.clock.now().getTime()));
    expect(browser.page.text).toContain('Votre compte est actif');
    expect(new Set(browser.codes).size).toBe(10);
    browser.changeLanguage();
    expect(browser.page.text).toContain('Your account is active');
    const [recoveryCode] = browser.codes;
    const password = 'quatre chevaux bleus sur la digue';
    const body = { email: 'camille@example.fr', password, recoveryCode, transport: 'token' };
    expect((await new PersonClient(sceau.url).request('/v1/sessions', { body })).status).toBe(201);
  });

  it('takes an invited person there as well, and says why a password or a link is refused', async () => {
    const wanted = { email: 'auditrice@example.fr', role: 'auditor', locale: 'en' } as const;
    const invitations = sceau.app.get(Invitations, { strict: false });
    const { link } = await invitations.inviteByHand(systemContext(), wanted);
    const browser = await FakeBrowser.open(link, 'en');
    await browser.submit('too short');
    expect(browser.alert).toMatch(/^Use at least 15 characters; a sentence is easiest to remember\./);
    await browser.submit('three white lighthouses in the mist');
    await browser.submit(await new Authenticator(browser.codes[0] ?? '').code(sceau.clock.now().getTime()));
    expect(browser.page.text).toContain('Your account is active');
    const again = await FakeBrowser.open(link, 'de');
    await again.submit('three white lighthouses in the mist');
    expect(again.alert).toBe('Refused: the link or the code is not valid, was used already or has expired.');
    expect((await FakeBrowser.open(`${sceau.url}/welcome`, 'fr')).page.text).toContain('Ouvrez le lien');
  });
});
