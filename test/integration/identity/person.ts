import { PersonClient } from '../../../tools/client/person.ts';
import { type CandidateActor, record } from '../../support/actors.js';
import type { Sceau } from '../../support/sceau.js';

export const OUR_PAGES = { 'sec-fetch-site': 'same-origin', 'x-requested-by': 'sceau' };

/** Signs in with whatever factor is given, else with a code that was not used yet: time passes first. */
export async function signIn(
  sceau: Sceau,
  person: Pick<CandidateActor, 'email' | 'password' | 'authenticator'>,
  given: { body?: object; headers?: Record<string, string> } = {},
) {
  sceau.clock.advance({ minutes: 1 });
  const code = await person.authenticator.code(sceau.clock.now().getTime());
  const factor = given.body !== undefined && 'recoveryCode' in given.body ? {} : { code };
  const { email, password } = person;
  const client = new PersonClient(sceau.url);
  const exchange = await client.request('/v1/sessions', {
    body: { email, password, ...factor, transport: 'token', ...given.body },
    headers: given.headers ?? {},
  });
  const body = record(exchange.body);
  const token = String(body['token']);
  if (exchange.status === 201 && body['token'] !== undefined) client.useToken(token);
  return { client, token, id: String(body['id']), exchange };
}

/** The cookie that an answer sets, as a browser would send it back. */
export function cookieOf(headers: Headers): string {
  return headers.getSetCookie()[0]?.split(';')[0] ?? '';
}

export async function stepUp(sceau: Sceau, person: CandidateActor, client = person.client) {
  sceau.clock.advance({ minutes: 1 });
  const code = await person.authenticator.code(sceau.clock.now().getTime());
  const exchange = await client.request('/v1/sessions/step-up', { body: { code } });
  if (exchange.status === 200) client.useToken(String(record(exchange.body)['token']));
  return exchange;
}

export async function sessionsOf(client: PersonClient): Promise<readonly Record<string, unknown>[]> {
  const { items } = record((await client.request('/v1/me/sessions')).body);
  return Array.isArray(items) ? items.map(record) : [];
}
