import { type AgencyActor, createAgency, record } from '../../support/actors.js';
import { type Populated, startPopulated } from '../../support/populated.js';
import { ledgerEntries } from './agency-program.js';

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
    return record(body);
  };
  const spentHours = () =>
    populated.sceau.database.query<{ hour: Date }>(
      'SELECT hour FROM disclosure.spent WHERE agency_id = $1 ORDER BY hour',
      [agency.agencyId],
    );

  it('is the candidate that it has read, by which client, and when that counts no more', async () => {
    const [spent] = await spentHours();
    const at = new Date((spent?.hour.getTime() ?? 0) + 24 * 3_600_000).toISOString();
    expect(await usage()).toEqual({
      windowHours: 24,
      openApplications: 1,
      limit: 50,
      spent: 1,
      left: 49,
      returns: [{ at, candidates: 1 }],
      clients: [{ clientId: agency.clientId, candidates: 1 }],
    });
    const entries = await ledgerEntries(populated.sceau, 'usage.read');
    expect(entries.at(-1)).toMatchObject({ outcome: 'allowed', agency: agency.agencyId });
  });

  it('counts a candidate once, however often and in whichever hours, from the last reading on', async () => {
    await populated.sceau.database.query(
      `INSERT INTO disclosure.spent SELECT agency_id, candidate_id, hour - interval '3 hours', client_id
       FROM disclosure.spent WHERE agency_id = $1`,
      [agency.agencyId],
    );
    const hours = await spentHours();
    expect(hours).toHaveLength(2);
    const at = new Date((hours.at(-1)?.hour.getTime() ?? 0) + 24 * 3_600_000).toISOString();
    expect(await usage()).toMatchObject({ spent: 1, returns: [{ at, candidates: 1 }] });
  });

  it('forgets what has left the window', async () => {
    await populated.sceau.database.query(
      `INSERT INTO disclosure.spent SELECT agency_id, gen_random_uuid(), hour - interval '24 hours', client_id
       FROM disclosure.spent WHERE agency_id = $1`,
      [agency.agencyId],
    );
    expect(await usage()).toMatchObject({ spent: 1, left: 49 });
  });

  it('is nothing of what another has read', async () => {
    const newcomer = await createAgency(populated.sceau, 'Nouvelle agence');
    expect(await usage(newcomer)).toEqual({
      windowHours: 24,
      openApplications: 0,
      limit: 50,
      spent: 0,
      left: 50,
      returns: [],
      clients: [],
    });
  });

  it('needs its scope', async () => {
    const other = await createAgency(populated.sceau, 'Sans ce droit', ['vacancies:read']);
    const { status, body } = await other.client.request('/v1/agency/usage');
    expect([status, record(body)['code']]).toEqual([403, 'forbidden_scope']);
  });
});
