import { randomBytes, randomUUID } from 'node:crypto';
import { type AccountId, newId, parseId, type VacancyId } from '../../src/kernel/ids.js';
import { DiversityCount } from '../../src/modules/applications/index.js';
import { FederationStates } from '../../src/modules/identity/federation/federation-states.js';
import { Recovery } from '../../src/modules/identity/index.js';
import { Notices } from '../../src/modules/identity/notices/notices.js';
import { QUEUED_REQUEST, REGISTRATION } from '../../src/modules/identity/persistence/places.js';
import { RequestEntity } from '../../src/modules/identity/persistence/request.entity.js';
import { Vacancies } from '../../src/modules/vacancies/index.js';
import { Database } from '../../src/platform/database/database.js';
import { INSTALLATION, Sealer } from '../../src/sealing/index.js';
import type { Exchange } from '../../tools/client/exchange.ts';
import { PersonClient } from '../../tools/client/person.ts';
import { member, text } from '../../tools/tour/narrator.ts';
import {
  type AgencyActor,
  type CandidateActor,
  createAgency,
  signUpCandidate,
  systemContext,
} from './actors.js';
import {
  leaveAlertCursor,
  leaveBudget,
  leaveCanariesWaiting,
  leaveErasureWaiting,
  leaveMailsToldOf,
} from './leavings.js';
import { pdf } from './documents/files.js';
import { eventually } from './eventually.js';
import { linkOutright } from './federation.js';
import { tellAffected } from './incidents.js';
import { addPasskey, passkeyOptions } from './passkeys.js';
import { signInStaff } from './staff.js';
import { type Sceau, startSceau } from './sceau.js';
import { PLAIN_VACANCY } from './vacancy.js';

export interface PopulatedCandidate {
  readonly actor: CandidateActor;
  readonly id: string;
}

/** The whole product with two of everybody, and rows of each of them wherever the product has tables. */
export interface Populated {
  readonly sceau: Sceau;
  readonly candidates: readonly [PopulatedCandidate, PopulatedCandidate];
  readonly agencies: readonly [AgencyActor, AgencyActor];
  readonly auditor: Awaited<ReturnType<typeof signInStaff>>;
}

export async function startPopulated(): Promise<Populated> {
  const sceau = await startSceau();
  const agencies = [
    await createAgency(sceau, 'Agence une'),
    await createAgency(sceau, 'Agence deux'),
  ] as const;
  const candidates = [await candidate(sceau), await candidate(sceau)] as const;
  for (const [at, agency] of agencies.entries()) {
    await listen(agency);
    const applicant = candidates[at === 0 ? 0 : 1];
    await appliesAndIsRead(sceau, applicant, agency);
    await haveBeenCounted(sceau);
    // A draft, which is the candidate's alone.
    await draft(applicant.actor, await publish(sceau, agency));
    expectStatus(201, await agency.client.request('/v1/agency/vacancies', { body: VACANCY }));
  }
  await haveTriedToTell(sceau, agencies.length);
  const auditor = await signInStaff(sceau, 'auditor');
  for (const { id } of candidates) await leaveMailWaiting(sceau, id);
  for (const name of ['une', 'deux']) await leaveSignUpsWaiting(sceau, name);
  for (const { agencyId } of agencies) await tellAffected(sceau, agencyId);
  await leaveCanariesWaiting(sceau);
  await leaveErasureWaiting(sceau);
  for (const { agencyId } of agencies) await leaveBudget(sceau, agencyId);
  await leaveAlertCursor(sceau);
  await leaveMailsToldOf(sceau);
  await failToSignIn(sceau);
  await leaveChangesWaiting(
    sceau,
    candidates.map(({ actor }) => actor),
  );
  for (const { actor } of candidates)
    await sceau.app.get(Recovery, { strict: false }).begin(systemContext(), actor.email);
  return { sceau, candidates, agencies, auditor };
}

/** Somewhere nobody listens. */
async function listen({ client }: AgencyActor): Promise<void> {
  const body = { url: 'https://127.0.0.1/', events: ['application.submitted', 'application.erased'] };
  expectStatus(201, await client.request('/v1/agency/webhooks', { body }));
}

/** Until the worker has made an attempt for each. */
async function haveTriedToTell({ database }: Sceau, agencies: number): Promise<void> {
  await eventually('an attempt for each agency', async () => {
    const [row] = await database.query<{ count: number }>(
      'SELECT count(DISTINCT agency_id)::integer AS count FROM webhooks.attempt',
    );
    return row?.count === agencies ? row : undefined;
  });
}

const VACANCY = {
  ...PLAIN_VACANCY,
  questions: [{ id: 'disponibilite', label: 'Quand ?', kind: 'text', required: true, choices: [] }],
  requiredDocuments: [],
  anonymousReview: false,
} as const;

