import { newId } from '../../../../src/kernel/ids.js';
import { PersonClient } from '../../../../tools/client/person.ts';
import { addPasskey, passkeyOptions } from '../../../support/passkeys.js';
import { type Deviation, SoftwareAuthenticator } from '../../../support/software-authenticator.js';
import type { Candidate } from '../../population/candidate.ts';
import { personOf } from '../../population/person.ts';
import { type Answer, type Planting, request } from './planting.ts';
import type { Scene } from './swaps.ts';
import { AS_IDENTITY } from './writer.ts';

/** What the thief signs with: one whose row was copied, and one whose row was moved. */
const authenticators = new Map<'copied' | 'moved', SoftwareAuthenticator>();

/** Whoever knows the victim's password as well, from elsewhere, has only the second factor to plant. */
export const passkey: Planting = {
  what: 'the own passkeys at an account whose password is known',
  async write(scene) {
    const { system, writer, victim } = scene;
    const [copied, moved] = [await added(scene, 'copied'), await added(scene, 'moved')];
    const [row] = await system.database.query<{ row: Readonly<Record<string, unknown>> }>(
      'SELECT to_jsonb(p) AS row FROM identity.passkey p WHERE id = $1',
      [copied],
    );
    const planted = { ...row?.row, id: newId<'passkey'>(Date.now()), account_id: victim.id };
    return [
      // No two rows may be of one credential.
      await writer.write('DELETE FROM identity.passkey WHERE id = $1', [copied], AS_IDENTITY),
      await writer.plant('identity.passkey', planted, [AS_IDENTITY]),
      await writer.write(
        'UPDATE identity.passkey SET account_id = $1 WHERE id = $2',
        [victim.id, moved],
        AS_IDENTITY,
      ),
    ];
  },
  async use({ system, victim }) {
    const answers: Answer[] = [];
    for (const authenticator of authenticators.values())
      // With the handle of the account that it was made for, and without one, as simple keys answer.
      for (const deviation of [{}, { userHandle: null }])
        answers.push(...(await signedInWith(system.url, victim, authenticator, deviation)));
    await system.database.query('DELETE FROM identity.passkey WHERE account_id = $1', [victim.id]);
    return answers;
  },
};

/** A passkey of the thief's that opens their own account. @returns its id */
async function added({ system, thief, client }: Scene, way: 'copied' | 'moved'): Promise<string> {
  const { id, authenticator } = await addPasskey(client, new SoftwareAuthenticator({ origin: system.url }));
  const [answer] = await signedInWith(system.url, thief, authenticator);
  if (answer?.status !== 201) throw new Error(`The thief’s own passkey is answered ${answer?.status}.`);
  authenticators.set(way, authenticator);
  return id;
}

async function signedInWith(
  url: string,
  { person }: Candidate,
  authenticator: SoftwareAuthenticator,
  deviation: Deviation = {},
): Promise<Answer[]> {
  const { email, password } = personOf(person);
  const signed = authenticator.get(await passkeyOptions(new PersonClient(url), 'sign_in'), deviation);
  return request(url, '/v1/sessions', { email, password, passkey: signed, transport: 'token' });
}
