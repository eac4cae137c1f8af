import { createHash, randomBytes } from 'node:crypto';
import { Authenticator } from '../../../../tools/client/authenticator.ts';
import { newId } from '../../../../src/kernel/ids.js';
import { personOf } from '../../population/person.ts';
import { type Planting, request } from './planting.ts';
import { AS_IDENTITY } from './writer.ts';

const HOUR_MS = 3_600_000;
const CHOSEN = 'neuf loutres rousses dans le port';

/** What a mailed link is for, and where it is used. */
const LINKS = [
  ['confirmation', '/v1/registrations/confirm'],
  ['enrolment', '/v1/totp/enrolments/confirm'],
  ['invitation', '/v1/invitations/accept'],
  ['password_reset', '/v1/password/reset'],
  ['email_change_old', '/v1/email/confirm'],
  ['email_change_new', '/v1/email/confirm'],
  ['recovery', '/v1/recoveries/complete'],
  ['recovery_stop', '/v1/recoveries/stop'],
] as const;
const TOKENS = LINKS.map(() => randomBytes(32).toString('base64url'));

const inHex = (bytes: Buffer): string => `\\x${bytes.toString('hex')}`;
const invented = (): string => inHex(randomBytes(32));

/** By the token of such a link one comes in as its account: with a factor beside it, or alone. */
export const tickets: Planting = {
  what: 'tickets of every purpose with chosen tokens, beside a recovery that is ready and a code of the victim’s authenticator',
  async write({ system, writer, victim }) {
    const [account] = await system.database.query<{ epoch: number }>(
      'SELECT credential_epoch AS epoch FROM identity.account WHERE id = $1',
      [victim.id],
    );
    const now = Date.now();
    const own = { account_id: victim.id, credential_epoch: account?.epoch };
    const recovery = {
      ...own,
      id: newId<'recovery'>(now),
      status: 'ready',
      asked_at: new Date(now - HOUR_MS),
      due_at: new Date(now + HOUR_MS),
      revision: 1,
      mac: invented(),
    };
    const outcomes = [await writer.plant('identity.recovery', recovery, [AS_IDENTITY])];
    for (const [at, [purpose]] of LINKS.entries()) {
      const ticket = {
        ...own,
        id: newId<'ticket'>(now),
        purpose,
        token_hash: inHex(
          createHash('sha256')
            .update(TOKENS[at] ?? '')
            .digest(),
        ),
        expires_at: new Date(now + HOUR_MS),
        mac: invented(),
      };
      outcomes.push(await writer.plant('identity.ticket', ticket, [AS_IDENTITY]));
    }
    return outcomes;
  },
  async use({ system, victim }) {
    const code = await new Authenticator(personOf(victim.person).totpSecret).code();
    const bodies: Readonly<Record<string, (token: string) => object>> = {
      enrolment: (ticket) => ({ ticket, code, transport: 'token' }),
      invitation: (token) => ({ token, password: CHOSEN }),
      password_reset: (token) => ({ token, password: CHOSEN, code }),
      recovery: (token) => ({ token, password: CHOSEN }),
    };
    const answers = [];
    for (const [at, [purpose, path]] of LINKS.entries()) {
      const token = TOKENS[at] ?? '';
      answers.push(...(await request(system.url, path, bodies[purpose]?.(token) ?? { token })));
    }
    return answers;
  },
};