async function publish(sceau: Sceau, agency: AgencyActor): Promise<string> {
  const content = { ...VACANCY, deadline: new Date(VACANCY.deadline) };
  const vacancies = sceau.app.get(Vacancies, { strict: false });
  return (await vacancies.createPublished(systemContext(), agency.agencyId, content)).id;
}

async function candidate(sceau: Sceau): Promise<PopulatedCandidate> {
  const actor = await signUpCandidate(sceau);
  const profile = {
    identity: { givenName: 'Nolwenn', familyName: 'Le Goff', birthDate: '1990-02-03', birthPlace: 'Brest' },
    contact: { email: actor.email, telephone: '+33612345678' },
    address: { lines: ['1 rue du Port'], postalCode: '29200', city: 'Brest', country: 'FR' },
    preferences: { departments: ['29'], categories: ['A'] },
    accommodations: 'Écran large.',
  };
  const put = { method: 'PUT', body: profile, headers: { 'if-match': '"r0"' } };
  expectStatus(200, await actor.client.request('/v1/me/profile', put));
  for (const [list, body] of [
    ['education', { institution: 'Lycée', degree: 'Baccalauréat', from: '2009-09', to: '2012-06' }],
    ['education', { institution: 'Université', degree: 'Licence', from: '2012-09', to: '2015-06' }],
    ['experience', { employer: 'Mairie', title: 'Agent', from: '2016-01' }],
    ['languages', { language: 'fr', level: 'native' }],
  ] as const) {
    const added = await actor.client.request(`/v1/me/profile/${list}`, {
      body,
      headers: { 'idempotency-key': randomUUID() },
    });
    expectStatus(201, added);
  }
  const answers = { sex: 'female', ageBand: '36_45', disability: 'yes' };
  expectStatus(200, await actor.client.request('/v1/me/diversity', { ...put, body: answers }));
  const [account] = await sceau.database.query<{ id: string }>(
    'SELECT candidate_id::text AS id FROM candidates.profile ORDER BY created_at DESC LIMIT 1',
  );
  if (account === undefined) throw new Error('The candidate has no profile.');
  const agreements = [{ purpose: 'talent_pool', version: 1 }];
  expectStatus(200, await actor.client.request('/v1/me/consents', { method: 'PUT', body: { agreements } }));
  await leaveLooseObject(sceau, account.id);
  await addPasskey(actor.client);
  await passkeyOptions(actor.client, 'sign_in');
  await linkIdentity(sceau, account.id);
  return { actor, id: account.id };
}

async function draft({ client }: CandidateActor, vacancyId: string): Promise<Exchange> {
  const documents = [await upload(client)];
  const created = expectStatus(201, await client.request('/v1/me/applications', { body: { vacancyId } }));
  const body = {
    motivation: 'Servir le public.',
    answers: [{ questionId: 'disponibilite', value: 'Au printemps.' }],
    documents,
  };
  const path = `/v1/me/applications/${text(created.body, 'id')}`;
  return expectStatus(200, await client.request(path, { method: 'PATCH', body, headers: since(created) }));
}

async function upload(client: PersonClient): Promise<string> {
  const form = new FormData();
  form.set('kind', 'cv');
  form.set('file', new Blob([new Uint8Array(pdf('CV'))]), 'cv.pdf');
  return text(expectStatus(201, await client.request('/v1/me/documents', { form })).body, 'id');
}

/** What an upload leaves that was killed, for as long as nobody sweeps it. */
async function leaveLooseObject({ database }: Sceau, candidateId: string): Promise<void> {
  await database.query(
    `INSERT INTO documents.loose_object (object, candidate_id, due_at) VALUES ($1, $2, 'infinity')`,
    [randomBytes(16).toString('hex'), candidateId],
  );
}

async function appliesAndIsRead(
  sceau: Sceau,
  applicant: PopulatedCandidate,
  agency: AgencyActor,
): Promise<void> {
  const drafted = await draft(applicant.actor, await publish(sceau, agency));
  const id = text(drafted.body, 'id');
  const submitted = await applicant.actor.client.request(`/v1/me/applications/${id}/submit`, {
    body: {},
    headers: { ...since(drafted), 'idempotency-key': randomUUID() },
  });
  expectStatus(200, submitted);
  const path = `/v1/agency/applications/${id}`;
  expectStatus(200, await agency.client.request(path, { headers: { purpose: 'review' } }));
  const moved = await agency.client.request(`${path}/transitions`, {
    body: { to: 'under_review', publicNote: 'Votre candidature avance.' },
    headers: { 'if-match': `"r${String(member(submitted.body, 'revision'))}"` },
  });
  expectStatus(200, moved);
}

