import { ReadingHistory } from '../../../src/disclosure/index.js';
import type { AgencyActor, RequestContext } from '../../../src/kernel/context.js';
import { Ledger } from '../../../src/ledger/index.js';
import { UnusualAccessWatch } from '../../../src/modules/unusual-access/index.js';
import { Jobs } from '../../../src/platform/jobs/jobs.js';
import { record } from '../../support/actors.js';
import { eventually } from '../../support/eventually.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { signInStaff } from '../../support/staff.js';
import { ledgerEntries } from '../agencies/agency-program.js';
import { agency, fresh } from '../disclosure/dossiers.js';

const HOUR_MS = 3_600_000;

describe('alerts of unusual access', () => {
  let sceau: Sceau;
  let ledger: Ledger;
  let watching: UnusualAccessWatch;

  beforeAll(async () => {
    sceau = await startSceau();
    ledger = sceau.app.get(Ledger, { strict: false });
    watching = sceau.worker.get(UnusualAccessWatch, { strict: false });
  }, 60_000);

  afterAll(() => sceau.stop());

  /** What its budget counts for a client. @param candidate one instead of several others */
  const spend = (
    { agencyId, clientId }: AgencyActor,
    hoursAgo: number,
    candidates: number,
    candidate: string | null = null,
  ) =>
    sceau.database.query(
      `INSERT INTO disclosure.spent (agency_id, candidate_id, hour, counted_at, client_id, purpose)
       SELECT $1, coalesce($5, gen_random_uuid()), date_trunc('hour', $3::timestamptz, 'UTC'), $3, $2, 'review'
       FROM generate_series(1, $4)`,
      [agencyId, clientId, new Date(sceau.clock.now().getTime() - hoursAgo * HOUR_MS), candidates, candidate],
    );

  const read = (context: RequestContext<AgencyActor>) =>
    ledger.append(
      { action: 'application.disclosed', context, purpose: 'review', resource: fresh() },
      'sequenced',
    );

  const alertsOf = async ({ clientId }: AgencyActor) =>
    (await ledgerEntries(sceau, 'access.unusual'))
      .filter(({ resource }) => resource.id === clientId)
      .map(({ agency: whose, reason, count }) => ({ agency: whose, reason, count }));

  it('count different candidates in sixty minutes, 24 hours and seven days back from a moment', async () => {
    // Half past, so that more than an hour ago is in the clock's hour before as well.
    sceau.clock.advance({ minutes: (90 - sceau.clock.now().getUTCMinutes()) % 60 });
    const { actor } = agency();
    const [again, later, crowded] = [fresh(), fresh(), fresh()];
    await spend(actor, 0.9, 1, again);
    await spend(actor, 3.5, 1, again);
    await spend(actor, 3.2, 4);
    await spend(actor, 30, 1, again);
    for (const other of [actor, agency().actor, agency().actor]) await spend(other, 1.1, 1, crowded);
    await spend(actor, 200, 2);
    await spend(actor, 721, 3);
    const at = sceau.clock.now();
    await spend(actor, -0.05, 1, later);
    await spend(agency().actor, 2, 1, again);
    const history = sceau.worker.get(ReadingHistory, { strict: false });
    const [reading] = await history.read([actor.clientId], at);
    expect(reading).toEqual({
      clientId: actor.clientId,
      hours: expect.arrayContaining([
        { ago: 0, candidates: 1 },
        { ago: 1, candidates: 1 },
        { ago: 3, candidates: 5 },
        { ago: 30, candidates: 1 },
        { ago: 200, candidates: 2 },
      ]),
      days: expect.arrayContaining([
        { ago: 0, candidates: 6 },
        { ago: 1, candidates: 1 },
        { ago: 8, candidates: 2 },
      ]),
      weeks: expect.arrayContaining([
        { ago: 0, candidates: 6 },
        { ago: 1, candidates: 2 },
      ]),
      readers: 2,
    });
    expect([reading?.hours, reading?.days, reading?.weeks].map((spans) => spans?.length)).toEqual([5, 3, 2]);
  });

  it('are raised once a day, and say why in a sentence', async () => {
    const context = agency();
    const miss = { context, outcome: 'refused', reason: 'not_found' } as const;
    const ask = (
      action: 'application.disclosed' | 'vacancy.read' | 'webhook.read' = 'application.disclosed',
    ) => ledger.append({ ...miss, action, resource: fresh() }, 'sequenced');
    await ask('vacancy.read');
    await ask('webhook.read');
    for (let time = 3; time < 20; time += 1) await ask();
    await watching.run();
    expect(await alertsOf(context.actor)).toEqual([]);
    await ask();
    await sceau.app.get(Jobs, { strict: false }).send('unusual_access', {});
    const found = await eventually('the alert', async () => {
      const all = await alertsOf(context.actor);
      return all.length > 0 ? all : undefined;
    });
    expect(found).toEqual([{ agency: context.actor.agencyId, reason: 'unusual_misses', count: 20 }]);
    await ask();
    await watching.run();
    expect(await alertsOf(context.actor)).toHaveLength(1);
    const auditor = await signInStaff(sceau, 'auditor');
    const { items } = record((await auditor.request('/v1/audit/alerts?limit=1')).body);
    expect(Array.isArray(items) ? items.map(record) : []).toMatchObject([
      {
        action: 'access.unusual',
        explanation: expect.stringMatching(/20 identifiants qui ne sont pas ceux|20 ids/),
      },
    ]);
  });

  it('are raised by what is read within sixty minutes, in two hours of the clock as well', async () => {
    sceau.clock.advance({ minutes: (65 - sceau.clock.now().getUTCMinutes()) % 60 });
    const context = agency();
    await spend(context.actor, 0.8, 20);
    await spend(context.actor, 0, 19);
    await read(context);
    await watching.run();
    expect(await alertsOf(context.actor)).toEqual([]);
    await spend(context.actor, 0, 1);
    await watching.run();
    const { agencyId } = context.actor;
    expect(await alertsOf(context.actor)).toEqual([{ agency: agencyId, reason: 'unusual_rate', count: 40 }]);
  });

  it('are raised by what a client takes slowly, once within a week', async () => {
    const context = agency();
    for (let day = 7; day < 28; day += 1) await spend(context.actor, 24 * day, 3);
    for (const day of [4, 3, 2, 1]) await spend(context.actor, 24 * day, 14);
    await spend(context.actor, 0, 13);
    await read(context);
    await watching.run();
    expect(await alertsOf(context.actor)).toEqual([]);
    await spend(context.actor, 0, 1);
    await watching.run();
    const told = [{ agency: context.actor.agencyId, reason: 'unusual_week', count: 70 }];
    expect(await alertsOf(context.actor)).toEqual(told);
    sceau.clock.advance({ hours: 25 });
    await spend(context.actor, 0, 1);
    await read(context);
    await watching.run();
    expect(await alertsOf(context.actor)).toEqual(told);
  });

  it.each([
    ['several at once', 'application.disclosed', 2],
    ['documents', 'document.disclosed', 1],
  ] as const)('are raised by reading %s in the order of the list', async (_, action, together) => {
    const context = agency();
    const applications = Array.from({ length: 45 * together }, () => fresh<'application'>()).toSorted();
    for (let from = 0; from < applications.length; from += together) {
      const subjects = applications
        .slice(from, from + together)
        .map((application) => ({ candidate: fresh<'candidate'>(), application, fields: ['document'] }));
      const resource = action === 'document.disclosed' ? { resource: fresh() } : {};
      await ledger.append({ action, context, purpose: 'review', subjects, ...resource }, 'staged');
    }
    await ledger.append({ action: 'application.listed', context, count: 1 }, 'sequenced');
    await watching.run();
    expect(await alertsOf(context.actor)).toMatchObject([{ reason: 'unusual_order', count: 45 }]);
  });

  it('are raised by what was done an hour ago while nobody looked, once', async () => {
    const context = agency();
    const miss = {
      action: 'application.disclosed',
      context,
      outcome: 'refused',
      reason: 'not_found',
    } as const;
    for (let time = 0; time < 20; time += 1) await ledger.append({ ...miss, resource: fresh() }, 'sequenced');
    sceau.clock.advance({ hours: 1, minutes: 30 });
    await watching.run();
    await watching.run();
    expect(await alertsOf(context.actor)).toMatchObject([{ reason: 'unusual_misses', count: 20 }]);
  });

  it.each([
    ['refusals', 30, { action: 'application.disclosed', outcome: 'refused', reason: 'purpose_not_allowed' }],
    ['pages', 120, { action: 'application.listed', count: 50 }],
  ] as const)('are raised by so many %s within an hour', async (rule, limit, entry) => {
    const context = agency();
    const again = () => ledger.append({ ...entry, context }, 'staged');
    await Promise.all(Array.from({ length: limit - 1 }, again));
    const miss = { action: entry.action, context, outcome: 'refused', reason: 'not_found' } as const;
    await ledger.append({ ...miss, resource: fresh() }, 'staged');
    await read(context);
    await watching.run();
    expect(await alertsOf(context.actor)).toEqual([]);
    await again();
    await read(context);
    await watching.run();
    const { agencyId } = context.actor;
    expect(await alertsOf(context.actor)).toEqual([
      { agency: agencyId, reason: `unusual_${rule}`, count: limit },
    ]);
  });
});
