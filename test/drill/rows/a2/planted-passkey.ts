import { newId } from '../../../../src/kernel/ids.js';
import { PersonClient } from '../../../../tools/client/person.ts';
import { addPasskey, passkeyOptions } from '../../../support/passkeys.js';
import { type Deviation, SoftwareAuthenticator } from '../../../support/software-authenticator.js';
import type { Candidate } from '../../population/candidate.ts';
import { personOf } from '../../population/person.ts';
import { type Answer, type Planting, request } from './planting.ts';
import type { Scene } from './swaps.ts';
import { AS_IDENTITY } from './writer.ts';

const WAYS = ['copied', 'moved'] as const;
interface Added {
  readonly id: string;
  readonly authenticator: SoftwareAuthenticator;
}

/** What the thief signs with: one whose row is copied, and one whose row is moved. */
const added = new Map<(typeof WAYS)[number], Added>();

/** Whoever knows the victim's password as well, from elsewhere, has only the second factor to plant. */
export const passkey: Planting = {
  what: 'the own passkeys at an account whose password is known',
  async prepare(scene) {
    for (const way of WAYS) added.set(way, await addedTo(scene));
  },
  async write({ system, writer, victim }) {
    const [copied, moved] = WAYS.map((way) => added.get(way)?.id);
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
    for (const { authenticator } of added.values())
      // With the handle of the account that it was made for, and without one, as simple keys answer.
      for (const deviation of [{}, { userHandle: null }])
        answers.push(...(await signedInWith(system.url, victim, authenticator, deviation)));
    await system.database.query('DELETE FROM identity.passkey WHERE account_id = $1', [victim.id]);
    return answers;
  },
};

/** A passkey of the thief's that opens their own account. */
async function addedTo({ system, thief, client }: Scene): Promise<Added> {
  const { id, authenticator } = await addPasskey(client, new SoftwareAuthenticator({ origin: system.url }));
  const [answer] = await signedInWith(system.url, thief, authenticator);
  if (answer?.status !== 201) throw new Error(`The thief’s own passkey is answered ${answer?.status}.`);
  return { id, authenticator };
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
