import pg from 'pg';
import type { AgencyActor, RequestContext } from '../../../src/kernel/context.js';
import { type ApplicationDossier, Disclosure, SpentBudget } from '../../../src/disclosure/index.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { agency, Dossiers, fresh } from './dossiers.js';
import { recordedAbout } from './recorded.js';

type Agency = RequestContext<AgencyActor>;

const LIMIT = 50;
const SPENT = '(agency_id, candidate_id, hour, counted_at, client_id, purpose)';

/** Whoever has the application's database role and an agency's live credential besides reads no more than by the latter. */
describe('rows of a budget that somebody plants', () => {
  let sceau: Sceau;
  let desk: Dossiers;
  let app: pg.Client;

  beforeAll(async () => {
    sceau = await startSceau();
    desk = new Dossiers(sceau);
    app = new pg.Client({ connectionString: sceau.database.appUrl });
    await app.connect();
  }, 60_000);

  afterAll(async () => {
    await app.end();
    await sceau.stop();
  });

  const actAs = ({ actor }: Agency, scope: 'agency' | 'system' = 'agency') =>
    app.query(`SELECT set_config('sceau.scope', $1, false), set_config('sceau.agency_id', $2, false)`, [
      scope,
      actor.agencyId,
    ]);

  /** Of whom only the first is ever opened: the others need no keys of their own. */
  async function applications(context: Agency, count: number): Promise<ApplicationDossier[]> {
    const first = await desk.application(context);
    const others = Array.from({ length: count - 1 }, () => ({
      ...first,
      candidate: fresh<'candidate'>(),
      content: [],
    }));
    return [first, ...others];
  }

  /** One after the other. @returns how many are shown */
  async function shownOf(context: Agency, dossiers: readonly ApplicationDossier[]): Promise<number> {
    let shown = 0;
    for (const dossier of dossiers)
      shown += await desk.review(context, dossier).then(
        () => 1,
        () => 0,
      );
    return shown;
  }

  const warnings = async ({ actor }: Agency, window = 'hour'): Promise<number> => {
    await recordedAbout(sceau.database, fresh());
    const rows = await sceau.database.query(
      `SELECT FROM audit.entry WHERE agency_id = $1 AND action = 'disclosure.budget_warned' AND reason LIKE $2`,
      [actor.agencyId, `%_${window}`],
    );
    return rows.length;
  };

  it.each([
    ['now', 'now()'],
    ['in years', `'2099-01-01T00:00:00Z'::timestamptz`],
  ])('make nothing free, counted %s', async (_, moment) => {
    const context = agency();
    const dossiers = await applications(context, LIMIT + 10);
    const { agencyId, clientId } = context.actor;
    await actAs(context);
    const planted = await app.query(
      `INSERT INTO disclosure.spent ${SPENT}
       SELECT $1, candidate, date_trunc('hour', at, 'UTC'), at, $2, 'review'
       FROM unnest($3::uuid[]) AS candidate, (SELECT ${moment}) AS m (at)`,
      [agencyId, clientId, dossiers.slice(5).map(({ candidate }) => candidate)],
    );
    expect(planted.rowCount).toBe(LIMIT + 5);
    // Planted rows count like any other: they only leave less.
    expect(await shownOf(context, dossiers)).toBe(0);
    const honest = agency();
    expect(await shownOf(honest, await applications(honest, LIMIT + 10))).toBe(LIMIT);
  });

  it('cannot be renamed, so that many would count as one; an erasure renames all of somebody’s at once', async () => {
    const context = agency();
    const dossiers = await applications(context, LIMIT);
    await desk.review(context, ...dossiers);
    await actAs(context, 'system');
    await expect(
      app.query('UPDATE disclosure.spent SET candidate_id = gen_random_uuid() WHERE agency_id = $1', [
        context.actor.agencyId,
      ]),
    ).rejects.toThrow('permission denied');
    // What an erasure does, done for each of them by whoever has the role.
    for (const { candidate } of dossiers) await app.query('SELECT disclosure.rename_erased($1)', [candidate]);
    const [row] = await sceau.database.query<{ count: number }>(
      'SELECT count(DISTINCT candidate_id)::integer AS count FROM disclosure.spent WHERE agency_id = $1',
      [context.actor.agencyId],
    );
    expect(row?.count).toBe(LIMIT);
    expect(await shownOf(context, [...dossiers.slice(0, 1), await desk.application(context)])).toBe(0);
    const candidates = dossiers.map(({ candidate }) => candidate);
    const left = await sceau.database.query(
      'SELECT FROM disclosure.spent WHERE candidate_id = ANY ($1::uuid[])',
      [candidates],
    );
    expect(left).toEqual([]);
    await expect(sceau.app.get(SpentBudget, { strict: false }).forget(fresh())).resolves.toBeUndefined();
  });

  it.each([
    ['now', 'now()'],
    ['in years', `'2099-01-01T00:00:00Z'::timestamptz`],
  ])('keep no warning back, noted %s', async (_, moment) => {
    const context = agency();
    const reaches = ['agency', context.actor.clientId, 'review'];
    await actAs(context);
    const planted = await app.query(
      `INSERT INTO disclosure.warned (agency_id, reach, period, hour, allowed)
       SELECT $1, reach, 'hour', date_trunc('hour', ${moment}, 'UTC'), $3 FROM unnest($2::text[]) AS reach`,
      [context.actor.agencyId, reaches, LIMIT],
    );
    expect(planted.rowCount).toBe(reaches.length);
    await desk.review(context, ...(await applications(context, LIMIT - 5)));
    expect(await warnings(context)).toBe(reaches.length);
  });

  it.each(['hour', 'day', 'month'])('are not needed for the warning of a limit of the %s', async (window) => {
    const context = agency();
    const [first] = await applications(context, 1);
    if (first === undefined) throw new Error('There is one.');
    const readAllowance = () => Promise.resolve({ hour: 1_000, day: 1_000, month: 1_000, [window]: 1 });
    const disclosure = sceau.app.get(Disclosure, { strict: false });
    await disclosure.toAgency(context, { purpose: 'review', dossiers: [first], readAllowance });
    expect(await warnings(context, window)).toBe(3);
  });

  it('are not needed for a warning of a limit that was raised after one', async () => {
    const context = agency();
    const disclosure = sceau.app.get(Disclosure, { strict: false });
    const dossiers = await applications(context, 100);
    const reviewed = (count: number, allowed: number) =>
      disclosure.toAgency(context, {
        purpose: 'review',
        dossiers: dossiers.slice(0, count),
        readAllowance: () => Promise.resolve({ hour: allowed, day: 1_000, month: 1_000 }),
      });
    await reviewed(9, 10);
    expect(await warnings(context)).toBe(3);
    // Hardly more, as when an agency receives some applications: of that it was warned.
    await reviewed(11, 12);
    expect(await warnings(context)).toBe(3);
    await reviewed(30, 100);
    expect(await warnings(context)).toBe(3);
    await reviewed(80, 100);
    expect(await warnings(context)).toBe(6);
    await reviewed(90, 100);
    expect(await warnings(context)).toBe(6);
  });
});
