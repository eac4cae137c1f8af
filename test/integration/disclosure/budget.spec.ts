import { spyOn } from 'jest-mock';
import pg from 'pg';
import type { AgencyActor, RequestContext } from '../../../src/kernel/context.js';
import { type ApplicationDossier, Disclosure } from '../../../src/disclosure/index.js';
import { Opener } from '../../../src/sealing/opening.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { agency, Dossiers, fresh } from './dossiers.js';
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
      { action: 'disclosure.budget_spent', outcome: 'refused', resource: context.actor.agencyId },
    ]);
    expect(await desk.review(context, ...dossiers.slice(0, 1))).toMatchObject([{ outcome: 'released' }]);
  });

  it('warns once on the way', async () => {
    const context = agency();
    const dossiers = await applications(context, 45);
    for (const end of [39, 41, 45]) await desk.review(context, ...dossiers.slice(0, end));
    await recordedAbout(sceau.database, dossiers[0]?.candidate ?? '');
    const warnings = await sceau.database.query(
      `SELECT 1 FROM audit.entry WHERE agency_id = $1 AND action = 'disclosure.budget_warned'`,
      [context.actor.agencyId],
    );
    expect(warnings).toHaveLength(1);
  });

  it('grows with the open applications', async () => {
    const context = agency();
    const dossiers = await applications(context, 60);
    const request = { purpose: 'review', dossiers } as const;
    await expect(
      disclosure.toAgency(context, { ...request, countOpenApplications: () => Promise.resolve(295) }),
    ).rejects.toMatchObject({ code: 'disclosure_budget_spent' });
    expect(await spent(context)).toBe(0);
    await disclosure.toAgency(context, { ...request, countOpenApplications: () => Promise.resolve(296) });
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
      await expect(app.query(`UPDATE disclosure.spent SET hour = hour - interval '2 days'`)).rejects.toThrow(
        'permission denied',
      );
      await app.query('RESET ALL');
      expect((await app.query('SELECT 1 FROM disclosure.spent')).rowCount).toBe(0);
    } finally {
      await app.end();
    }
  });

  it('is whole again a day later, as Retry-After said', async () => {
    const context = agency();
    const dossiers = await applications(context, 50);
    await desk.review(context, ...dossiers);
    const late = await desk.application(context);
    const failure: unknown = await desk.review(context, late).catch((thrown: unknown) => thrown);
    const seconds = Number(Reflect.get(Object(Reflect.get(Object(failure), 'headers')), 'retry-after'));
    expect(seconds).toBeGreaterThan(22 * 3_600);
    sceau.clock.advance({ seconds: seconds - 60 });
    await expect(desk.review(context, late)).rejects.toMatchObject({ code: 'disclosure_budget_spent' });
    sceau.clock.advance({ seconds: 60 });
    expect(await desk.review(context, late)).toMatchObject([{ outcome: 'released' }]);
  });
});
