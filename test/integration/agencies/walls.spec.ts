import type { OpenAPIObject } from '@nestjs/swagger';
import type { Exchange, RequestOptions } from '../../../tools/client/exchange.ts';
import { PersonClient } from '../../../tools/client/person.ts';
import { type AgencyActor, record } from '../../support/actors.js';
import { exampleBodies } from '../../support/example-bodies.js';
import { type Operation, operationsOf } from '../../support/operations.js';
import { type Populated, startPopulated } from '../../support/populated.js';
import { TryingRole } from '../../support/roles.js';
import { agencyTables, type OwnedRow, rowsOf, stateOfAgencies } from './owned-rows.js';

/** The services alone: in this database, row-level security hides nothing from anybody. */
describe('what a service checks, without row-level security,', () => {
  let populated: Populated;
  let contract: OpenAPIObject;
  let routes: readonly Operation[];
  let ours: AgencyActor;
  let own: readonly OwnedRow[];
  let theirs: readonly OwnedRow[];

  beforeAll(async () => {
    populated = await startPopulated();
    const { sceau, agencies } = populated;
    [ours] = agencies;
    // Or what a receiver has not taken is tried again in the middle of all this.
    await sceau.database.query(
      `UPDATE webhooks.delivery SET status = 'dead', settled_at = now() WHERE status = 'pending'`,
    );
    for (const { name } of await agencyTables(sceau.database))
      await sceau.database.query(`ALTER TABLE ${name} DISABLE ROW LEVEL SECURITY`);
    own = await rowsOf(sceau.database, ours.agencyId);
    theirs = await rowsOf(sceau.database, agencies[1].agencyId);
    const { body } = await new PersonClient(sceau.url).request('/openapi.json');
    contract = JSON.parse(JSON.stringify(body));
    routes = operationsOf(contract).filter(({ audience }) => audience === 'agency');
  }, 90_000);

  afterAll(() => populated.sceau.stop());

  const optionsOf = ({ method, path }: Operation, revision: number): RequestOptions => {
    const body = exampleBodies(contract).find((one) => one.method === method && one.path === path)?.body;
    const headers = { 'if-match': `"r${revision}"`, purpose: 'review' };
    return { method, headers, ...(body === undefined ? {} : { body }) };
  };
  /** @param outer of a path with two ids, the first */
  const ask = (route: Operation, { id, revision }: OwnedRow, outer: OwnedRow): Promise<Exchange> =>
    ours.client.request(route.sample(outer.id, id), optionsOf(route, revision));
  /** The rows that a route's path can name together with this one. */
  const around = ({ pathParameters }: Operation, row: OwnedRow, others: readonly OwnedRow[]) =>
    pathParameters === 1 ? [row] : others;
  const holdsTheirs = ({ body }: Exchange): readonly OwnedRow[] =>
    theirs.filter(({ id }) => JSON.stringify(body ?? '').includes(id));

  it('is all that there is: the database shows one agency the rows of the other', async () => {
    const app = await TryingRole.connect(populated.sceau.database.appUrl);
    const settings = { 'sceau.scope': 'agency', 'sceau.agency_id': ours.agencyId };
    for (const table of ['vacancies.vacancy', 'applications.application']) {
      const query = `SELECT FROM ${table} WHERE agency_id <> '${ours.agencyId}'`;
      expect((await app.select(query, settings)).length).toBeGreaterThan(0);
    }
    await app.end();
  });

  it('answers 404 for every id of the other agency on every route, and changes nothing', async () => {
    const withId = routes.filter(({ hasId }) => hasId);
    expect(withId.length).toBeGreaterThanOrEqual(7);
    expect(theirs.length).toBeGreaterThanOrEqual(6);
    const before = await stateOfAgencies(populated.sceau.database);
    const wrong: string[] = [];
    for (const route of withId)
      for (const row of theirs) {
        const outers = around(route, row, [...theirs, ...own]);
        for (const { status, body } of await Promise.all(outers.map((outer) => ask(route, row, outer)))) {
          const { code } = record(body ?? {});
          if (status !== 404 || code !== 'not_found')
            wrong.push(`${route.method} ${route.path} with one of ${row.table}: ${status} ${String(code)}`);
        }
      }
    expect(wrong).toEqual([]);
    expect(await stateOfAgencies(populated.sceau.database)).toEqual(before);
  }, 90_000);

  it('is what those requests came to: of our own rows they find each', async () => {
    const unfound: string[] = [];
    // A document is its candidate's; an agency comes to it by the application that it was sent with.
    const documents = await populated.sceau.database.query<OwnedRow>(
      `SELECT 'documents.document' AS "table", id::text AS id, 1 AS revision FROM documents.document`,
    );
    for (const route of routes.filter(({ hasId, method }) => hasId && method === 'GET')) {
      const asked = [...own, ...documents].flatMap((row) =>
        around(route, row, own).map((outer) => ask(route, row, outer)),
      );
      const statuses = (await Promise.all(asked)).map(({ status }) => status);
      if (!statuses.includes(200)) unfound.push(`${route.method} ${route.path}: ${statuses.join(' ')}`);
    }
    expect(unfound).toEqual([]);
  });

  it('lists and counts nothing of the other agency', async () => {
    const lists = routes.filter(({ hasId, method }) => !hasId && method === 'GET');
    expect(lists.length).toBeGreaterThanOrEqual(2);
    for (const { path } of lists) {
      const answer = await ours.client.request(path);
      expect([path, answer.status]).toEqual([path, 200]);
      expect([path, holdsTheirs(answer)]).toEqual([path, []]);
    }
    for (const { id } of theirs) {
      const { body } = await ours.client.request(`/v1/agency/applications?vacancy=${id}`);
      expect(record(body)['items']).toEqual([]);
    }
  });

  it('releases none of the other agency’s applications among fifty', async () => {
    const before = await stateOfAgencies(populated.sceau.database);
    const ids = theirs.map(({ id }) => id);
    const { status, body } = await ours.client.request('/v1/agency/applications/disclosures', {
      body: { ids, purpose: 'review' },
    });
    expect(status).toBe(200);
    expect(record(body)['items']).toEqual(ids.map((id) => ({ id, refusal: 'not_found' })));
    expect(await stateOfAgencies(populated.sceau.database)).toEqual(before);
  });

  it('shows the public what is published and no draft', async () => {
    const anyone = new PersonClient(populated.sceau.url);
    const drafts = await populated.sceau.database.query<{ id: string }>(
      `SELECT id FROM vacancies.vacancy WHERE status = 'draft'`,
    );
    expect(drafts.length).toBeGreaterThan(0);
    for (const { id } of drafts) expect((await anyone.request(`/v1/vacancies/${id}`)).status).toBe(404);
  });
});
