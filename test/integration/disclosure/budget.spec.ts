import { spyOn } from 'jest-mock';
import pg from 'pg';
import type { AgencyActor, RequestContext } from '../../../src/kernel/context.js';
import { type ApplicationDossier, BudgetUsage, Disclosure } from '../../../src/disclosure/index.js';
import { Failure } from '../../../src/kernel/errors.js';
import { Ledger } from '../../../src/ledger/index.js';
import { Opener } from '../../../src/sealing/opening.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { agency, Dossiers, fresh, withOpen } from './dossiers.js';
import { recordedAbout } from './recorded.js';

describe("an agency's budget of candidates", () => {
  let sceau: Sceau;
  let disclosure: Disclosure;
  let desk: Dossiers;
  let opening: ReturnType<typeof spyOnOpening>;

  const spyOnOpening = () => spyOn(sceau.app.get(Opener, { strict: false }), 'openMany');

  beforeAll(async () => {
    sceau = await startSceau();
    disclosure = sceau.app.get(Disclosure, { strict: false });
    desk = new Dossiers(sceau);
    opening = spyOnOpening();
  }, 60_000);

  afterAll(() => sceau.stop());

  async function applications(
    context: RequestContext<AgencyActor>,
    count: number,
  ): Promise<ApplicationDossier[]> {
    const first = await desk.application(context);
    // Only the first is ever opened here: the others need no keys of their own.
    const others = Array.from({ length: count - 1 }, () => ({
      ...first,
      candidate: fresh<'candidate'>(),
      content: [],
    }));
    return [first, ...others];
  }

  const spent = async ({ actor }: RequestContext<AgencyActor>): Promise<number> => {
    const rows = await sceau.database.query<{ count: number }>(
      'SELECT count(DISTINCT candidate_id)::integer AS count FROM disclosure.spent WHERE agency_id = $1',
      [actor.agencyId],
    );
    return rows[0]?.count ?? 0;
  };

  it('counts different candidates: reading one again costs nothing', async () => {
    const context = agency();
    const dossier = await desk.application(context);
    for (let time = 0; time < 3; time += 1) await desk.review(context, dossier);
    expect(await spent(context)).toBe(1);
  });

  it('counts nobody again within sixty minutes, though the clock’s hour is another and the limit is less', async () => {
    const context = agency();
    const dossiers = await applications(context, 51);
    sceau.clock.advance({ seconds: 3_540 - ((sceau.clock.now().getTime() / 1_000) % 3_600) });
    await disclosure.toAgency(context, { purpose: 'review', dossiers, readAllowance: withOpen(600) });
    sceau.clock.advance({ minutes: 2 });
    expect(await desk.review(context, ...dossiers)).toHaveLength(51);
    for (const dossier of dossiers.slice(0, 3)) await desk.review(context, dossier);
    expect(await usedOf(context)).toEqual([0, 0, 0, 0, 0, 0]);
    // One who is counted among those who are not.
    await desk.review(context, ...dossiers.slice(0, 2), await desk.application(context));
    expect(await usedOf(context)).toEqual([1, 1, 1, 0, 0, 0]);
    expect(await spent(context)).toBe(52);
    // Free is what was counted, not what was read for nothing: sixty minutes later it counts again.
    sceau.clock.advance({ minutes: 58 });
    await refusedFor(desk.review(context, ...dossiers));
    await desk.review(context, ...dossiers.slice(0, 2));
    expect(await usedOf(context)).toEqual([3, 3, 3, 0, 0, 0]);
  });

  it('is not touched by refusals', async () => {
    const context = agency();
    await desk.review(context, await desk.application(context, 'draft'));
    expect(await spent(context)).toBe(0);
  });

  it('ends at its limit with 429, an entry, and when to try again; known candidates stay readable', async () => {
    const context = agency();
    const dossiers = await applications(context, 50);
    await desk.review(context, ...dossiers);
    const late = await desk.application(context);
    opening.mockClear();
    const refusal = desk.review(context, late).catch((failure: unknown) => failure);
    expect(await refusal).toMatchObject({
      code: 'disclosure_budget_spent',
      headers: { 'retry-after': expect.stringMatching(/^\d+$/) },
    });
    expect(opening).not.toHaveBeenCalled();
    expect(await spent(context)).toBe(50);
    expect(await recordedAbout(sceau.database, late.candidate)).toMatchObject([
      {
        action: 'disclosure.budget_spent',
        outcome: 'refused',
        resource: context.actor.agencyId,
        purpose: 'review',
      },
    ]);
    expect(await desk.review(context, ...dossiers.slice(0, 1))).toMatchObject([{ outcome: 'released' }]);
  });

  const warnings = async ({ actor }: RequestContext<AgencyActor>): Promise<string[]> => {
    await recordedAbout(sceau.database, fresh());
    const rows = await sceau.database.query<{ reason: string }>(
      `SELECT reason FROM audit.entry WHERE agency_id = $1 AND action = 'disclosure.budget_warned'
       ORDER BY leaf_index`,
      [actor.agencyId],
    );
    return rows.map(({ reason }) => reason);
  };

  it('warns of each limit once within its window', async () => {
    const context = agency();
    const dossiers = await applications(context, 50);
    await desk.review(context, ...dossiers.slice(0, 39));
    expect(await warnings(context)).toEqual([]);
    for (const end of [41, 45]) await desk.review(context, ...dossiers.slice(0, end));
    const ofTheHour = ['agency_hour', 'client_hour', 'review_hour'];
    expect((await warnings(context)).toSorted()).toEqual(ofTheHour);
    sceau.clock.advance({ hours: 1 });
    await desk.review(context, ...dossiers);
    expect((await warnings(context)).slice(3).toSorted()).toEqual(ofTheHour);
  });

  it('warns in the transaction that spends: without the entry nothing is spent', async () => {
    const context = agency();
    const staging = spyOn(sceau.app.get(Ledger, { strict: false }), 'stage');
    staging.mockRejectedValue(new Failure('ledger_unavailable'));
    await expect(desk.review(context, ...(await applications(context, 40)))).rejects.toMatchObject({
      code: 'ledger_unavailable',
    });
    staging.mockRestore();
    expect(await spent(context)).toBe(0);
    await desk.review(context, await desk.application(context));
    expect(await spent(context)).toBe(1);
  });

  it('grows with the open applications', async () => {
    const context = agency();
    const dossiers = await applications(context, 60);
    const request = { purpose: 'review', dossiers } as const;
    await expect(
      disclosure.toAgency(context, { ...request, readAllowance: withOpen(590) }),
    ).rejects.toMatchObject({ code: 'disclosure_budget_spent' });
    expect(await spent(context)).toBe(0);
    await disclosure.toAgency(context, { ...request, readAllowance: withOpen(591) });
    expect(await spent(context)).toBe(60);
  });

  it('cannot be exceeded by asking for many at the same time', async () => {
    const context = agency();
    const dossiers = await applications(context, 45);
    await desk.review(context, ...dossiers);
    const more = await Promise.all(Array.from({ length: 12 }, () => desk.application(context)));
    const results = await Promise.allSettled(more.map((dossier) => desk.review(context, dossier)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
    expect(await spent(context)).toBe(50);
  });

  it("is the agency's: another's is untouched, and no client can lower its own", async () => {
    const context = agency();
    await desk.review(context, ...(await applications(context, 50)));
    const other = agency();
    expect(await desk.review(other, await desk.application(other))).toMatchObject([{ outcome: 'released' }]);
    const app = new pg.Client({ connectionString: sceau.database.appUrl });
    await app.connect();
    try {
      await app.query(
        `SELECT set_config('sceau.scope', 'agency', false), set_config('sceau.agency_id', $1, false)`,
        [context.actor.agencyId],
      );
      expect((await app.query('SELECT 1 FROM disclosure.spent')).rowCount).toBe(50);
      expect((await app.query('DELETE FROM disclosure.spent')).rowCount).toBe(0);
      expect((await app.query('DELETE FROM disclosure.warned')).rowCount).toBe(0);
      // Nor have somebody count for an hour that is over.
      await expect(
        app.query(
          `INSERT INTO disclosure.spent (agency_id, candidate_id, hour, counted_at, client_id, purpose)
           SELECT $1, gen_random_uuid(), date_trunc('hour', at, 'UTC'), at, $2, 'review'
           FROM (SELECT now() - interval '11 minutes') AS late (at)`,
          [context.actor.agencyId, context.actor.clientId],
        ),
      ).rejects.toThrow('row-level security');
      await expect(app.query(`UPDATE disclosure.spent SET hour = hour - interval '2 days'`)).rejects.toThrow(
        'permission denied',
      );
      await app.query('RESET ALL');
      expect((await app.query('SELECT 1 FROM disclosure.spent')).rowCount).toBe(0);
    } finally {
      await app.end();
    }
  });

  const refusedFor = async (asked: Promise<unknown>): Promise<number> => {
    const failure: unknown = await asked.catch((thrown: unknown) => thrown);
    expect(failure).toMatchObject({ code: 'disclosure_budget_spent' });
    return Number(Reflect.get(Object(Reflect.get(Object(failure), 'headers')), 'retry-after'));
  };
  const reasons = async (candidate: string): Promise<(string | null)[]> =>
    (await recordedAbout(sceau.database, candidate)).map(({ reason }) => reason);

  it('is counted for an hour, a day and thirty days, each of which comes back as Retry-After said', async () => {
    const context = agency();
    const dossiers = await applications(context, 300);
    for (let at = 0; at < 300; at += 50) {
      await desk.review(context, ...dossiers.slice(at, at + 50));
      const late = await desk.application(context);
      const wait = await refusedFor(desk.review(context, late));
      const limit = at === 250 ? 'month' : at % 100 === 50 ? 'day' : 'hour';
      const [recorded = ''] = await reasons(late.candidate);
      expect(recorded).toMatch(new RegExp(`^(agency|client|review)_${limit}$`));
      sceau.clock.advance({ seconds: wait - 60 });
      await refusedFor(desk.review(context, late));
      sceau.clock.advance({ seconds: 60 });
    }
    expect(await desk.review(context, await desk.application(context))).toMatchObject([
      { outcome: 'released' },
    ]);
  });

  it('is less for an interview than for a review, and for each by itself', async () => {
    const context = agency();
    const first = await desk.application(context, 'shortlisted');
    const others = Array.from({ length: 25 }, () => ({
      ...first,
      candidate: fresh<'candidate'>(),
      content: [],
    }));
    const interview = { purpose: 'interview', readAllowance: withOpen(0) } as const;
    await disclosure.toAgency(context, { ...interview, dossiers: others });
    await refusedFor(disclosure.toAgency(context, { ...interview, dossiers: [first] }));
    expect(await reasons(first.candidate)).toEqual(['interview_hour']);
    expect(await desk.review(context, first)).toMatchObject([{ outcome: 'released' }]);
    expect(await spent(context)).toBe(26);
  });

  const usedOf = async ({ actor }: RequestContext<AgencyActor>) => {
    const { limits } = await sceau.app.get(BudgetUsage, { strict: false }).read(actor.agencyId, withOpen(0));
    return limits.filter(({ window }) => window === 'hour').map(({ used }) => used);
  };

  it('is counted for each purpose and in each hour, whatever was shown for another or before', async () => {
    const context = agency();
    const dossier = await desk.application(context, 'shortlisted');
    await desk.review(context, dossier);
    expect(await usedOf(context)).toEqual([1, 1, 1, 0, 0, 0]);
    const interview = { purpose: 'interview', dossiers: [dossier], readAllowance: withOpen(0) } as const;
    await disclosure.toAgency(context, interview);
    expect(await usedOf(context)).toEqual([1, 1, 1, 1, 0, 0]);
    sceau.clock.advance({ minutes: 60 });
    expect(await usedOf(context)).toEqual([0, 0, 0, 0, 0, 0]);
    await desk.review(context, dossier);
    expect(await usedOf(context)).toEqual([1, 1, 1, 0, 0, 0]);
  });

  it('counts a candidate once who is asked for twice', async () => {
    const context = agency();
    await desk.review(context, ...(await applications(context, 49)));
    const last = await desk.application(context);
    await desk.review(context, last, { ...last, content: [] });
    expect(await spent(context)).toBe(50);
  });

  it('lets those be read who count already, when it has become less', async () => {
    const context = agency();
    const dossiers = await applications(context, 60);
    await disclosure.toAgency(context, { purpose: 'review', dossiers, readAllowance: withOpen(600) });
    sceau.clock.advance({ minutes: 60 });
    const others = await applications(context, 60);
    await disclosure.toAgency(context, { purpose: 'review', dossiers: others, readAllowance: withOpen(600) });
    sceau.clock.advance({ minutes: 60 });
    expect(await desk.review(context, ...dossiers.slice(0, 10))).toHaveLength(10);
    await refusedFor(desk.review(context, await desk.application(context)));
  });

  it('counts the same candidate once for the agency, whichever of its clients reads, for whatever purpose', async () => {
    const context = agency();
    const second = agency(context.actor.agencyId);
    const dossiers = await applications(context, 50);
    await desk.review(context, ...dossiers);
    await desk.review(second, ...dossiers.slice(1, 21));
    expect(await spent(context)).toBe(50);
    const [all, one = 0, other = 0, ...purposes] = await usedOf(context);
    expect([all, new Set([one, other]), purposes]).toEqual([50, new Set([20, 50]), [50, 0, 0, 0]]);
    await refusedFor(desk.review(second, await desk.application(context)));
  });
});
