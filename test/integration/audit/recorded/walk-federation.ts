import { record, signUpCandidate } from '../../../support/actors.js';
import type { Federated } from '../../../support/federation.js';
import { TestBrowser } from '../../../support/identity-provider-browser.js';
import { arrive, comeBack, linkIdentity, ticketOf } from '../../identity/federation-fixture.js';

/** Every route about identities of providers, with an answer that nobody has asked for and a wrong code among them. */
export async function walkFederation({ sceau, franceconnect }: Federated): Promise<void> {
  const { client, authenticator } = await signUpCandidate(sceau);
  franceconnect.reset('personne');
  await linkIdentity(sceau, client, 'franceconnect');
  const listed = record((await client.request('/v1/me/identities')).body)['items'];
  const id = String(record(Array.isArray(listed) ? listed[0] : {})['id']);
  const browser = new TestBrowser();
  const callback = await comeBack(sceau, 'franceconnect', browser);
  const ticket = ticketOf(await arrive(browser, callback));
  await arrive(browser, callback);
  const now = sceau.clock.now().getTime();
  const enter = (code: string, given = ticket) =>
    fetch(`${sceau.url}/v1/federation/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...browser.cookieHeader(sceau.url) },
      body: JSON.stringify({ ticket: given, code, transport: 'token' }),
    });
  await enter(await authenticator.code(now));
  const another = ticketOf(await arrive(browser, await comeBack(sceau, 'franceconnect', browser)));
  const wrong = await authenticator.wrongCode(now);
  while ((await enter(wrong, another)).status !== 429);
  await client.request(`/v1/me/identities/${id}`, { method: 'DELETE' });
}
