import { SoftwareAuthenticator } from '../../support/software-authenticator.js';
import type { DrilledSystem } from '../system/drilled-system.ts';
import { MINUTES_MS } from '../system/told.ts';
import { Intruder } from './intruder.ts';
import type { Attempt, DrillRow } from './row.ts';
import { steal } from './theft.ts';

/** Rightly formed, and guessed. */
const TOKEN = 'A'.repeat(43);
const RECOVERY_CODE = '7K3M-9QFD-2XHT-5B8N-WC4R-J6VA';

export const a0: DrillRow = {
  id: 'A0',
  attacker:
    'the incident itself: a recruiting manager’s password, then also a live credential of that agency',
  promise: 'with the password nothing; with the credential what A4 allows; noticed within minutes',
  noticedWithinMs: MINUTES_MS,
  noticedBy: 'operators, who have the mail and the webhook',
  async play(system) {
    const [, , agency] = system.population.agencies;
    if (agency === undefined) throw new Error('There are five agencies.');
    const password = await passwordAlone(system);
    const theft = await steal(system, agency, 'knowing');
    return {
      attempts: [...password, ...theft.attempts],
      noticedAfterMs: theft.noticedAfterMs,
      naming: theft.naming,
    };
  },
};

/** Behind which there is something, and which take a credential. */
const BEHIND = [
  '/v1/me',
  '/v1/me/profile',
  '/v1/operator/agencies',
  '/v1/audit/events',
  '/v1/agency/applications',
];

/** Every door at which a password is asked for, without the second factor. */
export async function passwordAlone(
  system: Pick<DrilledSystem, 'url' | 'population' | 'search'>,
): Promise<readonly Attempt[]> {
  const { email, password, authenticator } = system.population.manager;
  const intruder = new Intruder(system);
  const asked = { email, password, transport: 'token' };
  const own = new SoftwareAuthenticator({ origin: system.url });
  const factors = [
    { code: await authenticator.wrongCode() },
    { code: '000000' },
    { recoveryCode: RECOVERY_CODE },
    { passkey: own.get({ challenge: TOKEN, rpId: new URL(system.url).hostname }, { userHandle: null }) },
  ];
  const doors: readonly (readonly [path: string, body: object])[] = [
    ...factors.map((factor) => ['/v1/sessions', { ...asked, ...factor }] as const),
    ['/v1/registrations/confirm', { token: TOKEN }],
    ['/v1/totp/enrolments', { ticket: TOKEN }],
    ['/v1/totp/enrolments/confirm', { ticket: TOKEN, code: '000000', transport: 'token' }],
    ['/v1/invitations/accept', { token: TOKEN, password }],
    ['/v1/password/reset', { token: TOKEN, password, code: '000000' }],
    ['/v1/recoveries/complete', { token: TOKEN, password }],
  ];
  const forms = [{}, { code: '' }, { code: null }, { passkey: {} }];
  const basic = `Basic ${Buffer.from(`${email}:${password}`).toString('base64')}`;
  return [
    await intruder.attempt(
      'the manager’s password with no factor, in each form that a hurried parser might take for one',
      async () => {
        for (const form of forms) await intruder.ask('/v1/sessions', { body: { ...asked, ...form } });
      },
      { isHarmless: ({ status }) => status === 401 || status === 422 },
    ),
    await intruder.attempt(
      `the password with guessed factors and guessed tokens of mails, rightly formed, at ${doors.length} doors`,
      async () => {
        for (const [path, body] of doors) await intruder.ask(path, { body });
      },
      // Whatever is said to be malformed was not tried.
      { isHarmless: ({ status }) => status === 401 || status === 403 },
    ),
    await intruder.attempt(
      `the password as a credential on ${BEHIND.length} routes`,
      async () => {
        for (const path of BEHIND)
          for (const authorization of [basic, `Bearer ${password}`])
            await intruder.ask(path, { headers: { authorization } });
      },
      { isHarmless: ({ status }) => status === 401 },
    ),
  ];
}
