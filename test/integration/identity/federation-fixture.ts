import type { FederationProvider } from '../../../src/platform/config/settings.js';
import type { PersonClient } from '../../../tools/client/person.ts';
import { record } from '../../support/actors.js';
import { TestBrowser } from '../../support/identity-provider-browser.js';
import type { Sceau } from '../../support/sceau.js';

const WELCOME = '/welcome#';

/** Links the identity that the provider recognises to a signed-in person's account. @returns the fragment */
export async function linkIdentity(
  { url }: Sceau,
  client: PersonClient,
  provider: FederationProvider,
): Promise<string> {
  const browser = new TestBrowser();
  const answer = await client.request(`/v1/me/identities/${provider}`, { method: 'POST' });
  browser.keep(url, answer.headers);
  return fragment(await browser.follow(String(record(answer.body)['url']), `${url}${WELCOME}`));
}

/** Goes to the provider and back, up to the callback, which is not opened. */
export async function comeBack(
  { url }: Sceau,
  provider: FederationProvider,
  browser: TestBrowser,
): Promise<string> {
  const start = `${url}/v1/federation/${provider}/start`;
  return browser.follow(start, `${url}/v1/federation/${provider}/callback`);
}

/** @returns what the callback has led to: the fragment, or the status and code of a refusal */
export async function arrive(browser: TestBrowser, callback: string): Promise<string> {
  const response = await browser.open(callback);
  if (response.status === 303) return fragment(response.headers.get('location') ?? '');
  return `${response.status} ${String(record(await response.json())['code'])}`;
}

const fragment = (url: string): string => new URL(url).hash.slice(1);

export const ticketOf = (arrived: string): string => {
  const ticket = /^federation-ticket=([\w-]{43})$/.exec(arrived)?.[1];
  if (ticket === undefined) throw new Error(`There is no ticket but ${arrived}.`);
  return ticket;
};
