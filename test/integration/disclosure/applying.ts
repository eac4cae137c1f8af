import { randomUUID } from 'node:crypto';
import { record, signUpCandidate } from '../../support/actors.js';
import type { Sceau } from '../../support/sceau.js';

/** By every step that a canary takes too, through the API. */
export async function applyAsAnybody(sceau: Sceau, vacancyId: string): Promise<void> {
  const { client, email } = await signUpCandidate(sceau);
  const ask = async (path: string, body: object, method = 'POST', tag = '') => {
    const key = path.endsWith('/submit') ? { 'idempotency-key': randomUUID() } : {};
    const headers = tag === '' ? key : { 'if-match': tag, ...key };
    const answer = await client.request(path, { method, body, headers });
    if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer;
  };
  const profile = {
    identity: {
      givenName: 'Nolwenn',
      familyName: 'Le Goff',
      birthDate: '1990-02-03',
      birthPlace: 'Brest',
      nationality: 'FR',
    },
    contact: { email, telephone: '+33612345678' },
    address: { lines: ['1 rue du Port'], postalCode: '29200', city: 'Brest', country: 'FR' },
    preferences: { departments: ['29'], categories: ['A'] },
  };
  await ask('/v1/me/profile', profile, 'PUT', '"r0"');
  const education = {
    institution: 'Lycée',
    degree: 'Baccalauréat',
    level: 'bac',
    country: 'FR',
    from: '2009-09',
    to: '2012-06',
  };
  await ask('/v1/me/profile/education', education);
  await ask('/v1/me/profile/experience', {
    employer: 'Mairie',
    title: 'Agent',
    country: 'FR',
    from: '2016-01',
  });
  for (const [language, level] of [
    ['fr', 'native'],
    ['en', 'B2'],
  ])
    await ask('/v1/me/profile/languages', { language, level });
  const draft = await ask('/v1/me/applications', { vacancyId });
  const path = `/v1/me/applications/${String(record(draft.body)['id'])}`;
  const written = { motivation: 'Servir le public au plus près de ses usagers.', answers: [] };
  const changed = await ask(path, written, 'PATCH', draft.headers.get('etag') ?? '');
  await ask(`${path}/submit`, {}, 'POST', changed.headers.get('etag') ?? '');
}
