import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { type Sceau, startSceau } from '../../support/sceau.js';

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
});
