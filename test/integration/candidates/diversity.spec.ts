import type { OpenAPIObject } from '@nestjs/swagger';
import { spyOn } from 'jest-mock';
import { newId, type VacancyId } from '../../../src/kernel/ids.js';
import { ApplicationChanges } from '../../../src/modules/applications/application-changes.js';
import { DiversityCount } from '../../../src/modules/applications/index.js';
import { DiversityTally } from '../../../src/modules/candidates/index.js';
import { Database } from '../../../src/platform/database/database.js';
import { PersonClient } from '../../../tools/client/person.ts';
import {
  type AgencyActor,
  type CandidateActor,
  createAgency,
  record,
  signUpCandidate,
} from '../../support/actors.js';
import { makeGenuine } from '../../support/application-records.js';
import { eventually } from '../../support/eventually.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { PLAIN_VACANCY } from '../../support/vacancy.js';
import { recordedAbout } from '../disclosure/recorded.js';

const ANSWERS = { sex: 'female', ageBand: '26_35', disability: 'yes' };
const PATH = '/v1/me/diversity';
const SEALED = Buffer.concat([Buffer.from([0xc5, 1]), Buffer.alloc(96)]);

describe('answers for equality', () => {
  let sceau: Sceau;
  let candidate: CandidateActor;
  let agency: AgencyActor;

  beforeAll(async () => {
    sceau = await startSceau();
    candidate = await signUpCandidate(sceau);
    agency = await createAgency(sceau);
  }, 60_000);

  afterAll(() => sceau.stop());

  beforeEach(() => sceau.database.query('DELETE FROM candidates.diversity'));

  const send = (method: 'PUT' | 'DELETE', tag: string | undefined, body?: unknown) =>
    candidate.client.request(PATH, {
      method,
      ...(body === undefined ? {} : { body }),
      headers: tag === undefined ? {} : { 'if-match': tag },
    });

  it('are given, given anew and taken back', async () => {
    const none = await candidate.client.request(PATH);
    expect([none.headers.get('etag'), none.body]).toEqual([
      '"r0"',
      { sex: null, ageBand: null, disability: null, updatedAt: null, unreadable: false },
    ]);
    const given = await send('PUT', '"r0"', ANSWERS);
    expect([given.status, given.headers.get('etag')]).toEqual([200, '"r1"']);
    expect((await candidate.client.request(PATH)).body).toEqual(given.body);
    const anew = await send('PUT', '"r1"', { sex: 'other', disability: null });
    expect(anew.body).toMatchObject({ sex: 'other', ageBand: null, disability: null });
    expect((await send('PUT', '"r1"', ANSWERS)).status).toBe(412);
    expect((await send('DELETE', undefined)).status).toBe(428);
    expect((await send('DELETE', '"r1"')).status).toBe(412);
    expect((await send('DELETE', '"r2"')).status).toBe(204);
    expect((await send('DELETE', '"r0"')).status).toBe(404);
    expect((await candidate.client.request(PATH)).body).toEqual(none.body);
    expect(await sceau.database.query('SELECT FROM candidates.diversity')).toEqual([]);
  });

  it.each([{ sex: 'x' }, { ageBand: 42 }, { disability: true }, { origin: 'x' }, { religion: 'x' }])(
    'refuse %j',
    async (body) => {
      expect([400, 422]).toContain((await send('PUT', '"r0"', body)).status);
      expect((await candidate.client.request(PATH)).headers.get('etag')).toBe('"r0"');
    },
  );

  it('lie sealed in the same number of bytes, whatever they are', async () => {
    const bytes: unknown[] = [];
    for (const [at, answers] of [ANSWERS, {}, { ageBand: 'over_55' }].entries()) {
      await send('PUT', `"r${at}"`, answers);
      const [row] = await sceau.database.query<{ answers: Buffer }>(
        'SELECT answers FROM candidates.diversity',
      );
      bytes.push([row?.answers.readUInt16BE(0), row?.answers.length]);
    }
    expect(new Set(bytes.map((pair) => JSON.stringify(pair))).size).toBe(1);
    expect(bytes[0]).toEqual([0xc501, 98]);
  });

  it('are in no answer to an agency: the contract has them in figures only, and no field of them is released', async () => {
    const { body } = await new PersonClient(sceau.url).request('/openapi.json');
    const contract: OpenAPIObject = JSON.parse(JSON.stringify(body));
    const named = /"(sex|ageBand|disability|diversity)"/;
    const schemas: Readonly<Record<string, unknown>> = contract.components?.schemas ?? {};
    const reachable = (text: string, seen: ReadonlySet<string>): string =>
      [...text.matchAll(/#\/components\/schemas\/(\w+)/g)].reduce((all, [, name = '']) => {
        if (seen.has(name)) return all;
        return all + reachable(JSON.stringify(schemas[name] ?? {}), new Set([...seen, name]));
      }, text);
    const agencyRoutes = Object.entries(contract.paths).filter(([path]) => path.startsWith('/v1/agency'));
    expect(agencyRoutes.length).toBeGreaterThan(15);
    expect(
      agencyRoutes
        .filter(([, item]) => named.test(reachable(JSON.stringify(item), new Set())))
        .map(([path]) => path),
    ).toEqual(['/v1/agency/vacancies/{id}/diversity']);
  });

  describe('of those who applied', () => {
    let vacancyId: VacancyId;
    let people: string[];

    /** As many as there are to be counted, under keys of their own; signing so many up would take minutes. */
    beforeAll(async () => {
      const created = await agency.client.request('/v1/agency/vacancies', { body: PLAIN_VACANCY });
      const path = `/v1/agency/vacancies/${String(record(created.body)['id'])}`;
      await agency.client.request(`${path}/publish`, { method: 'POST', headers: { 'if-match': '"r1"' } });
      const [row] = await sceau.database.query<{ id: VacancyId }>('SELECT id FROM vacancies.vacancy');
      if (row === undefined) throw new Error('There is no vacancy.');
      vacancyId = row.id;
      people = [];
    });

    const figures = () => agency.client.request(`/v1/agency/vacancies/${vacancyId}/diversity`);

    async function apply(): Promise<void> {
      const profile = {
        identity: { givenName: 'Camille', familyName: 'Martin' },
        contact: { telephone: '06 12 34 56 78' },
      };
      const { client } = candidate;
      const { headers } = await client.request('/v1/me/profile');
      const tag = { 'if-match': String(headers.get('etag')) };
      await client.request('/v1/me/profile', { method: 'PUT', body: profile, headers: tag });
      const mairie = { employer: 'Mairie', title: 'Agent', from: '2016' };
      await client.request('/v1/me/profile/experience', { body: mairie });
      const draft = await client.request('/v1/me/applications', { body: { vacancyId } });
      const path = `/v1/me/applications/${String(record(draft.body)['id'])}`;
      const written = await client.request(path, {
        method: 'PATCH',
        body: { motivation: 'Servir.' },
        headers: { 'if-match': String(draft.headers.get('etag')) },
      });
      const submitted = await client.request(`${path}/submit`, {
        body: {},
        headers: { 'if-match': String(written.headers.get('etag')), 'idempotency-key': vacancyId },
      });
      expect(submitted.status).toBe(200);
      people.push(path);
    }

    it('are counted when the vacancy is archived, once, on record for each of them, and told of nobody', async () => {
      await send('PUT', '"r0"', ANSWERS);
      await apply();
      expect((await figures()).body).toEqual({ state: 'not_archived', countedAt: null, questions: [] });
      const released = await agency.client.request(people[0]?.replace('/me/', '/agency/') ?? '', {
        headers: { purpose: 'review' },
      });
      expect(released.status).toBe(200);
      expect(JSON.stringify(released.body)).not.toMatch(/sex|ageBand|disability|female|26_35/);

      const path = `/v1/agency/vacancies/${vacancyId}`;
      const { headers } = await agency.client.request(path);
      await agency.client.request(`${path}/archive`, {
        method: 'POST',
        headers: { 'if-match': String(headers.get('etag')) },
      });
      const counted = await eventually('the figures', async () => {
        const { body } = await figures();
        return record(body)['state'] === 'counted' ? record(body) : undefined;
      });
      // One applicant alone: nothing of them can be told.
      expect(counted['questions']).toEqual(
        ['sex', 'ageBand', 'disability'].map((question) => ({ question, counts: [] })),
      );
      const [account] = await sceau.database.query<{ id: string }>(
        'SELECT candidate_id::text AS id FROM candidates.diversity',
      );
      await sceau.app.get(DiversityCount, { strict: false }).run(vacancyId);
      const entries = await recordedAbout(sceau.database, String(account?.id));
      expect(entries.filter(({ action }) => action === 'diversity.counted')).toMatchObject([
        { outcome: 'allowed', resource: vacancyId, fields: ['diversity'] },
      ]);

      // What changes afterwards changes nothing: two counts could be subtracted from each other.
      await send('DELETE', '"r1"');
      await sceau.app.get(DiversityCount, { strict: false }).run(vacancyId);
      expect((await figures()).body).toEqual(counted);
    });

    it('are not of whoever withdrew or never sent it off, and are counted once, however many count', async () => {
      const another = newId<'vacancy'>(1);
      const persons = {
        lapsed: newId<'candidate'>(1),
        withdrawn: newId<'candidate'>(1),
        draft: newId<'candidate'>(1),
      };
      const ids = Object.values(persons).map(() => newId<'application'>(1));
      await sceau.app.get(Database, { strict: false }).run({ kind: 'system' }, async (manager) => {
        for (const [at, [status, person]] of Object.entries(persons).entries())
          await manager.query(
            `INSERT INTO applications.application (id, candidate_id, vacancy_id, agency_id, mode, status,
               anonymous_review, snapshot, created_at, submitted_at, updated_at, revision, record_revision, mac)
             VALUES ($1, $2, $3, $4, 'live', $5, false, $6, now(), now(), $7, 1, 0, sha256(''))`,
            [
              ids[at],
              person,
              another,
              agency.agencyId,
              status,
              SEALED,
              await sceau.app.get(ApplicationChanges, { strict: false }).tick(manager, agency.agencyId),
            ],
          );
      });
      await makeGenuine(sceau, ids);
      const counting = spyOn(sceau.app.get(DiversityTally, { strict: false }), 'count');
      const count = () => sceau.app.get(DiversityCount, { strict: false }).run(another);
      await Promise.all([count(), count(), count()]);
      for (const [, , applicants] of counting.mock.calls)
        expect([...applicants.keys()]).toEqual([persons.lapsed]);
      expect(counting).toHaveBeenCalled();
      counting.mockRestore();
    });

    it('are for the vacancy\u2019s own agency', async () => {
      const other = await createAgency(sceau, 'Une autre');
      const refused = await other.client.request(`/v1/agency/vacancies/${vacancyId}/diversity`);
      expect([refused.status, record(refused.body)['code']]).toEqual([404, 'not_found']);
    });
  });
});
