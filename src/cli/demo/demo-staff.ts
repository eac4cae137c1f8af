import { randomBytes } from 'node:crypto';
import type { INestApplicationContext } from '@nestjs/common';
import { generate } from 'otplib';
import { Clock } from '../../kernel/clock.js';
import {
  type Enrolled,
  Enrolment,
  Invitations,
  SessionEnds,
  Sessions,
} from '../../modules/identity/index.js';
import { commandContext } from '../rooms.js';

/** What a member of staff signs in with. The demo knows it because it plays that person. */
export interface DemoStaff {
  readonly email: string;
  readonly password: string;
  readonly totpSecret: string;
  readonly recoveryCodes: readonly string[];
}

/** Invites a member of staff and comes in as they would: by the link, with a password and an authenticator. */
export async function comeInAsStaff(
  rooms: INestApplicationContext,
  email: string,
  role: 'auditor' | 'operator',
): Promise<DemoStaff> {
  const context = commandContext('demo');
  const invitations = rooms.get(Invitations, { strict: false });
  const enrolment = rooms.get(Enrolment, { strict: false });
  const sessions = rooms.get(Sessions, { strict: false });
  const ends = rooms.get(SessionEnds, { strict: false });
  const clock = rooms.get(Clock, { strict: false });
  const password = randomBytes(18).toString('base64url');
  const { token } = await invitations.inviteByHand(context, { email, role, locale: 'fr' });
  const ticket = await invitations.accept(context, token, password);
  const { secret } = await enrolment.offer(context, ticket);
  // The step before the present one, so that the present one's code is still good for signing in.
  const enrol = async (): Promise<Enrolled> => {
    const epoch = Math.floor(clock.now().getTime() / 1_000) - 30;
    return enrolment.confirm(context, ticket, await generate({ secret, epoch }), 'token');
  };
  // A step may end while its code is on the way: then the next one's is right.
  const { recoveryCodes, session } = await enrol().catch(enrol);
  const person = await sessions.recognise(context, session.token);
  if (person !== undefined) await ends.endAll({ ...context, actor: person.actor });
  return { email, password, totpSecret: secret, recoveryCodes };
}
