import { randomUUID } from 'node:crypto';
import { fillSandbox } from '../../../src/cli/sandbox/fill-sandbox.js';
import { PersonClient } from '../../../tools/client/person.ts';
import {
  type AgencyActor,
  type CandidateActor,
  createAgency,
  record,
  signUpCandidate,
  systemContext,
} from '../../support/actors.js';
import { FORBIDDEN, TryingRole } from '../../support/roles.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { ledgerEntries } from '../agencies/agency-program.js';

/** SQLSTATEs of a broken foreign key and a broken check. */
const FOREIGN_KEY = '23503';
const CHECK = '23514';

interface Ids {
  readonly agency: string;
  readonly vacancy: string;
  readonly application: string;
  readonly candidate: string;
}

interface Fixture {
  readonly sceau: Sceau;
  readonly sandbox: AgencyActor;
  readonly candidate: CandidateActor;
  readonly ids: Ids;
}

async function start(): Promise<Fixture> {
  const sceau = await startSceau();
  const sandbox = await createAgency(sceau, 'Bac à sable', undefined, 'sandbox');
  await fillSandbox(sceau.app, systemContext(), sandbox.agencyId, 1, () => undefined);
  const candidate = await signUpCandidate(sceau);
  const [ids] = await sceau.database.query<Ids>(
    `SELECT a.agency_id AS agency, a.vacancy_id AS vacancy, a.id AS application, c.id AS candidate
     FROM applications.application a, identity.account c`,
  );
  if (ids === undefined) throw new Error('The sandbox has its application.');
  return { sceau, sandbox, candidate, ids };
}

const apply = (candidate: CandidateActor, vacancyId: string) =>
  candidate.client.request('/v1/me/applications', {
    body: { vacancyId },
    headers: { 'idempotency-key': randomUUID() },
  });

const publicVacancies = async (sceau: Sceau): Promise<unknown> =>
  record((await new PersonClient(sceau.url).request('/v1/vacancies')).body)['items'];

describe('the services alone, without row-level security,', () => {
  let fixture: Fixture;

  beforeAll(async () => {
    fixture = await start();
    for (const table of ['agencies.agency', 'vacancies.vacancy', 'applications.application'])
      await fixture.sceau.database.query(`ALTER TABLE ${table} DISABLE ROW LEVEL SECURITY`);
  }, 60_000);

  afterAll(() => fixture.sceau.stop());

  it('show no vacancy of a sandbox to the public', async () => {
    const { sceau, ids } = fixture;
    expect(await publicVacancies(sceau)).toEqual([]);
    const one = await new PersonClient(sceau.url).request(`/v1/vacancies/${ids.vacancy}`);
    expect(one.status).toBe(404);
  });

  it('let no real candidate apply there', async () => {
    const { candidate, ids, sceau } = fixture;
    expect(await apply(candidate, ids.vacancy)).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect(await sceau.database.query('SELECT 1 FROM applications.application')).toHaveLength(1);
  });
});

describe('the database alone, whatever a service asks it for,', () => {
  let fixture: Fixture;
  let app: TryingRole;
  let asCandidate: Record<string, string>;
  let asSandbox: Record<string, string>;

  beforeAll(async () => {
    fixture = await start();
    app = await TryingRole.connect(fixture.sceau.database.appUrl);
    asCandidate = { 'sceau.scope': 'candidate', 'sceau.candidate_id': fixture.ids.candidate };
    asSandbox = { 'sceau.scope': 'agency', 'sceau.agency_id': fixture.ids.agency };
  }, 60_000);

  afterAll(async () => {
    await app.end();
    await fixture.sceau.stop();
  });

  const application = (mode: string): string => {
    const { agency, vacancy, candidate } = fixture.ids;
    return `INSERT INTO applications.application
        (id, candidate_id, vacancy_id, agency_id, mode, status, anonymous_review, created_at, updated_at,
         record_revision, mac)
      VALUES (gen_random_uuid(), '${candidate}', '${vacancy}', '${agency}', '${mode}', 'draft', false, now(), now(), 0, sha256(''))`;
  };

  it('shows no vacancy of a sandbox to the public or to a candidate', async () => {
    for (const settings of [{ 'sceau.scope': 'public' }, asCandidate])
      expect(await app.select('SELECT 1 FROM vacancies.vacancy', settings)).toEqual([]);
    expect(await app.select('SELECT 1 FROM vacancies.vacancy', asSandbox)).toHaveLength(3);
  });

  it('takes no application of a candidate there, whether it says so or lies', async () => {
    expect(await app.attempt(application('sandbox'), asCandidate)).toBe(FORBIDDEN);
    expect(await app.attempt(application('live'), asCandidate)).toBe(FOREIGN_KEY);
  });

  it('shows a synthetic application to no candidate, not even to the one whose it would be', async () => {
    const { application: id } = fixture.ids;
    const [row] = await fixture.sceau.database.query<{ id: string }>(
      'SELECT candidate_id AS id FROM applications.application WHERE id = $1',
      [id],
    );
    const settings = { 'sceau.scope': 'candidate', 'sceau.candidate_id': row?.id ?? '' };
    expect(await app.select('SELECT 1 FROM applications.application', settings)).toEqual([]);
  });

  it('lets nothing change its mode: no agency, no vacancy, no application', async () => {
    const asSystem = { 'sceau.scope': 'system' };
    for (const table of ['vacancies.vacancy', 'applications.application'])
      expect(await app.attempt(`UPDATE ${table} SET mode = 'live'`, asSandbox)).toBe(FOREIGN_KEY);
    expect(await app.attempt(`UPDATE agencies.agency SET mode = 'live'`, asSystem)).toBe(FORBIDDEN);
    const owner = await TryingRole.connect(fixture.sceau.database.ownerUrl);
    expect(await owner.attempt(`UPDATE agencies.agency SET mode = 'live'`)).toBe(CHECK);
    expect(await owner.attempt(`UPDATE agencies.agency SET mode_mac = sha256('x')`)).toBe(CHECK);
    await owner.end();
  });
});

