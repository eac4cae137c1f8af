import { randomUUID } from 'node:crypto';
import type { PersonClient } from '../../../tools/client/person.ts';
import { type AgencyActor, type CandidateActor, record, signUpCandidate } from '../../support/actors.js';
import { pdf } from '../../support/documents/files.js';
import type { Sceau } from '../../support/sceau.js';

const EDUCATION = { institution: 'Lycée Kerichen', degree: 'Baccalauréat', from: '2009-09', to: '2012-06' };

/** A candidate whose every kind of sealed value is there, down to a submitted application. */
export interface Applicant {
  readonly actor: CandidateActor;
  readonly client: PersonClient;
  readonly id: string;
  readonly application: string;
  readonly givenName: string;
}

/** A published vacancy of the agency. */
export async function publishVacancy({ client }: AgencyActor, now: Date): Promise<string> {
  const created = await client.request('/v1/agency/vacancies', {
    body: {
      title: 'Archiviste',
      description: 'Classer, décrire et communiquer les fonds patrimoniaux.',
      department: '29',
      category: 'A',
      contract: 'fixed_term',
      remote: 'partial',
      deadline: new Date(now.getTime() + 30 * 86_400_000).toISOString(),
      openings: 1,
    },
  });
  const { id, revision } = record(created.body);
  const published = await client.request(`/v1/agency/vacancies/${String(id)}/publish`, {
    method: 'POST',
    headers: { 'if-match': `"r${String(revision)}"` },
  });
  if (published.status !== 200)
    throw new Error(`The vacancy is not published: ${JSON.stringify(created.body)}`);
  return String(id);
}

/** Signs up, fills the profile and applies, all through the API. */
export async function applyTo(sceau: Sceau, vacancyId: string, givenName: string): Promise<Applicant> {
  const actor = await signUpCandidate(sceau);
  const { client } = actor;
  await client.request('/v1/me/profile', {
    method: 'PUT',
    headers: { 'if-match': '"r0"' },
    body: {
      identity: { givenName, familyName: 'Le Goff', birthDate: '1994-07-14' },
      contact: { email: actor.email, telephone: '+33612345678' },
      address: { lines: ['12 quai de la Douane'], postalCode: '29200', city: 'Brest', country: 'FR' },
      accommodations: 'Aucun besoin.',
    },
  });
  for (const [list, body] of [
    ['education', EDUCATION],
    ['education', { ...EDUCATION, degree: 'Licence', from: '2012-09', to: '2015-06' }],
    ['experience', { employer: 'Mairie', title: 'Agent', from: '2016-01' }],
    ['languages', { language: 'fr', level: 'native' }],
  ] as const) {
    await client.request(`/v1/me/profile/${list}`, { body });
  }
  const form = new FormData();
  form.set('kind', 'cv');
  form.set('file', new Blob([new Uint8Array(pdf(givenName))]), 'cv.pdf');
  await client.request('/v1/me/documents', { form });
  const { id } = record((await client.request('/v1/me/applications', { body: { vacancyId } })).body);
  const path = `/v1/me/applications/${String(id)}`;
  await client.request(path, {
    method: 'PATCH',
    headers: { 'if-match': '"r1"' },
    body: { motivation: `Servir le public, dit ${givenName}.` },
  });
  const submitted = await client.request(`${path}/submit`, {
    method: 'POST',
    headers: { 'if-match': '"r2"', 'idempotency-key': randomUUID() },
  });
  if (submitted.status !== 200) throw new Error(`Not submitted: ${JSON.stringify(submitted.body)}`);
  const [row] = await sceau.database.query<{ candidate: string }>(
    'SELECT candidate_id::text AS candidate FROM applications.application WHERE id = $1',
    [id],
  );
  return { actor, client, id: row?.candidate ?? '', application: String(id), givenName };
}
