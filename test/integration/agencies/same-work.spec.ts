import { spyOn } from 'jest-mock';
import pg from 'pg';
import { newId } from '../../../src/kernel/ids.js';
import { CanaryLives } from '../../../src/modules/canaries/index.js';
import type { RequestOptions } from '../../../tools/client/exchange.ts';
import { type AgencyActor, record } from '../../support/actors.js';
import { type Populated, startPopulated } from '../../support/populated.js';
import { rowsOf } from './owned-rows.js';
import { namedBy, optionsOf, TRIED_DELIVERIES, TRIED_ROUTES } from './tried-ids.js';

/** Listens to every statement that this process sends to PostgreSQL, whichever pool it goes through. */
class StatementLog {
  readonly #spy = spyOn(pg.Client.prototype, 'query');

  async during(work: () => Promise<unknown>): Promise<readonly string[]> {
    this.#spy.mockClear();
    await work();
    const sent = this.#spy.mock.calls.map(([first]: readonly unknown[]) =>
      typeof first === 'string' ? first : String(record(first)['text']),
    );
    // Beside the answers, as the clock says: the sequencer is woken, the ledger is asked how far behind it is, what has expired
    // is cleared away, jobs are looked for.
    return sent.filter((text) => !/NOTIFY |audit\.condition\(\)|oauth\.sweep|\bjobs\./.test(text));
  }

  end(): void {
    this.#spy.mockRestore();
  }
}

/**
 * How long an answer takes is not measured: machines differ. What is shown is that there is nothing it could depend on:
 * for an id of another agency and for one that never was, the product sends PostgreSQL the same statements in the same
 * order, row-level security takes the row away before anything looks at it, and what goes back is the same.
 */
describe('an id of another agency and one of nobody', () => {
  let populated: Populated;
  let agency: AgencyActor;
  let log: StatementLog;
  const foreign = { vacancies: '', applications: '', webhooks: '', deliveries: '' };
  let ownWebhook = '';

  beforeAll(async () => {
    populated = await startPopulated();
    [agency] = populated.agencies;
    for (const { table, id } of await rowsOf(populated.sceau.database, populated.agencies[1].agencyId)) {
      if (table === 'vacancies.vacancy') foreign.vacancies = id;
      if (table === 'applications.application') foreign.applications = id;
      if (table === 'webhooks.endpoint') foreign.webhooks = id;
      if (table === 'webhooks.delivery') foreign.deliveries = id;
    }
    const own = await rowsOf(populated.sceau.database, agency.agencyId);
    ownWebhook = own.find(({ table }) => table === 'webhooks.endpoint')?.id ?? '';
    // The worker sends statements of its own whenever it likes, and so does what looks for canaries to plant.
    await populated.sceau.worker.close();
    await populated.sceau.app.get(CanaryLives, { strict: false }).beforeApplicationShutdown();
    log = new StatementLog();
  }, 90_000);

  afterAll(async () => {
    log.end();
    await populated.sceau.stop();
  });

  async function workFor(path: string, options: RequestOptions) {
    let answer: unknown;
    const statements = await log.during(async () => {
      const { status, body } = await agency.client.request(path, options);
      const { requestId: _, instance: __, ...problem } = record(body);
      answer = { status, problem };
    });
    return { statements, answer };
  }

  it.each(TRIED_ROUTES)('are the same work for $list$below ($action)', async (route) => {
    const pathOf = (id: string) => `/v1/agency/${route.list}/${id}${route.below}`;
    const theirs = await workFor(pathOf(foreign[namedBy(route)]), optionsOf(route));
    const nobodys = await workFor(pathOf(newId(Date.now())), optionsOf(route));
    expect(theirs.answer).toMatchObject({ status: 404 });
    expect(theirs.statements.length).toBeGreaterThan(5);
    // An agency that is no sandbox is told so by its own row.
    const looksFor = route.list === 'sandbox/applications' ? 'agencies' : namedBy(route);
    expect(theirs.statements.join('\n')).toContain(looksFor);
    expect(nobodys).toEqual(theirs);
  });

  it.each(TRIED_DELIVERIES)(
    'are the same work for what was sent to one’s own endpoint$below',
    async (tried) => {
      const path = (id: string): string => `/v1/agency/webhooks/${ownWebhook}/deliveries/${id}${tried.below}`;
      const theirs = await workFor(path(foreign.deliveries), optionsOf(tried));
      expect(theirs.answer).toMatchObject({ status: 404 });
      expect(theirs.statements.join('\n')).toContain('webhooks.delivery');
      expect(await workFor(path(newId(Date.now())), optionsOf(tried))).toEqual(theirs);
    },
  );

  it('are the same work among several', async () => {
    const wish = (ids: readonly string[]) => ({ body: { ids, purpose: 'review' } });
    const path = '/v1/agency/applications/disclosures';
    const theirs = await log.during(() =>
      agency.client.request(path, wish([foreign.applications, newId(Date.now())])),
    );
    const nobodys = await log.during(() =>
      agency.client.request(path, wish([newId(Date.now()), newId(Date.now())])),
    );
    expect(theirs.length).toBeGreaterThan(5);
    expect(nobodys).toEqual(theirs);
  });

  it('are the same work as a filter', async () => {
    const path = (id: string) => `/v1/agency/applications?vacancy=${id}`;
    const theirs = await workFor(path(foreign.vacancies), {});
    expect(theirs.answer).toEqual({ status: 200, problem: { items: [], nextCursor: null } });
    expect(await workFor(path(newId(Date.now())), {})).toEqual(theirs);
  });
});