describe('a mode that was flipped in the database, with all that depends on it,', () => {
  let fixture: Fixture;

  /** As somebody who may do everything in the database, and switches off whatever stands in the way. */
  const flip = (agency: string, mode: 'live' | 'sandbox') =>
    fixture.sceau.database.query(
      `BEGIN; SET LOCAL session_replication_role = replica;
       UPDATE agencies.agency SET mode = '${mode}' WHERE id = '${agency}';
       UPDATE vacancies.vacancy SET mode = '${mode}' WHERE agency_id = '${agency}';
       UPDATE applications.application SET mode = '${mode}' WHERE agency_id = '${agency}';
       COMMIT`,
    );
  const alertsAbout = async (agency: string): Promise<number> =>
    (await ledgerEntries(fixture.sceau, 'security_record.refused')).filter(
      ({ resource, reason }) => resource.id === agency && reason === 'forged',
    ).length;

  beforeAll(async () => {
    fixture = await start();
  }, 60_000);

  afterAll(() => fixture.sceau.stop());

  it('lets no real candidate into what was a sandbox, nor anybody see it, and is alerted', async () => {
    const { sceau, candidate, ids } = fixture;
    await flip(ids.agency, 'live');
    const [row] = await sceau.database.query<{ mode: string }>('SELECT mode FROM vacancies.vacancy LIMIT 1');
    expect(row?.mode).toBe('live');
    expect(await publicVacancies(sceau)).toEqual([]);
    const one = await new PersonClient(sceau.url).request(`/v1/vacancies/${ids.vacancy}`);
    expect(one.status).toBe(404);
    expect(await apply(candidate, ids.vacancy)).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect(await alertsAbout(ids.agency)).toBe(1);
    await flip(ids.agency, 'sandbox');
  });

  it('lets nobody act for real candidates in what was live, nor fill it with synthetic ones', async () => {
    const { sceau } = fixture;
    const live = await createAgency(sceau);
    await flip(live.agencyId, 'sandbox');
    await expect(
      fillSandbox(sceau.app, systemContext(), live.agencyId, 1, () => undefined),
    ).rejects.toMatchObject({ code: 'not_found' });
    const answer = await live.client.request(
      `/v1/agency/sandbox/applications/${fixture.ids.application}/transitions`,
      { method: 'POST', body: { to: 'withdrawn' }, headers: { 'if-match': '"r2"' } },
    );
    expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect(await alertsAbout(live.agencyId)).toBe(2);
  });

  it('cannot take the MAC of another agency along', async () => {
    const { sceau, ids } = fixture;
    const live = await createAgency(sceau);
    await sceau.database.query(
      `BEGIN; SET LOCAL session_replication_role = replica;
       UPDATE agencies.agency SET mode = 'sandbox',
         mode_mac = (SELECT mode_mac FROM agencies.agency WHERE id = '${ids.agency}') WHERE id = '${live.agencyId}';
       COMMIT`,
    );
    await expect(
      fillSandbox(sceau.app, systemContext(), live.agencyId, 1, () => undefined),
    ).rejects.toMatchObject({ code: 'not_found' });
    expect(await alertsAbout(live.agencyId)).toBe(1);
  });
});
