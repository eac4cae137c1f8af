import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createContext, Script } from 'node:vm';
import { eventually } from '../../support/eventually.js';

const SCRIPT = join(import.meta.dirname, '../../../src/api/public/welcome/page/welcome.js');

type Listener = (event: { preventDefault(): void }) => unknown;

/** As much of an element as the page's script uses. */
class FakeElement {
  readonly tag: string;
  readonly listeners = new Map<string, Listener>();
  children: (FakeElement | string)[] = [];
  textContent = '';
  value = '';
  src = '';
  role = '';
  disabled = false;

  constructor(name: string) {
    this.tag = name;
  }

  append(...children: (FakeElement | string)[]): void {
    this.children.push(...children);
  }

  replaceChildren(...children: (FakeElement | string)[]): void {
    this.children = children;
  }

  addEventListener(kind: string, listener: Listener): void {
    this.listeners.set(kind, listener);
  }

  all(tag: string): readonly FakeElement[] {
    return this.children.flatMap((child) =>
      typeof child === 'string' ? [] : [...(child.tag === tag ? [child] : []), ...child.all(tag)],
    );
  }

  get text(): string {
    const below = this.children.map((child) => (typeof child === 'string' ? child : child.text));
    return [this.textContent, ...below].join('\n');
  }
}

/** The welcome page's own script, run with a document of ours against the real API. */
export class FakeBrowser {
  readonly page = new FakeElement('main');
  readonly root = new FakeElement('html');
  /** What stands in the address bar. */
  address: string;

  private constructor(address: string) {
    this.address = address;
  }

  /** @param cookie what the browser has of the site */
  static async open(link: string, language: string, cookie = ''): Promise<FakeBrowser> {
    const url = new URL(link);
    const browser = new FakeBrowser(link);
    const window = {
      document: {
        getElementById: () => browser.page,
        createElement: (name: string) => new FakeElement(name),
        documentElement: browser.root,
      },
      location: { hash: url.hash, pathname: url.pathname },
      history: { replaceState: (_: unknown, __: string, path: string) => (browser.address = path) },
      navigator: { language },
      fetch: (path: string, init: RequestInit) => {
        const headers = new Headers(init.headers);
        headers.set('sec-fetch-site', 'same-origin');
        if (cookie !== '') headers.set('cookie', cookie);
        return fetch(new URL(path, url), { ...init, headers });
      },
    };
    new Script(await readFile(SCRIPT, 'utf8')).runInContext(createContext(window));
    return browser;
  }

  /** Types into the only field, if there is one, and presses the form's button; waits until the page has moved on. */
  async submit(typed?: string): Promise<void> {
    const [form] = this.page.all('form');
    const [input] = this.page.all('input');
    if (input !== undefined) input.value = typed ?? '';
    form?.listeners.get('submit')?.({ preventDefault: () => undefined });
    await eventually('the next step', async () => (this.page.all('form')[0] === form ? undefined : true));
  }

  /** Presses the button that changes the language. */
  changeLanguage(): void {
    this.page.all('nav')[0]?.all('button')[0]?.listeners.get('click')?.({ preventDefault: () => undefined });
  }

  get codes(): readonly string[] {
    return this.page.all('code').map(({ textContent }) => textContent);
  }

  get alert(): string | undefined {
    return this.page.all('p').find(({ role }) => role === 'alert')?.textContent;
  }
}
