import { type AgencyActor, createAgency, record } from '../../support/actors.js';
import { makeGenuine } from '../../support/application-records.js';
import { type Populated, startPopulated } from '../../support/populated.js';
import { ledgerEntries } from './agency-program.js';

const HOURS = { hour: 1, day: 24, month: 720 } as const;
const AGENCY_LIMITS = { hour: 50, day: 100, month: 300 } as const;

describe('what an agency is told of its budget', () => {
  let populated: Populated;
  let agency: AgencyActor;

  beforeAll(async () => {
    populated = await startPopulated();
    [agency] = populated.agencies;
  }, 90_000);

  afterAll(() => populated.sceau.stop());

  const usage = async ({ client }: AgencyActor = agency) => {
    const { status, body } = await client.request('/v1/agency/usage');
    expect(status).toBe(200);
    const { limits, ...rest } = record(body);
    const { setUntil, openApplications } = rest;
    return { setUntil, openApplications, limits: (Array.isArray(limits) ? limits : []).map(record) };
  };
  const lastHour = async (): Promise<number> => {
    const [row] = await populated.sceau.database.query<{ hour: Date }>(
      'SELECT max(hour) AS hour FROM disclosure.spent WHERE agency_id = $1',
      [agency.agencyId],
    );
    return row?.hour.getTime() ?? 0;
  };
  const windows = ['hour', 'day', 'month'] as const;
  const limitsOf = (
    reach: { reach: string; clientId: string | null; purpose: string | null },
    used: number,
    from: number | null,
    share = 1,
  ) =>
    windows.map((window) => {
      const limit = Math.ceil(AGENCY_LIMITS[window] * share);
      const resetsAt = from === null ? null : new Date(from + HOURS[window] * 3_600_000).toISOString();
      return { ...reach, window, limit, used, left: limit - used, resetsAt };
    });
  const ofPurpose = (purpose: string) => ({ reach: 'purpose', clientId: null, purpose });
  const ofAgency = { reach: 'agency', clientId: null, purpose: null };

  it('is every limit, the candidate that it has read, and when that counts no more', async () => {
    const hour = await lastHour();
    expect(await usage()).toEqual({
      setUntil: expect.stringMatching(/Z$/),
      openApplications: 1,
      limits: [
        ...limitsOf(ofAgency, 1, hour),
        ...limitsOf({ reach: 'client', clientId: agency.clientId, purpose: null }, 1, hour),
        ...limitsOf(ofPurpose('review'), 1, hour),
        ...limitsOf(ofPurpose('interview'), 0, null, 0.5),
        ...limitsOf(ofPurpose('offer'), 0, null, 0.25),
        ...limitsOf(ofPurpose('onboarding'), 0, null, 0.25),
      ],
    });
    const entries = await ledgerEntries(populated.sceau, 'usage.read');
    expect(entries.at(-1)).toMatchObject({ outcome: 'allowed', agency: agency.agencyId });
  });

  it('counts a candidate once, however often and in whichever hours, from the last reading on', async () => {
    const before = await usage();
    await populated.sceau.database.query(
      `INSERT INTO disclosure.spent SELECT agency_id, candidate_id, hour - interval '3 hours', client_id, purpose, counted_at - interval '3 hours'
       FROM disclosure.spent WHERE agency_id = $1`,
      [agency.agencyId],
    );
    expect(await usage()).toEqual(before);
  });

  it('forgets what has left the window', async () => {
    await populated.sceau.database.query(
      `INSERT INTO disclosure.spent
       SELECT agency_id, gen_random_uuid(), date_trunc('hour', now(), 'UTC') - ago, client_id, purpose, now() - ago
       FROM disclosure.spent, unnest(ARRAY[interval '24 hours', interval '720 hours']) AS ago WHERE agency_id = $1
         AND hour = (SELECT max(hour) FROM disclosure.spent WHERE agency_id = $1)`,
      [agency.agencyId],
    );
    const { limits } = await usage();
    expect(limits.slice(0, 3).map(({ used }) => used)).toEqual([1, 1, 2]);
  });

  it('is nothing of what another has read', async () => {
    const newcomer = await createAgency(populated.sceau, 'Nouvelle agence');
    const { setUntil, openApplications, limits } = await usage(newcomer);
    expect([setUntil, openApplications]).toEqual([null, 0]);
    expect(
      limits.filter(({ used, resetsAt, reach }) => used !== 0 || resetsAt !== null || reach === 'client'),
    ).toEqual([]);
  });

  it('grows with the applications that it was sent, and with none that somebody wrote to the database', async () => {
    const { database } = populated.sceau;
    const write = async ({ agencyId }: AgencyActor): Promise<readonly string[]> => {
      const rows = await database.query<{ id: string }>(
        `INSERT INTO applications.application SELECT (r).* FROM (
           SELECT jsonb_populate_record(a, jsonb_build_object('id', gen_random_uuid(), 'agency_id', $1::text,
                    'candidate_id', gen_random_uuid(), 'status', 'submitted')) AS r
           FROM applications.application AS a, generate_series(1, 600)
           WHERE a.id = (SELECT id FROM applications.application WHERE status <> 'draft' LIMIT 1)
         ) AS copies RETURNING id`,
        [agencyId],
      );
      return rows.map(({ id }) => id);
    };
    const honest = await createAgency(populated.sceau, 'Grande agence');
    const thief = await createAgency(populated.sceau, 'Agence cambriolée');
    await makeGenuine(populated.sceau, await write(honest));
    const written = await write(thief);
    const told = async (who: AgencyActor) => {
      const { openApplications, limits } = await usage(who);
      return [openApplications, ...limits.slice(0, 3).map(({ limit }) => limit)];
    };
    expect(await told(honest)).toEqual([600, 60, 150, 900]);
    expect(await told(thief)).toEqual([0, 50, 100, 300]);
    const refused = await ledgerEntries(populated.sceau, 'security_record.refused');
    expect(refused.some(({ resource }) => written.includes(String(resource.id)))).toBe(true);
  });

  it('needs its scope', async () => {
    const other = await createAgency(populated.sceau, 'Sans ce droit', ['vacancies:read']);
    const { status, body } = await other.client.request('/v1/agency/usage');
    expect([status, record(body)['code']]).toEqual([403, 'forbidden_scope']);
  });
});