/** As if the vacancies that were applied for had been archived. */
async function haveBeenCounted({ app, database }: Sceau): Promise<void> {
  const vacancies = await database.query<{ id: VacancyId }>(
    `SELECT DISTINCT vacancy_id AS id FROM applications.application WHERE status <> 'draft'`,
  );
  for (const { id } of vacancies) await app.get(DiversityCount, { strict: false }).run(id);
}

/** As if the candidate had come back from FranceConnect; and somebody on the way there. */
async function linkIdentity(sceau: Sceau, candidateId: string): Promise<void> {
  const accountId = await linkOutright(sceau, candidateId);
  const rooms = sceau.app;
  await rooms
    .get(Database, { strict: false })
    .run({ kind: 'identity' }, (manager) =>
      rooms
        .get(FederationStates, { strict: false })
        .issue(manager, { purpose: 'ticket', provider: 'franceconnect', accountId }, 'a browser'),
    );
}

/** What is counted until it is forgotten. */
async function failToSignIn(sceau: Sceau): Promise<void> {
  const body = {
    email: 'personne@example.fr',
    password: 'six canards noirs sous le pont',
    transport: 'token',
  };
  for (const code of ['000000', '000001'])
    expectStatus(401, await new PersonClient(sceau.url).request('/v1/sessions', { body: { ...body, code } }));
}

/** A mail that no job delivers, so that its row stays. */
async function leaveMailWaiting(sceau: Sceau, candidateId: string): Promise<void> {
  const account = parseId<AccountId>(candidateId);
  if (account === undefined) throw new Error('The candidate has no id.');
  await sceau.app.get(Database, { strict: false }).run({ kind: 'identity' }, async (manager) => {
    const notices = sceau.app.get(Notices, { strict: false });
    const letter = await notices.write(account, { kind: 'address_known' });
    if (letter === undefined) throw new Error('The candidate has no account.');
    await notices.post(manager, letter);
    await manager.query('DELETE FROM jobs.job WHERE xmin = pg_current_xact_id()::xid');
  });
}

/** A sign-up whose link was not opened, and one that no job will look into. */
async function leaveSignUpsWaiting(sceau: Sceau, name: string): Promise<void> {
  const email = `lien.${name}@example.fr`;
  const body = { email, password: 'quatre chevaux bleus sur la digue', locale: 'fr' };
  expectStatus(202, await new PersonClient(sceau.url).request('/v1/registrations', { body }));
  await sceau.mailTo(email);
  const id = newId<'registration'>(sceau.clock.now().getTime());
  const asked = {
    email: `attente.${name}@example.fr`,
    passwordHash: '$argon2id$v=19$m=1024,t=1,p=1$',
    locale: 'fr',
    requestId: newId<'request'>(sceau.clock.now().getTime()),
    address: '192.0.2.1',
    isCanary: false,
  } as const;
  const sealer = sceau.app.get(Sealer, { strict: false });
  const content = await sealer.seal(REGISTRATION, { subject: INSTALLATION, row: id }, asked);
  await sceau.database.query(
    `INSERT INTO identity.registration_request (id, content, expires_at) VALUES ($1, $2, 'infinity')`,
    [id, content],
  );
}

/** An authenticator offered to each, and two requests. */
async function leaveChangesWaiting(sceau: Sceau, actors: readonly CandidateActor[]): Promise<void> {
  for (const { client } of actors)
    expectStatus(200, await client.request('/v1/me/totp', { method: 'POST', body: {} }));
  for (const email of ['personne@example.fr', 'autre@example.fr']) await leaveRequestWaiting(sceau, email);
}

/** A request that no job looks into. */
async function leaveRequestWaiting(sceau: Sceau, email: string): Promise<void> {
  const { requestId, locale, address } = systemContext();
  const request = { kind: 'password_forgotten', email, requestId, locale, address } as const;
  const id = newId<'identity-request'>(Date.now());
  const own = { subject: INSTALLATION, row: id };
  const content = await sceau.app.get(Sealer, { strict: false }).seal(QUEUED_REQUEST, own, request);
  await sceau.app
    .get(Database, { strict: false })
    .run({ kind: 'identity' }, (manager) =>
      manager.getRepository(RequestEntity).insert({ id, content, createdAt: new Date() }),
    );
}

const since = (exchange: Exchange) => ({ 'if-match': exchange.headers.get('etag') ?? '' });

function expectStatus(status: number, exchange: Exchange): Exchange {
  if (exchange.status === status) return exchange;
  const { method, path, body } = exchange;
  throw new Error(`${method} ${path}: ${exchange.status} ${JSON.stringify(body)}`);
}
