import { newId } from '../../../src/kernel/ids.js';
import { type AgencyActor, record } from '../../support/actors.js';
import { makeGenuine } from '../../support/application-records.js';
import { type Populated, startPopulated } from '../../support/populated.js';
import { ledgerEntries, type LedgerEntryText } from './agency-program.js';
import { rowsOf } from './owned-rows.js';
import { namedBy, optionsOf, TRIED_DELIVERIES, TRIED_ROUTES, type TriedRoute } from './tried-ids.js';

describe('an agency that tries ids', () => {
  let populated: Populated;
  let agency: AgencyActor;
  const foreign = { vacancies: '', applications: '', webhooks: '' };
  let theirDelivery = '';
  let ownWebhook = '';

  beforeAll(async () => {
    populated = await startPopulated();
    [agency] = populated.agencies;
    const rows = await rowsOf(populated.sceau.database, populated.agencies[1].agencyId);
    for (const { table, id } of rows) {
      if (table === 'vacancies.vacancy') foreign.vacancies = id;
      if (table === 'applications.application') foreign.applications = id;
      if (table === 'webhooks.endpoint') foreign.webhooks = id;
      if (table === 'webhooks.delivery') theirDelivery = id;
    }
    const own = await rowsOf(populated.sceau.database, agency.agencyId);
    ownWebhook = own.find(({ table }) => table === 'webhooks.endpoint')?.id ?? '';
  }, 90_000);

  afterAll(() => populated.sceau.stop());

  const misses = async (action: string): Promise<readonly LedgerEntryText[]> =>
    (await ledgerEntries(populated.sceau, action)).filter(({ reason }) => reason === 'not_found');

  async function expectMiss(id: string, path: string, route: Omit<TriedRoute, 'list'>): Promise<void> {
    const earlier = (await misses(route.action)).length;
    const { status, body } = await agency.client.request(`/v1/agency/${path}`, optionsOf(route));
    expect([status, record(body)['code']]).toEqual([404, 'not_found']);
    const left = (await misses(route.action)).slice(earlier);
    expect(left).toMatchObject([
      {
        outcome: 'refused',
        reason: 'not_found',
        actor: { kind: 'agency' },
        agency: agency.agencyId,
        resource: { id },
      },
    ]);
  }

  describe.each(TRIED_ROUTES)('of $list$below ($action)', (route) => {
    const { list, below } = route;
    const missing = newId(Date.now());
    const idOf = (whose: string): string => (whose === 'another’s' ? foreign[namedBy(route)] : missing);

    it.each(['another’s', 'nobody’s'])('is told nothing about %s, and leaves an entry', async (whose) => {
      const id = idOf(whose);
      await expectMiss(id, `${list}/${id}${below}`, route);
    });
  });

  describe.each(TRIED_DELIVERIES)('of deliveries to its own endpoint$below ($action)', (route) => {
    it.each(['another’s', 'nobody’s'])('is told nothing about %s, and leaves an entry', async (whose) => {
      const id = whose === 'another’s' ? theirDelivery : newId(Date.now());
      await expectMiss(id, `webhooks/${ownWebhook}/deliveries/${id}${route.below}`, route);
    });
  });

  it('is counted when it tries several at once', async () => {
    const ids = [foreign.applications, newId(Date.now()), newId(Date.now())];
    const before = (await misses('application.disclosed')).length;
    await agency.client.request('/v1/agency/applications/disclosures', { body: { ids, purpose: 'review' } });
    const left = await misses('application.disclosed');
    expect(left.length - before).toBe(1);
    expect(left.at(-1)).toMatchObject({ outcome: 'refused', count: 3 });
  });

  /** One more application, so that there is a second page; only its ids are ever looked at. */
  async function receivesAnother({ agencyId }: AgencyActor): Promise<void> {
    const id = newId(Date.now());
    await populated.sceau.database.query(
      `INSERT INTO applications.application SELECT (r).* FROM (
         SELECT jsonb_populate_record(a, jsonb_build_object('id', $2::text, 'vacancy_id', $3::text)) AS r
         FROM applications.application a WHERE agency_id = $1 AND status <> 'draft' LIMIT 1) AS copy`,
      [agencyId, id, newId(Date.now())],
    );
    await makeGenuine(populated.sceau, [id]);
  }

  it.each(['/v1/agency/vacancies', '/v1/agency/applications'])(
    'goes nowhere with the cursor that another was given for %s',
    async (path) => {
      const [one, other] = populated.agencies;
      await receivesAnother(one);
      const first = await lastingCursor(one, path);
      expect((await one.client.request(`${path}?limit=1&cursor=${first}`)).status).toBe(200);
      const { status, body } = await other.client.request(`${path}?limit=1&cursor=${first}`);
      expect([status, record(body)['code']]).toEqual([400, 'invalid_cursor']);
    },
  );

  async function lastingCursor({ client }: AgencyActor, path: string): Promise<string> {
    const { body } = await client.request(`${path}?limit=1`);
    return String(record(body)['nextCursor']);
  }
});
