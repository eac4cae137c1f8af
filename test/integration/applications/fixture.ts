import { randomUUID } from 'node:crypto';
import type { Exchange } from '../../../tools/client/exchange.ts';
import {
  type AgencyActor,
  type CandidateActor,
  createAgency,
  record,
  signUpCandidate,
} from '../../support/actors.js';
import type { Sceau } from '../../support/sceau.js';
import { stepTo } from '../../support/step.js';
import { PLAIN_VACANCY } from '../../support/vacancy.js';

const OWN = '/v1/me/applications';
const RECEIVED = '/v1/agency/applications';

export const QUESTIONS = [
  { id: 'permis', label: 'Permis B ?', kind: 'yes_no', required: true, choices: [] },
  { id: 'lieu', label: 'Où ?', kind: 'choice', required: false, choices: ['Brest', 'Quimper'] },
] as const;

export const tagOf = ({ headers }: Exchange) => ({ 'if-match': headers.get('etag') ?? '' });
export const idOf = ({ body }: Exchange): string => String(record(body)['id']);
export const stateOf = ({ status, body }: Exchange): string =>
  `${status} ${String(record(body ?? {})['code'] ?? record(body ?? {})['status'])}`;
export const itemsOf = ({ body }: Exchange): Record<string, unknown>[] => {
  const { items } = record(body);
  return Array.isArray(items) ? items.map(record) : [];
};

/** One agency and one candidate whose profile is complete enough to apply, and what they do to each other. */
export class Recruitment {
  readonly agency: AgencyActor;
  readonly candidate: CandidateActor;

  private constructor(agency: AgencyActor, candidate: CandidateActor) {
    this.agency = agency;
    this.candidate = candidate;
  }

  static async begin(sceau: Sceau): Promise<Recruitment> {
    return new Recruitment(await createAgency(sceau), await applicant(sceau));
  }

  /** The same agency with another candidate. */
  async withAnother(sceau: Sceau): Promise<Recruitment> {
    return new Recruitment(this.agency, await applicant(sceau));
  }

  async publish(content: object = {}): Promise<string> {
    const body = { ...PLAIN_VACANCY, ...content };
    const created = await this.agency.client.request('/v1/agency/vacancies', { body });
    await this.toVacancy(idOf(created), 'publish', tagOf(created));
    return idOf(created);
  }

  toVacancy(id: string, move: string, headers: Record<string, string> = { 'if-match': '*' }) {
    return this.agency.client.request(`/v1/agency/vacancies/${id}/${move}`, { method: 'POST', headers });
  }

  begin(vacancyId: string): Promise<Exchange> {
    return this.candidate.client.request(OWN, { body: { vacancyId } });
  }

  write(draft: Exchange, body: object, headers: Record<string, string> = {}): Promise<Exchange> {
    const path = `${OWN}/${idOf(draft)}`;
    return this.candidate.client.request(path, {
      method: 'PATCH',
      body,
      headers: { ...tagOf(draft), ...headers },
    });
  }

  read(id: string, part = '', headers: Record<string, string> = {}): Promise<Exchange> {
    return this.candidate.client.request(`${OWN}/${id}${part}`, { headers });
  }

  async completeness(id: string, headers: Record<string, string> = {}): Promise<Record<string, unknown>> {
    return record((await this.read(id, '/completeness', headers)).body);
  }

  /** Where a draft still lacks something. */
  async gaps(id: string): Promise<unknown[]> {
    const { missing } = await this.completeness(id);
    return (Array.isArray(missing) ? missing : []).map((gap) => record(gap)['pointer']);
  }

  /** Submits, withdraws, accepts or declines. */
  act(id: string, action: string, headers: Record<string, string> = { 'if-match': '*' }): Promise<Exchange> {
    const path = `${OWN}/${id}/${action}`;
    const key = { 'idempotency-key': randomUUID() };
    return this.candidate.client.request(path, { method: 'POST', headers: { ...key, ...headers } });
  }

  /** A step of the agency's, with what else goes along. */
  step(id: string, to: string, more: object = {}, headers: Record<string, string> = { 'if-match': '*' }) {
    const body = { ...stepTo(to), ...more };
    return this.agency.client.request(`${RECEIVED}/${id}/transitions`, { body, headers });
  }

  disclose(id: string, purpose: string): Promise<Exchange> {
    return this.agency.client.request(`${RECEIVED}/${id}`, { headers: { purpose } });
  }

  /** @returns the id of an application that has come as far as this state, on the agency's way */
  async reach(state: string, vacancyId?: string): Promise<string> {
    const draft = await this.begin(vacancyId ?? (await this.publish()));
    const written = await this.write(draft, { motivation: 'Préserver les fonds.' });
    const id = idOf(written);
    const way = ['submitted', 'under_review', 'shortlisted', 'interview', 'offered', 'accepted', 'hired'];
    for (const to of way.slice(0, way.indexOf(state) + 1)) {
      const done = await this.#go(id, to);
      if (done.status !== 200) throw new Error(`${to}: ${stateOf(done)}`);
    }
    return id;
  }

  #go(id: string, to: string): Promise<Exchange> {
    if (to === 'submitted') return this.act(id, 'submit');
    return to === 'accepted' ? this.act(id, 'accept') : this.step(id, to);
  }
}

/** A candidate whose profile is complete enough to apply. */
export async function applicant(sceau: Sceau): Promise<CandidateActor> {
  const actor = await signUpCandidate(sceau);
  const body = {
    identity: { givenName: 'Nolwenn', familyName: 'Le Goff' },
    contact: { email: actor.email },
  };
  await actor.client.request('/v1/me/profile', { method: 'PUT', body, headers: { 'if-match': '"r0"' } });
  const education = { institution: 'Lycée', degree: 'Baccalauréat', from: '2009-09', to: '2012-06' };
  await actor.client.request('/v1/me/profile/education', { body: education });
  return actor;
}
