import type { Sceau } from '../../../support/sceau.js';
import { createAgency } from '../../../support/actors.js';
import { stepUp } from '../../identity/person.js';
import { applyTo, publishVacancy } from '../../sealing/applicants.js';

/** Consents, and everything at once: taken along, then erased. */
export async function walkPrivacy(sceau: Sceau): Promise<void> {
  const agency = await createAgency(sceau, 'Archives nationales');
  const { actor } = await applyTo(sceau, await publishVacancy(agency, sceau.clock.now()), 'Gwenn');
  const { client } = actor;
  const agreements = [{ purpose: 'similar_vacancies', version: 1 }];
  await expectStatus(200, client.request('/v1/me/consents'));
  await expectStatus(200, client.request('/v1/me/consents', { method: 'PUT', body: { agreements } }));
  await stepUp(sceau, actor);
  await expectStatus(200, client.request('/v1/me/export', { headers: { accept: 'application/zip' } }));
  await expectStatus(202, client.request('/v1/me', { method: 'DELETE' }));
}

async function expectStatus(
  status: number,
  asked: Promise<{ readonly status: number; readonly path: string }>,
) {
  const answer = await asked;
  if (answer.status !== status) throw new Error(`${answer.path}: ${answer.status}`);
}
