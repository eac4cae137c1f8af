import { randomUUID } from 'node:crypto';
import type { Exchange } from '../../../tools/client/exchange.ts';
import type { PersonClient } from '../../../tools/client/person.ts';
import { type AgencyActor, record } from '../../support/actors.js';
import { PLAIN_VACANCY } from '../../support/vacancy.js';

export interface Posted {
  readonly id: string;
  /** As in its `ETag`. */
  readonly revision: number;
}

/** Any change of state, or a PATCH with a body, on the revision that was last seen. */
export function change(
  { client }: AgencyActor,
  { id, revision }: Posted,
  act: 'publish' | 'close' | 'archive' | object,
): Promise<Exchange> {
  const headers = { 'if-match': `"r${revision}"` };
  return typeof act === 'string'
    ? client.request(`/v1/agency/vacancies/${id}/${act}`, { method: 'POST', headers })
    : client.request(`/v1/agency/vacancies/${id}`, { method: 'PATCH', headers, body: act });
}

function posted({ status, body }: Exchange): Posted {
  if (status >= 300) throw new Error(`${status} ${JSON.stringify(body)}`);
  const { id, revision } = record(body);
  return { id: String(id), revision: Number(revision) };
}

/** A published vacancy of the agency. */
export async function publish(agency: AgencyActor, content: object = {}): Promise<Posted> {
  const body = { ...PLAIN_VACANCY, ...content };
  const draft = posted(await agency.client.request('/v1/agency/vacancies', { body }));
  return posted(await change(agency, draft, 'publish'));
}

/** A candidate's draft for the vacancy, complete but for being submitted. @returns its path, at revision 2 */
export async function draftFor(client: PersonClient, vacancyId: string): Promise<string> {
  const created = await client.request('/v1/me/applications', { body: { vacancyId } });
  const path = `/v1/me/applications/${String(record(created.body)['id'])}`;
  const body = { motivation: 'Servir le public.' };
  await client.request(path, { method: 'PATCH', headers: { 'if-match': '"r1"' }, body });
  return path;
}

export function submit(client: PersonClient, path: string): Promise<Exchange> {
  const headers = { 'if-match': '"r2"', 'idempotency-key': randomUUID() };
  return client.request(`${path}/submit`, { method: 'POST', headers });
}
