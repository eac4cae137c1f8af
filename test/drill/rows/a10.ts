import { join } from 'node:path';
import { AgencyClient } from '../../../tools/client/agency.ts';
import { PersonClient } from '../../../tools/client/person.ts';
import { signUpCandidate } from '../../support/actors.js';
import { relationsOf } from '../../support/catalogue.js';
import { findAll, needlesOf } from '../../support/needles.js';
import type { Candidate } from '../population/candidate.ts';
import { peopleAt, SignedIn } from '../population/signed-in.ts';
import type { DrilledSystem } from '../system/drilled-system.ts';
import { filesBelow, type FoundFile } from '../system/files.ts';
import { leaveMailWaiting } from '../system/waiting-mail.ts';
import type { Attempt, DrillRow } from './row.ts';

export const a10: DrillRow = {
  id: 'A10',
  attacker: 'logs, metrics, and the queues of jobs and mails',
  promise: 'no personal field, no token, no secret',
  noticedWithinMs: null,
  noticedBy: null,
  async play(system) {
    const [victim, ...others] = peopleAt(system.population.agencies[1]).slice(2, 6);
    if (victim === undefined) throw new Error('The second agency has applicants.');
    const owner = await SignedIn.as(victim, system.url);
    const secrets = await sayEverythingWrongly(system, victim, owner);
    const saved = await saveRightly(owner);
    for (const { id } of others) await leaveMailWaiting(system, id);
    const attempts = [
      judged(
        system,
        secrets,
        `logs of the processes, at the level debug, after ${saved} sections of a profile were saved and many requests refused`,
        await filesBelow(join(system.home, 'processes'), /\.log$/),
      ),
      judged(
        system,
        secrets,
        'other files that the processes have written',
        await filesBelow(system.home, /^(?!.*keyring\.json$|.*\/(mail|processes)\/)/),
      ),
      judged(system, secrets, 'metrics', await metricsOf(system)),
      judged(
        system,
        secrets,
        'tables of the job queue',
        await rowsOf(system, (name) => name.startsWith('jobs.')),
      ),
      judged(
        system,
        secrets,
        'mails that wait',
        await rowsOf(system, (name) => name === 'platform.outgoing_mail'),
      ),
      await sentMails(system),
    ];
    return { attempts, noticedAfterMs: null, naming: null };
  },
};

/** Personal data wherever a request has room for it, most of it where it does not belong. @returns secrets that were in use */
async function sayEverythingWrongly(
  system: DrilledSystem,
  victim: Candidate,
  owner: SignedIn,
): Promise<readonly string[]> {
  const { email, password, profile, motivation } = owner.person;
  const familyName = profile.identity?.familyName ?? '';
  const stranger = new PersonClient(system.url);
  const words = encodeURIComponent(`${familyName} ${email}`);
  for (const path of [
    `/v1/vacancies?q=${words}`,
    `/v1/vacancies?unknown=${words}`,
    `/v1/${words}`,
    `/v1/vacancies/${words}`,
    `/v1/me/applications/${words}`,
  ])
    await owner.client.request(path);
  await owner.client.request('/v1/me/profile', {
    method: 'PUT',
    raw: `{"identity": {"familyName": "${familyName}"`,
  });
  await owner.client.request('/v1/me/profile', { method: 'PUT', body: { ...profile, [familyName]: email } });
  await owner.client.request('/v1/me/profile', {
    method: 'PUT',
    body: profile,
    headers: { 'if-match': `"${email}"` },
  });
  await owner.client.request('/v1/me/applications', { body: { vacancyId: motivation } });
  await owner.client.request('/v1/me', {
    headers: { 'user-agent': familyName, 'x-request-id': words, traceparent: words },
  });
  for (const code of ['000000', 'abcdef'])
    await stranger.request('/v1/sessions', { body: { email, password, code, transport: 'token' } });
  await stranger.request('/v1/password/forgotten', { body: { email } });
  await stranger.request('/v1/password/reset', { body: { token: 'B'.repeat(43), password, code: '000000' } });
  const newcomer = await signUpCandidate(system);
  const [, agency] = system.population.agencies;
  if (agency === undefined) throw new Error('There is a second agency.');
  const program = await AgencyClient.connect(system.url, agency.credentials);
  await program.authorise(['applications:read']);
  await program.request(`/v1/agency/applications/${victim.application}`, { headers: { purpose: 'review' } });
  await program.request(`/v1/agency/applications?q=${words}`);
  await program.request('/v1/agency/applications/disclosures', {
    body: { ids: [email], purpose: familyName },
  });
  return [
    owner.client.authorization.slice('Bearer '.length),
    newcomer.client.authorization.slice('Bearer '.length),
    newcomer.password,
    ...newcomer.recoveryCodes,
    program.token,
    String(agency.credentials.privateKey.d),
    system.population.auditor.token,
  ];
}

