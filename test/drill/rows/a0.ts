import { PersonClient } from '../../../tools/client/person.ts';
import { Loot } from '../population/loot.ts';
import type { DrilledSystem } from '../system/drilled-system.ts';
import { MINUTES_MS } from '../system/told.ts';
import type { Attempt, DrillRow } from './row.ts';
import { steal } from './theft.ts';

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
      attempts: [password, ...theft.attempts],
      noticedAfterMs: theft.noticedAfterMs,
      naming: theft.naming,
    };
  },
};

/** Every door at which a password is asked for, without the second factor. */
export async function passwordAlone({ url, population, search }: DrilledSystem): Promise<Attempt> {
  const { email, password, authenticator } = population.manager;
  const asked = { email, password, transport: 'token' };
  const stolen = new PersonClient(url);
  const doors: readonly (readonly [path: string, body: object])[] = [
    ['/v1/sessions', asked],
    ['/v1/sessions', { ...asked, code: '' }],
    ['/v1/sessions', { ...asked, code: null }],
    ['/v1/sessions', { ...asked, code: await authenticator.wrongCode() }],
    ['/v1/sessions', { ...asked, code: '000000' }],
    ['/v1/sessions', { ...asked, recoveryCode: '0000-0000-0000-0000-0000-0000' }],
    ['/v1/sessions', { ...asked, passkey: {} }],
    ['/v1/registrations/confirm', { token: password }],
    ['/v1/totp/enrolments', { ticket: password }],
    ['/v1/password/forgotten', { email }],
    ['/v1/password/reset', { token: password, password, code: '000000' }],
  ];
  const behind = [
    '/v1/me',
    '/v1/me/profile',
    '/v1/operator/agencies',
    '/v1/audit/events',
    '/v1/agency/applications',
  ];
  const obtained = new Loot();
  const opened: string[] = [];
  for (const [path, body] of doors) {
    const answer = await stolen.request(path, { body });
    obtained.addAll(search.inText(JSON.stringify(answer.body ?? '')));
    if (answer.status === 200 || answer.status === 201) opened.push(path);
  }
  const basic = `Basic ${Buffer.from(`${email}:${password}`).toString('base64')}`;
  for (const path of behind)
    for (const authorization of [basic, `Bearer ${password}`]) {
      const answer = await stolen.request(path, { headers: { authorization } });
      obtained.addAll(search.inText(JSON.stringify(answer.body ?? '')));
      if (answer.status < 400) opened.push(path);
    }
  return {
    tried: `the manager’s password alone at ${doors.length} doors and, as a credential, on ${behind.length} routes: ${opened.length} opened`,
    obtained,
    breaches: [
      ...(obtained.people.size === 0 ? [] : [`With the password alone: ${obtained.describe()}.`]),
      ...(opened.length === 0 ? [] : [`With the password alone opened: ${opened.join(', ')}.`]),
    ],
  };
}
