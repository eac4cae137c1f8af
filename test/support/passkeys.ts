import type { PersonClient } from '../../tools/client/person.ts';
import { record } from './actors.js';
import { SoftwareAuthenticator } from './software-authenticator.js';

/** Adds a passkey to a signed-in person's account, as their browser would. */
export async function addPasskey(
  client: PersonClient,
  authenticator = new SoftwareAuthenticator(),
  named: { readonly name?: string } = {},
): Promise<{ readonly id: string; readonly authenticator: SoftwareAuthenticator }> {
  const { id, options } = record((await client.request('/v1/me/passkeys', { method: 'POST' })).body);
  const path = `/v1/me/passkeys/${String(id)}/confirm`;
  const added = await client.request(path, {
    body: { ...authenticator.create(options), ...named },
  });
  if (added.status !== 200) throw new Error(`${path}: ${added.status} ${JSON.stringify(added.body)}`);
  return { id: String(id), authenticator };
}

/** Options for a passkey, as anyone gets them. */
export async function passkeyOptions(
  client: PersonClient,
  purpose: 'sign_in' | 'step_up',
): Promise<Record<string, unknown>> {
  return record((await client.request('/v1/passkeys/challenges', { body: { purpose } })).body);
}
