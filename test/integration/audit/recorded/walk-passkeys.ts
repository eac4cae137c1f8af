import { PersonClient } from '../../../../tools/client/person.ts';
import { type CandidateActor, record, signUpCandidate } from '../../../support/actors.js';
import { addPasskey, passkeyOptions } from '../../../support/passkeys.js';
import type { Sceau } from '../../../support/sceau.js';
import { SoftwareAuthenticator } from '../../../support/software-authenticator.js';

/** Every route about passkeys, with a wrong answer and a copied passkey among them. */
export async function walkPasskeys(sceau: Sceau): Promise<void> {
  const candidate = await signUpCandidate(sceau);
  const { client, recoveryCodes } = candidate;
  const anyone = new PersonClient(sceau.url);
  const [first, second] = recoveryCodes;
  await signIn(sceau, candidate, { recoveryCode: first }, 201);
  const { id, authenticator } = await addPasskey(client);
  await expectStatus(200, client.request('/v1/me/passkeys'));
  const wrong = record((await client.request('/v1/me/passkeys', { method: 'POST' })).body);
  const answer = new SoftwareAuthenticator().create(wrong['options'], { rpId: 'example.fr' });
  await expectStatus(401, client.request(`/v1/me/passkeys/${String(wrong['id'])}/confirm`, { body: answer }));
  const passkey = authenticator.get(await passkeyOptions(anyone, 'step_up'));
  const stepped = await expectStatus(200, client.request('/v1/sessions/step-up', { body: { passkey } }));
  client.useToken(String(record(stepped.body)['token']));
  const copied = authenticator.get(await passkeyOptions(anyone, 'sign_in'), { counter: 1 });
  await signIn(sceau, candidate, { passkey: copied }, 401);
  await signIn(sceau, candidate, { recoveryCode: second }, 201);
  const renaming = { method: 'PATCH', body: { name: 'Clé du bureau' } };
  await expectStatus(200, client.request(`/v1/me/passkeys/${id}`, renaming));
  await expectStatus(204, client.request(`/v1/me/passkeys/${id}`, { method: 'DELETE' }));
}

async function signIn(
  sceau: Sceau,
  { email, password }: CandidateActor,
  factor: object,
  status: number,
): Promise<void> {
  const body = { email, password, transport: 'token', ...factor };
  await expectStatus(status, new PersonClient(sceau.url).request('/v1/sessions', { body }));
}

async function expectStatus(status: number, asked: ReturnType<PersonClient['request']>) {
  const exchange = await asked;
  if (exchange.status === status) return exchange;
  const { code, errors } = record(exchange.body ?? {});
  throw new Error(
    `${exchange.method} ${exchange.path}: ${exchange.status} ${JSON.stringify({ code, errors })}`,
  );
}
