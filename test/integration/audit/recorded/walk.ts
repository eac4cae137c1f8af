import { randomUUID } from 'node:crypto';
import { PersonClient } from '../../../../tools/client/person.ts';
import type { Exchange, RequestOptions } from '../../../../tools/client/exchange.ts';
import { type CandidateActor, createAgency, record, signUpCandidate } from '../../../support/actors.js';
import { signInStaff } from '../../../support/staff.js';
import { stepTo } from '../../../support/step.js';
import type { Sceau } from '../../../support/sceau.js';
import { walkAgencies } from './walk-agencies.js';
import { walkIncidents } from './walk-incidents.js';
import { walkStaff } from './walk-staff.js';
import { newProgram } from '../../agencies/agency-program.js';
import { walkPrivacy } from './walk-privacy.js';
import { walkPasskeys } from './walk-passkeys.js';
import { askTooOften, guessUntilTurnedAway } from './walk-sign-in.js';
import { walkAccount } from './walk-account.js';
import { walkSandbox } from './walk-sandbox.js';
import { walkRecovery } from './walk-recovery.js';
import { walkDocuments } from './walk-documents.js';
import { walkWebhooks } from './walk-webhooks.js';

interface Client {
  request(path: string, options?: RequestOptions): Promise<Exchange>;
}

const VACANCY = {
  title: 'Archiviste',
  description: 'Vous classez et communiquez les fonds du service.',
  department: '29',
  category: 'A',
  contract: 'fixed_term',
  remote: 'none',
  deadline: '2099-01-31T22:59:59Z',
  openings: 3,
};

/** Of each kind one to keep, and what makes another of it. */
const ENTRIES = {
  education: {
    institution: 'Université de Brest',
    degree: 'Master archives',
    from: '2012-09',
    to: '2017-06',
    another: { to: '2016-06' },
  },
  experience: {
    employer: 'Mairie de Landerneau',
    title: 'Bibliothécaire',
    from: '2018-01',
    another: { from: '2017-01' },
  },
  languages: { language: 'br', level: 'B2', another: { language: 'co' } },
};

const PROFILE = {
  identity: {
    givenName: 'Camille',
    familyName: 'Martin',
    birthDate: '1994-07-14',
    birthPlace: 'Quimper',
    nationality: 'FR',
  },
  contact: { email: 'camille.martin@example.fr', telephone: '+33612345678' },
  address: { lines: ['12 quai de la Douane'], postalCode: '29200', city: 'Brest', country: 'FR' },
  preferences: { departments: ['29'], categories: ['A'] },
};

/** Asks, and stops the walk at an answer that was not meant. */
async function ask(
  client: Client,
  path: string,
  options: RequestOptions = {},
  status = 200,
): Promise<Exchange> {
  const exchange = await client.request(path, options);
  if (exchange.status !== status) {
    const { code, errors } = record(exchange.body ?? {});
    throw new Error(`${exchange.method} ${path}: ${exchange.status} ${JSON.stringify({ code, errors })}`);
  }
  return exchange;
}

const idOf = ({ body }: Exchange): string => String(record(body)['id']);
const withTag = ({ headers }: Exchange): Record<string, string> => ({
  'if-match': headers.get('etag') ?? '',
});
const withKey = (): Record<string, string> => ({ 'idempotency-key': randomUUID() });

/** Every route of the contract, asked for real and successfully at least once, and the refusals that are recorded. */
export async function walkEveryRoute(sceau: Sceau): Promise<void> {
  const anyone = new PersonClient(sceau.url);
  const candidate = await signUpCandidate(sceau);
  await walkProfile(candidate.client);
  const vacancyId = await walkApplications(sceau, candidate.client);
  await walkPublic(anyone, vacancyId);
  await walkSandbox(sceau);
  await walkOAuth(sceau, anyone);
  await walkWebhooks(sceau);
  await walkAudit(sceau);
  await walkAgencies(sceau);
  await walkIncidents(sceau);
  await walkStaff(sceau);
  await walkSessions(sceau, candidate);
  await walkPasskeys(sceau);
  await walkAccount(sceau);
  await walkPrivacy(sceau);
  await walkRecovery(sceau);
  await askTooOften(sceau);
}