/** What a request says where it belongs, and is taken: the whole profile, then a part, then one entry of each list. @returns how many */
async function saveRightly({ client, person }: SignedIn): Promise<number> {
  const { profile, education, experience, language } = person;
  const { headers } = await client.request('/v1/me/profile');
  const own = { method: 'PUT', body: profile, headers: { 'if-match': headers.get('etag') ?? '' } };
  const whole = await client.request('/v1/me/profile', own);
  const part = {
    method: 'PATCH',
    body: { contact: profile.contact },
    headers: { 'if-match': whole.headers.get('etag') ?? '' },
  };
  const answers = [
    whole,
    await client.request('/v1/me/profile', part),
    await client.request('/v1/me/profile/education', { body: education }),
    await client.request('/v1/me/profile/experience', { body: experience }),
    await client.request('/v1/me/profile/languages', { body: language }),
  ];
  for (const { method, path, status } of answers)
    if (status !== 200 && status !== 201) throw new Error(`${method} ${path} is not taken: ${status}.`);
  return answers.length;
}

async function metricsOf({ api, worker }: DrilledSystem): Promise<readonly FoundFile[]> {
  return Promise.all(
    [api, worker].map(async ({ metrics }) => ({
      name: metrics,
      content: Buffer.from(await (await fetch(metrics)).text()),
    })),
  );
}

async function rowsOf(
  { database }: DrilledSystem,
  wanted: (name: string) => boolean,
): Promise<readonly FoundFile[]> {
  const leavings = [];
  for (const { name, isView } of await relationsOf(database)) {
    if (isView || !wanted(name)) continue;
    const rows = await database.query<{ row: string }>(`SELECT t::text AS row FROM ${name} t`);
    leavings.push(...rows.map(({ row }) => ({ name, content: Buffer.from(row) })));
  }
  return leavings;
}

function judged(
  { search }: DrilledSystem,
  secrets: readonly string[],
  what: string,
  leavings: readonly FoundFile[],
): Attempt {
  const all = Buffer.concat(leavings.flatMap(({ content }) => [content, Buffer.from('\n')]));
  const obtained = search.inAnyForm(all);
  const found = findAll(all, new Map(secrets.flatMap((secret) => [...needlesOf(secret)])));
  return {
    tried: `${what}: ${leavings.length}, ${Math.ceil(all.length / 1_024)} KiB`,
    obtained,
    breaches: [
      ...(leavings.length === 0 ? [`There are no ${what}, so nothing was looked through.`] : []),
      ...(obtained.people.size === 0 ? [] : [`In ${what}: ${obtained.describe()}.`]),
      ...(found.length === 0 ? [] : [`In ${what}: ${found.length} secret(s) of whoever was signed in.`]),
    ],
  };
}

/** What has gone out belongs to whom it is addressed to, and names nothing but their address. */
async function sentMails({ mailbox, search }: DrilledSystem): Promise<Attempt> {
  const mails = await mailbox.all();
  const obtained = search.inText(
    mails.map(({ to, subject, text }) => `${to}\n${subject}\n${text}`).join('\n'),
  );
  const beyond = obtained.beyond((_, field) => field === 'email');
  return {
    tried: `${mails.length} mails that went out, beyond the address they go to`,
    obtained: beyond,
    breaches: beyond.people.size === 0 ? [] : [`In mails: ${beyond.describe()}.`],
  };
}
