import type { Exchange } from '../../../../tools/client/exchange.ts';
import { PersonClient } from '../../../../tools/client/person.ts';
import { Authenticator } from '../../../../tools/client/authenticator.ts';
import { type CandidateActor, record, signUpCandidate } from '../../../support/actors.js';
import type { Sceau } from '../../../support/sceau.js';
import { signIn, stepUp } from '../../identity/person.js';

const NEW_PASSWORD = 'cinq moutons verts sous la pluie';

function expectStatus(status: number, exchange: Exchange): Record<string, unknown> {
  const { method, path, body } = exchange;
  if (exchange.status !== status)
    throw new Error(`${method} ${path}: ${exchange.status} ${JSON.stringify(body)}`);
  return record(body ?? {});
}

async function tokenTo(sceau: Sceau, address: string, subject: RegExp): Promise<string> {
  return /^[\w-]{43}$/m.exec((await sceau.mailTo(address, subject)).text)?.[0] ?? '';
}

/** Each change of what somebody signs in with. */
export async function walkAccount(sceau: Sceau): Promise<void> {
  const anyone = new PersonClient(sceau.url);
  const person: CandidateActor = await signUpCandidate(sceau);
  const { client, email } = person;
  await signIn(sceau, person);
  expectStatus(200, await stepUp(sceau, person));
  expectStatus(200, await client.request('/v1/me'));
  // And back: the mails below are read in French.
  for (const locale of ['en', 'fr'])
    expectStatus(200, await client.request('/v1/me', { method: 'PATCH', body: { locale } }));
  const { password: current } = person;
  const change = { method: 'PUT', body: { current, password: NEW_PASSWORD } };
  expectStatus(204, await client.request('/v1/me/password', change));
  expectStatus(200, await client.request('/v1/me/recovery-codes', { method: 'POST', body: {} }));
  const moved = `nouvelle.${email}`;
  const wish = { method: 'PUT', body: { current: NEW_PASSWORD, email: moved } };
  expectStatus(202, await client.request('/v1/me/email', wish));
  for (const [address, subject] of [
    [email, /changement|change/],
    [moved, /nouvelle|new/],
  ] as const) {
    const token = await tokenTo(sceau, address, subject);
    expectStatus(200, await anyone.request('/v1/email/confirm', { body: { token } }));
  }
  const renamed = { ...person, email: moved, password: NEW_PASSWORD };
  const again = await signIn(sceau, renamed);
  const offer = expectStatus(200, await again.client.request('/v1/me/totp', { method: 'POST', body: {} }));
  const authenticator = new Authenticator(String(offer['secret']));
  const code = await authenticator.code(sceau.clock.now().getTime());
  expectStatus(200, await again.client.request('/v1/me/totp/confirm', { body: { code } }));
  expectStatus(202, await anyone.request('/v1/password/forgotten', { body: { email: moved } }));
  const token = await tokenTo(sceau, moved, /mot de passe$/);
  sceau.clock.advance({ minutes: 1 });
  const reset = {
    token,
    password: person.password,
    code: await authenticator.code(sceau.clock.now().getTime()),
  };
  expectStatus(204, await anyone.request('/v1/password/reset', { body: reset }));
}