async function walkPublic(anyone: PersonClient, vacancyId: string): Promise<void> {
  const paths = [
    '/v1/vacancies',
    '/v1/vacancies/counts',
    `/v1/vacancies/${vacancyId}`,
    '/v1/ledger/checkpoint',
    '/v1/ledger/tile/0/000.p/1',
    '/.well-known/security.txt',
    '/.well-known/oauth-authorization-server',
    '/.well-known/oauth-authorization-server/oauth',
    '/.well-known/oauth-protected-resource',
    '/.well-known/oauth-protected-resource/v1',
    '/health/live',
    '/health/ready',
    '/problems',
    '/problems/not_found',
  ];
  for (const path of paths) await ask(anyone, path, { headers: { accept: '*/*' } });
}

async function walkProfile(client: Client): Promise<void> {
  const empty = await ask(client, '/v1/me/profile');
  const put = await ask(client, '/v1/me/profile', { method: 'PUT', body: PROFILE, headers: withTag(empty) });
  await ask(client, '/v1/me/profile', {
    method: 'PATCH',
    body: { contact: { telephone: '+33612345679' } },
    headers: withTag(put),
  });
  for (const [name, { another, ...body }] of Object.entries(ENTRIES)) {
    const list = `/v1/me/profile/${name}`;
    const kept = await ask(client, list, { body }, 201);
    const removed = await ask(client, list, { body: { ...body, ...another } }, 201);
    await ask(client, list);
    const one = await ask(client, `${list}/${idOf(kept)}`);
    await ask(client, `${list}/${idOf(kept)}`, { method: 'PUT', body, headers: withTag(one) });
    const other = await ask(client, `${list}/${idOf(removed)}`);
    await ask(client, `${list}/${idOf(removed)}`, { method: 'DELETE', headers: withTag(other) }, 204);
  }
  const unanswered = await ask(client, '/v1/me/diversity');
  const answers = { method: 'PUT', body: { sex: 'female' }, headers: withTag(unanswered) } as const;
  const answered = await ask(client, '/v1/me/diversity', answers);
  await ask(client, '/v1/me/diversity', { method: 'DELETE', headers: withTag(answered) }, 204);
  await ask(client, '/v1/me/access-history');
}

async function walkApplications(sceau: Sceau, client: Client): Promise<string> {
  const document = await walkDocuments(client);
  const agency = (await createAgency(sceau)).client;
  const published = async (): Promise<string> => {
    const created = await ask(agency, '/v1/agency/vacancies', { body: VACANCY, headers: withKey() }, 201);
    const path = `/v1/agency/vacancies/${idOf(created)}`;
    const read = await ask(agency, path);
    const changed = await ask(agency, path, {
      method: 'PATCH',
      body: { openings: 2 },
      headers: withTag(read),
    });
    await ask(agency, `${path}/publish`, { method: 'POST', headers: { ...withTag(changed), ...withKey() } });
    return idOf(created);
  };
  const draftFor = async (vacancyId: string): Promise<Exchange> => {
    const wish = { body: { vacancyId }, headers: withKey() };
    const draft = await ask(client, '/v1/me/applications', wish, 201);
    await ask(client, '/v1/me/applications', wish, 201);
    const path = `/v1/me/applications/${idOf(draft)}`;
    return ask(client, path, {
      method: 'PATCH',
      body: { motivation: 'Préserver les fonds.', documents: [document] },
      headers: withTag(draft),
    });
  };
  const submitted = async (vacancyId: string): Promise<string> => {
    const draft = await draftFor(vacancyId);
    const path = `/v1/me/applications/${idOf(draft)}/submit`;
    await ask(client, path.replace('submit', 'completeness'));
    await ask(client, path, { method: 'POST', body: {}, headers: { ...withTag(draft), ...withKey() } });
    return idOf(draft);
  };
  const act = async (id: string, action: string): Promise<void> => {
    const path = `/v1/me/applications/${id}`;
    const headers = { ...withTag(await ask(client, path)), ...withKey() };
    await ask(client, `${path}/${action}`, { method: 'POST', body: {}, headers });
  };
  const move = async (id: string, steps: readonly string[]): Promise<void> => {
    const path = `/v1/agency/applications/${id}`;
    for (const to of steps) {
      const read = await ask(agency, path, { headers: { purpose: 'review' } });
      await ask(agency, `${path}/transitions`, {
        body: stepTo(to),
        headers: { ...withTag(read), ...withKey() },
      });
    }
  };

  const first = await published();
  const accepted = await submitted(first);
  const headers = { purpose: 'review' };
  await ask(agency, `/v1/agency/applications/${accepted}/documents/${document}`, { headers });
  await move(accepted, ['under_review', 'shortlisted', 'interview', 'offered']);
  await act(accepted, 'accept');
  const second = await published();
  const declined = await submitted(second);
  await ask(agency, `/v1/agency/applications/${declined}`, { headers: { purpose: 'offer' } }, 403);
  await move(declined, ['under_review', 'shortlisted', 'interview', 'offered']);
  await act(declined, 'decline');
  const third = await published();
  const withdrawn = await submitted(third);
  await ask(agency, '/v1/agency/applications/disclosures', { body: { ids: [withdrawn], purpose: 'review' } });
  await ask(agency, '/v1/agency/applications/disclosures', { body: { ids: [withdrawn], purpose: 'offer' } });
  await act(withdrawn, 'withdraw');
  const fourth = await published();
  await submitted(fourth);
  const path = `/v1/agency/vacancies/${fourth}`;
  const closed = await ask(agency, `${path}/close`, {
    method: 'POST',
    headers: { ...withTag(await ask(agency, path)), ...withKey() },
  });
  await ask(agency, `${path}/archive`, { method: 'POST', headers: { ...withTag(closed), ...withKey() } });
  await ask(agency, '/v1/agency/vacancies');
  await ask(agency, `${path}/diversity`);
  await ask(agency, `${path.replace(/.{4}$/, '0000')}/diversity`, {}, 404);
  await ask(agency, `/v1/agency/vacancies/${first.replace(/.{4}$/, '0000')}`, {}, 404);
  await ask(agency, '/v1/agency/applications');
  await ask(agency, '/v1/agency/applications/counts');
  await ask(agency, '/v1/agency/usage');
  const draft = await draftFor(await published());
  await ask(client, `/v1/me/applications/${idOf(draft)}`, { method: 'DELETE', headers: withTag(draft) }, 204);
  await ask(client, '/v1/me/applications');
  await ask(client, '/v1/me/notifications');
  await ask(client, `/v1/me/applications/${accepted}/timeline`);
  await ask(client, `/v1/me/applications/${accepted}/vacancy`);
  return first;
}

