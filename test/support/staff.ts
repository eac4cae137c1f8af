import { randomBytes } from 'node:crypto';
import { Authenticator } from '../../tools/client/authenticator.ts';
import { PersonClient } from '../../tools/client/person.ts';
import type { AccountId } from '../../src/kernel/ids.js';
import { Invitations } from '../../src/modules/identity/index.js';
import { record, systemContext } from './actors.js';
import type { Reachable } from './sceau.js';

export interface StaffActor {
  readonly id: AccountId;
  readonly client: PersonClient;
  /** Of the session. */
  readonly token: string;
  readonly email: string;
  readonly password: string;
  readonly authenticator: Authenticator;
}

export const STAFF_PASSWORD = 'trois phares blancs dans la brume';

/** Invites a member of staff by hand and comes in by the link through the API, as that person would. */
export async function comeInAsStaff(sceau: Reachable, role: 'auditor' | 'operator'): Promise<StaffActor> {
  const email = `${role}.${randomBytes(6).toString('hex')}@example.fr`;
  const { id, token } = await sceau.app
    .get(Invitations, { strict: false })
    .inviteByHand(systemContext(), { email, role, locale: 'fr' });
  return { id, email, ...(await acceptInvitation(sceau, token)) };
}

/** By a link, with password and authenticator, to a session. */
export async function acceptInvitation(
  sceau: Reachable,
  token: string,
): Promise<Omit<StaffActor, 'id' | 'email'>> {
  const client = new PersonClient(sceau.url);
  const post = async (path: string, body: object): Promise<Record<string, unknown>> => {
    const { status, body: answer } = await client.request(path, { body });
    if (status !== 200) throw new Error(`${path} answers ${status}.`);
    return record(answer);
  };
  const { ticket } = await post('/v1/invitations/accept', { token, password: STAFF_PASSWORD });
  const { secret } = await post('/v1/totp/enrolments', { ticket });
  const authenticator = new Authenticator(String(secret));
  // The code before the present one, so that the present one is still good; the next one if time has gone on meanwhile.
  const confirm = async (): Promise<Record<string, unknown>> => {
    const code = await authenticator.code(sceau.clock.now().getTime() - 30_000);
    return post('/v1/totp/enrolments/confirm', { ticket, code, transport: 'token' });
  };
  const { session } = await confirm().catch(confirm);
  const own = String(record(session)['token']);
  client.useToken(own);
  return { client, token: own, password: STAFF_PASSWORD, authenticator };
}

/** A member of staff, signed in. */
export async function signInStaff(sceau: Reachable, role: 'auditor' | 'operator'): Promise<PersonClient> {
  return (await comeInAsStaff(sceau, role)).client;
}
