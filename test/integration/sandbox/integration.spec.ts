import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { faker } from '@faker-js/faker/locale/fr';
import { fillSandbox } from '../../../src/cli/sandbox/fill-sandbox.js';
import { syntheticApplication } from '../../../src/cli/sandbox/synthetic-application.js';
import { newId, parseId, type VacancyId } from '../../../src/kernel/ids.js';
import { SandboxApplications, type SyntheticApplication } from '../../../src/modules/applications/index.js';
import type { Exchange } from '../../../tools/client/exchange.ts';
import { PersonClient } from '../../../tools/client/person.ts';
import { type AgencyActor, createAgency, record, systemContext } from '../../support/actors.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { stepTo } from '../../support/step.js';

/** What an agency does with a sandbox, from its first list to a hire, as it would with real candidates. */
describe('a sandbox', () => {
  let sceau: Sceau;
  let agency: AgencyActor;

  beforeAll(async () => {
    sceau = await startSceau();
    agency = await createAgency(sceau, 'Bac à sable', undefined, 'sandbox');
    await fillSandbox(sceau.app, systemContext(), agency.agencyId, 7, () => undefined);
  }, 60_000);

  afterAll(() => sceau.stop());

  const get = (path: string, headers: Record<string, string> = {}): Promise<Exchange> =>
    agency.client.request(path, { headers });
  const itemsOf = ({ body }: Exchange): Record<string, unknown>[] => {
    const { items } = record(body);
    return Array.isArray(items) ? items.map(record) : [];
  };
  const applications = async (query = ''): Promise<Record<string, unknown>[]> =>
    itemsOf(await get(`/v1/agency/applications${query}`));

  /** A state change with the ETag of the answer before it, or of a first revision. */
  async function move(path: string, to: string, etag: string): Promise<Exchange> {
    const headers = { 'if-match': etag };
    return agency.client.request(path, { method: 'POST', body: stepTo(to), headers });
  }

  async function moved(id: unknown, path: string, steps: readonly string[], etag: string): Promise<string> {
    let last = etag;
    for (const to of steps) {
      const answer = await move(`${path}/${String(id)}/transitions`, to, last);
      expect([to, answer.status, answer.body]).toEqual([
        to,
        200,
        expect.objectContaining({ status: to, sandbox: true }),
      ]);
      last = answer.headers.get('etag') ?? '';
    }
    return last;
  }

  const BY_AGENCY = '/v1/agency/applications';
  const BY_CANDIDATE = '/v1/agency/sandbox/applications';
  const TO_OFFER = ['under_review', 'shortlisted', 'interview', 'offered'];

  async function fresh(): Promise<{ id: unknown; etag: string }> {
    const [one] = await applications('?status=submitted&limit=1');
    return { id: one?.['id'], etag: `"r${String(one?.['revision'])}"` };
  }

  it('has vacancies of every kind and applications for them in turn, each marked in every answer', async () => {
    const vacancies = itemsOf(await get('/v1/agency/vacancies'));
    expect(vacancies.map(({ sandbox, status }) => [sandbox, status])).toEqual(
      Array.from({ length: 3 }, () => [true, 'published']),
    );
    for (const { title } of vacancies) expect(title).toMatch(/^Bac à sable : /);
    const received = await applications();
    expect(received.map(({ sandbox }) => sandbox)).toEqual(Array.from({ length: 7 }, () => true));
    expect(new Set(received.map(({ vacancyId }) => vacancyId)).size).toBe(3);
    expect(new Set(received.map(({ pseudonym }) => pseudonym)).size).toBe(7);
    const ids = received.map(({ id }) => id);
    const bulk = await agency.client.request('/v1/agency/applications/disclosures', {
      body: { ids, purpose: 'review' },
    });
    for (const item of itemsOf(bulk)) {
      const { sandbox, fields } = record(item['application']);
      expect(sandbox).toBe(true);
      expect(record(fields)['motivation']).toMatch(/^Candidature fictive/);
    }
    const one = await get(`/v1/agency/vacancies/${String(vacancies[0]?.['id'])}`);
    expect(one.body).toMatchObject({ sandbox: true });
    const drafted = await agency.client.request('/v1/agency/vacancies', {
      body: {
        title: 'La nôtre',
        description: 'Une offre de plus.',
        department: '29',
        category: 'A',
        contract: 'open_ended',
        remote: 'none',
        deadline: '2099-01-01T00:00:00Z',
        openings: 1,
      },
    });
    expect([drafted.status, drafted.body]).toEqual([201, expect.objectContaining({ sandbox: true })]);
  });

  it('goes all the way: the agency makes an offer, the candidate accepts, the agency hires', async () => {
    const { id, etag } = await fresh();
    const offered = await moved(id, BY_AGENCY, TO_OFFER, etag);
    const { body } = await get(`/v1/agency/applications/${String(id)}`, { purpose: 'offer' });
    expect(record(body)['fields']).toMatchObject({
      familyName: expect.stringMatching(/\(fictif\)$/),
      email: expect.stringMatching(/@example\.org$/),
      nationality: 'FR',
    });
    await moved(id, BY_AGENCY, ['hired'], await moved(id, BY_CANDIDATE, ['accepted'], offered));
    const [event] = await sceau.database.query<{ by: string }>(
      `SELECT actor_kind AS by FROM applications.event WHERE application_id = $1 AND to_status = 'accepted'`,
      [id],
    );
    expect(event?.by).toBe('candidate');
  });

  it('has candidates who decline and withdraw', async () => {
    const one = await fresh();
    await moved(one.id, BY_CANDIDATE, ['declined'], await moved(one.id, BY_AGENCY, TO_OFFER, one.etag));
    const other = await fresh();
    await moved(other.id, BY_CANDIDATE, ['withdrawn'], other.etag);
    const ids = async (status: string) => (await applications(`?status=${status}`)).map(({ id }) => id);
    expect([await ids('declined'), await ids('withdrawn')]).toEqual([[one.id], [other.id]]);
  });

  it('moves a candidate only as a candidate could, and as the application was read', async () => {
    const { id, etag } = await fresh();
    const path = `${BY_CANDIDATE}/${String(id)}/transitions`;
    expect(await move(path, 'accepted', etag)).toMatchObject({
      status: 409,
      body: { code: 'transition_refused' },
    });
    expect((await move(path, 'withdrawn', '"r99"')).status).toBe(412);
    expect((await move(path, 'shortlisted', etag)).status).toBe(422);
    expect((await agency.client.request(path, { body: { to: 'withdrawn' } })).status).toBe(428);
  });

  it('leaves no key of anybody behind when an application is refused', async () => {
    const keys = (): Promise<unknown[]> => sceau.database.query('SELECT subject_id FROM keys.subject_key');
    const vacancies = itemsOf(await get('/v1/agency/vacancies'));
    const vacancy = vacancies.find(({ status }) => status === 'published');
    const id = parseId<VacancyId>(String(vacancy?.['id'])) ?? newId<'vacancy'>(0);
    const written = syntheticApplication(faker, sceau.clock.now(), { title: 'Agente', questions: [] });
    const answers = [{ questionId: 'unheard_of', value: true }];
    const submit = (vacancyId: VacancyId, content: SyntheticApplication) =>
      sceau.app.get(SandboxApplications, { strict: false }).submit(systemContext(), vacancyId, content);
    const before = await keys();
    await expect(submit(id, { ...written, answers })).rejects.toMatchObject({ code: 'invalid_request' });
    await expect(submit(newId<'vacancy'>(0), written)).rejects.toMatchObject({ code: 'not_found' });
    expect(await keys()).toEqual(before);
  });

  it('is for nobody else: not in the public search, not at another agency, not in anybody’s budget', async () => {
    const anyone = new PersonClient(sceau.url);
    for (const path of ['/v1/vacancies', `/v1/vacancies?agency=${agency.agencyId}`, '/v1/vacancies?q=sable'])
      expect(itemsOf(await anyone.request(path))).toEqual([]);
    for (const { id } of itemsOf(await get('/v1/agency/vacancies')))
      expect((await anyone.request(`/v1/vacancies/${String(id)}`)).status).toBe(404);

    const live = await createAgency(sceau);
    expect(itemsOf(await live.client.request('/v1/agency/applications'))).toEqual([]);
    const { id, etag } = await fresh();
    for (const path of [BY_AGENCY, BY_CANDIDATE]) {
      const headers = { 'if-match': etag };
      const request = { method: 'POST', body: { to: 'withdrawn' }, headers };
      expect((await live.client.request(`${path}/${String(id)}/transitions`, request)).status).toBe(404);
    }
    expect(await sceau.database.query('SELECT DISTINCT agency_id FROM disclosure.spent')).toEqual([
      { agency_id: agency.agencyId },
    ]);
    await expect(
      fillSandbox(sceau.app, systemContext(), live.agencyId, 1, () => undefined),
    ).rejects.toMatchObject({ code: 'not_found' });
    const rows = await sceau.database.query('SELECT 1 FROM vacancies.vacancy WHERE agency_id = $1', [
      live.agencyId,
    ]);
    expect(rows).toEqual([]);
  });

  it('has people without account or profile, to whom no mail is ever written', async () => {
    const [counts] = await sceau.database.query<Record<string, number>>(
      `SELECT (SELECT count(*)::int FROM identity.account a JOIN applications.application c ON c.candidate_id = a.id) AS accounts,
              (SELECT count(*)::int FROM candidates.profile) AS profiles,
              (SELECT count(*)::int FROM platform.outgoing_mail) AS waiting,
              (SELECT count(*)::int FROM applications.event) AS events`,
    );
    expect(counts).toMatchObject({ accounts: 0, profiles: 0, waiting: 0 });
    expect(counts?.['events']).toBeGreaterThan(15);
    expect(await readdir(join(sceau.home, 'mail')).catch(() => [])).toEqual([]);
  });
});