async function walkOAuth(sceau: Sceau, anyone: PersonClient): Promise<void> {
  const program = await newProgram(sceau);
  const token = await program.token();
  await program.requestToken({ assertion: 'none' });
  await program.introspect(token);
  await program.call(token);
  await program.revoke(token);
  await program.call(token);
  await ask(anyone, '/oauth/jwks');
}

async function walkAudit(sceau: Sceau): Promise<void> {
  const auditor = await signInStaff(sceau, 'auditor');
  const events = await ask(auditor, '/v1/audit/events?limit=1');
  const items = record(events.body)['items'];
  const id = String(record(Array.isArray(items) ? items[0] : {})['id']);
  await ask(auditor, `/v1/audit/events/${id}`);
  await ask(auditor, `/v1/audit/events/${id}/proof`);
  await ask(auditor, '/v1/audit/checkpoints');
  await ask(auditor, '/v1/audit/consistency?from=1&to=2');
  await ask(auditor, '/v1/audit/summary?by=day');
  await ask(auditor, '/v1/audit/alerts');
  await ask(auditor, '/v1/audit/export', { headers: { accept: '*/*' } });
}

async function walkSessions(
  sceau: Sceau,
  { client, email, password, authenticator, recoveryCodes }: CandidateActor,
): Promise<void> {
  const signIn = async (body: object, status = 201): Promise<Exchange> =>
    ask(
      new PersonClient(sceau.url),
      '/v1/sessions',
      { body: { email, password, transport: 'token', ...body } },
      status,
    );
  const [first, second] = recoveryCodes;
  await signIn({ code: await authenticator.wrongCode(sceau.clock.now().getTime()) }, 401);
  await guessUntilTurnedAway(sceau);
  const other = await signIn({ recoveryCode: first });
  await ask(client, '/v1/me/sessions');
  await ask(client, `/v1/me/sessions/${idOf(other)}`, { method: 'DELETE' }, 204);
  const stepped = await ask(client, '/v1/sessions/step-up', {
    body: { code: await authenticator.code(sceau.clock.now().getTime()) },
  });
  client.useToken(String(record(stepped.body)['token']));
  await ask(client, '/v1/me/sessions/current', { method: 'DELETE' }, 204);
  client.useToken(String(record((await signIn({ recoveryCode: second })).body)['token']));
  await ask(client, '/v1/me/sessions', { method: 'DELETE' }, 204);
}
