import { once } from 'node:events';
import { isDeepStrictEqual } from 'node:util';
import pg from 'pg';
import { AGENCY_SCOPES, Clients } from '../../../src/modules/agencies/index.js';
import type { PersonClient } from '../../../tools/client/person.ts';
import { createAgency, record, systemContext } from '../../support/actors.js';
import { runCommand, startCommand } from '../../support/command-line.js';
import { eventually } from '../../support/eventually.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { signInStaff } from '../../support/staff.js';
import { sessionsOf, signIn } from '../identity/person.js';
import type { Applicant } from '../sealing/applicants.js';
import { incidentOf, openIncident, readApplication, type Theft } from './fixture.js';

const NO_WAIT = { KEY_DRAIN_SECONDS: '0' };

/** A stolen key has read two of an agency's three applicants. */
describe('containing an incident', () => {
  let sceau: Sceau;
  let operator: PersonClient;
  let theft: Theft;
  let incident: string;

  beforeAll(async () => {
    sceau = await startSceau();
    operator = await signInStaff(sceau, 'operator');
  }, 60_000);

  afterAll(() => sceau.stop());

  beforeEach(async () => {
    ({ theft, incident } = await incidentOf(sceau, operator));
  }, 60_000);

  const contain = (...options: readonly string[]) =>
    runCommand(sceau, ['incident', 'contain', incident, ...options], NO_WAIT);
  const versionsOf = async ({ id }: Applicant): Promise<readonly number[]> => {
    const rows = await sceau.database.query<{ version: number }>(
      'SELECT version FROM keys.subject_key WHERE subject_id = $1 ORDER BY version',
      [id],
    );
    return rows.map(({ version }) => version);
  };
  const entries = async (action: string, resource: string): Promise<number> => {
    const [row] = await sceau.database.query<{ count: number }>(
      `SELECT count(*)::integer AS count FROM (
         SELECT convert_from(envelope, 'UTF8')::jsonb AS e FROM audit.staging
         UNION ALL SELECT convert_from(envelope, 'UTF8')::jsonb FROM audit.leaf) AS t
       WHERE e->>'action' = $1 AND e->'resource'->>'id' = $2`,
      [action, resource],
    );
    return row?.count ?? 0;
  };
  const plan = async (): Promise<Record<string, unknown>> =>
    record((await operator.request(`/v1/operator/incidents/${incident}/containment`)).body);

  /** A moment since which nothing has been done. */
  const later = (): string => {
    sceau.clock.advance({ seconds: 1 });
    return sceau.clock.now().toISOString();
  };

  it('says first what it would do, and does nothing', async () => {
    const [, malo] = theft.applicants;
    for (const options of [[], ['--dry-run'], ['--dry-run', '--confirm', incident]]) {
      const { code, out } = await contain(...options);
      expect(code).toBe(0);
      expect(out).toContain(`Clients to be suspended: 1\n  ${theft.agency.clientId}\n`);
      expect(out).toContain(`Agencies whose budgets are to be tightened: 1\n  ${theft.agency.agencyId}\n`);
      expect(out).toContain('Candidates whose keys are to be renewed: 2\n');
      expect(out).toContain('Nothing was done.');
    }
    expect((await contain('--confirm', theft.agency.clientId)).code).toBe(1);
    expect(await plan()).toEqual({
      clients: [theft.agency.clientId],
      idleClients: [],
      agencies: [theft.agency.agencyId],
      people: 0,
      keys: 2,
      awaited: 0,
    });
    expect(await readApplication(theft.thief, malo)).toBe(200);
    expect(await versionsOf(malo)).toEqual([1]);
  });

  it('suspends the client and renews the keys of those affected and of nobody else, once', async () => {
    const [nolwenn, malo, enora] = theft.applicants;
    const { out } = await contain('--confirm', incident);
    expect(out).toContain(
      'Done: 1 client(s) suspended, 1 budget(s) tightened, sessions of 0 people ended, 2 key(s) renewed.\n',
    );
    expect(await readApplication(theft.thief, nolwenn)).toBe(401);
    expect(await Promise.all([nolwenn, malo, enora].map(versionsOf))).toEqual([[1], [2], [2]]);
    const profile = await malo.client.request('/v1/me/profile');
    expect(record(record(profile.body)['identity'])).toMatchObject({ givenName: 'Malo' });
    expect((await contain('--confirm', incident)).out).toContain(
      'Done: 0 client(s) suspended, 0 budget(s) tightened, sessions of 0 people ended, 0 key(s) renewed.\n',
    );
    expect(await versionsOf(malo)).toEqual([2]);
    expect(await entries('client.suspended', theft.agency.clientId)).toBe(1);
    expect(await entries('agency.budget_set', theft.agency.agencyId)).toBe(1);
    const [budget] = await sceau.database.query(
      `SELECT hour, day, month, extract(epoch FROM until - set_at)::float / 86400 AS days
       FROM agencies.budget WHERE agency_id = $1`,
      [theft.agency.agencyId],
    );
    expect(budget).toEqual({ hour: 5, day: 10, month: 30, days: expect.closeTo(30) });
    expect(await plan()).toEqual({
      clients: [],
      idleClients: [],
      agencies: [],
      people: 0,
      keys: 0,
      awaited: 0,
    });
    const { body } = await operator.request(`/v1/operator/incidents/${incident}`);
    expect(record(body)['containedAt']).toEqual(expect.stringMatching(/Z$/));
  });

  it('leaves a budget that is tighter than its own', async () => {
    const { agencyId } = theft.agency;
    const until = new Date(Date.now() + 86_400_000).toISOString();
    await runCommand(sceau, ['budget', 'set', agencyId, '--day', '3', '--until', until]);
    await contain('--tighten-budgets', '--confirm', incident);
    const [budget] = await sceau.database.query(
      'SELECT hour, day, month FROM agencies.budget WHERE agency_id = $1',
      [agencyId],
    );
    expect(budget).toEqual({ hour: 5, day: 3, month: 30 });
  });

  it('prolongs a budget as tight as its own that is about to end, once', async () => {
    const { agencyId } = theft.agency;
    const soon = new Date(Date.now() + 3_600_000);
    const limits = ['--hour', '5', '--day', '10', '--month', '30'];
    await runCommand(sceau, ['budget', 'set', agencyId, ...limits, '--until', soon.toISOString()]);
    expect(await plan()).toMatchObject({ agencies: [agencyId] });
    for (const tightened of [1, 0])
      expect((await contain('--tighten-budgets', '--confirm', incident)).out).toContain(
        `${tightened} budget(s) tightened`,
      );
    const [budget] = await sceau.database.query<{ until: Date }>(
      'SELECT until FROM agencies.budget WHERE agency_id = $1',
      [agencyId],
    );
    expect(budget?.until.getTime()).toBeGreaterThan(soon.getTime());
    expect(await plan()).toMatchObject({ agencies: [] });
  });

  it('takes only the steps that are named', async () => {
    const [, malo] = theft.applicants;
    expect((await contain('--suspend-clients')).out).toContain(
      `contain ${incident} --suspend-clients --confirm ${incident}\n`,
    );
    expect((await contain('--suspend-clients', '--confirm', incident)).out).toContain(
      '1 client(s) suspended',
    );
    expect(await versionsOf(malo)).toEqual([1]);
    expect((await contain('--rotate-subject-keys', '--confirm', incident)).out).toContain('2 key(s) renewed');
  });

  it('goes on where it was killed', async () => {
    const [, malo, enora] = theft.applicants;
    const holder = new pg.Client({ connectionString: sceau.database.ownerUrl });
    await holder.connect();
    await holder.query('BEGIN');
    await holder.query('SELECT FROM candidates.profile WHERE candidate_id = $1 FOR UPDATE', [enora.id]);
    const child = startCommand(sceau, ['incident', 'contain', incident, '--confirm', incident], NO_WAIT);
    await eventually('both new keys', async () => {
      const begun = await Promise.all([malo, enora].map(versionsOf));
      return begun.every((versions) => versions.includes(2)) ? true : undefined;
    });
    child.kill('SIGKILL');
    await once(child, 'exit');
    await holder.query('ROLLBACK');
    await holder.end();
    expect(await versionsOf(enora)).toEqual([1, 2]);
    expect(await plan()).toMatchObject({ clients: [], agencies: [], keys: 2 });
    const finished = await eventually('the lock of the killed process', async () => {
      const { out, code } = await contain('--confirm', incident);
      return code === 0 ? out : undefined;
    });
    expect(finished).toContain(
      'Done: 0 client(s) suspended, 0 budget(s) tightened, sessions of 0 people ended, 2 key(s) renewed.\n',
    );
    expect(await Promise.all([malo, enora].map(versionsOf))).toEqual([[2], [2]]);
    expect(await entries('client.suspended', theft.agency.clientId)).toBe(1);
  });

  it('cuts off what the criteria name before it has done anything, and says so', async () => {
    const { agencyId, clientId, credentials } = theft.agency;
    const { d: _secret, ...publicKey } = credentials.privateKey;
    const metadata = { name: 'Autre', jwks: { keys: [publicKey] }, scopes: [...AGENCY_SCOPES] };
    const { id: idle } = await sceau.app
      .get(Clients, { strict: false })
      .create(systemContext(), agencyId, metadata);
    incident = await openIncident(operator, { agency: agencyId, origin: '127.0.0.1' });
    expect(await plan()).toMatchObject({ clients: [clientId], idleClients: [] });
    incident = await openIncident(operator, { agency: agencyId });
    const { clients, idleClients } = await plan();
    expect([clients, idleClients]).toEqual([expect.arrayContaining([clientId, idle]), [idle]]);
    const { out } = await contain('--suspend-clients');
    expect(out).toContain('Clients to be suspended: 2\n');
    expect(out).toContain(`  ${clientId}\n`);
    expect(out).toContain(`  ${idle}  named by the criteria, has done nothing yet\n`);
    expect((await contain('--suspend-clients', '--confirm', incident)).out).toContain(
      '2 client(s) suspended',
    );
    const quiet = await createAgency(sceau);
    incident = await openIncident(operator, { client: quiet.clientId, from: later() });
    expect(await plan()).toMatchObject({
      clients: [quiet.clientId],
      idleClients: [quiet.clientId],
      agencies: [quiet.agencyId],
    });
    await contain('--confirm', incident);
    expect(await plan()).toMatchObject({ clients: [], agencies: [] });
  });

  it('is done again for whoever acts or is read again, and for nobody else', async () => {
    const [nolwenn, malo, enora] = theft.applicants;
    const path = `/v1/operator/incidents/${incident}/contain`;
    const nothing = { clients: [], idleClients: [], agencies: [], people: 0, keys: 0, awaited: 0 };
    const contained = async (): Promise<void> => {
      expect((await operator.request(path, { body: {} })).status).toBe(202);
      await eventually('the end of containment', async () =>
        isDeepStrictEqual(await plan(), nothing) ? true : undefined,
      );
    };
    await contained();
    sceau.clock.advance({ minutes: 1 });
    expect(await plan()).toEqual(nothing);
    await runCommand(sceau, ['agency', 'resume', theft.agency.clientId]);
    await theft.thief.authorise(AGENCY_SCOPES);
    for (const victim of [nolwenn, malo]) expect(await readApplication(theft.thief, victim)).toBe(200);
    expect(await plan()).toEqual({ ...nothing, clients: [theft.agency.clientId], keys: 2 });
    await contained();
    expect(await Promise.all([nolwenn, malo, enora].map(versionsOf))).toEqual([[2], [3], [2]]);
    expect(await readApplication(theft.thief, nolwenn)).toBe(401);
    expect(await entries('client.suspended', theft.agency.clientId)).toBe(2);
    expect(await entries('agency.budget_set', theft.agency.agencyId)).toBe(1);
  });

  it('ends the session that is named, though nothing was done with it in that time, and nobody else’s', async () => {
    const [nolwenn, malo] = theft.applicants;
    const [stolen] = await sessionsOf(malo.client);
    incident = await openIncident(operator, { session: String(stolen?.['id']), from: later() });
    expect(await plan()).toMatchObject({ people: 1 });
    expect((await contain('--end-sessions', '--confirm', incident)).out).toContain(
      'sessions of 1 people ended',
    );
    expect((await malo.client.request('/v1/me/profile')).status).toBe(401);
    expect((await nolwenn.client.request('/v1/me/profile')).status).toBe(200);
    const again = await signIn(sceau, malo.actor);
    expect(await plan()).toMatchObject({ people: 0 });
    expect((await again.client.request('/v1/me/profile')).status).toBe(200);
  });

  // Last: the command line’s clock is the machine’s, and time passes here.
  it('ends the sessions from before of whoever acted, nobody else’s, and none from afterwards', async () => {
    const [nolwenn, malo] = theft.applicants;
    await malo.client.request('/v1/me/profile');
    const [stolen] = await sessionsOf(malo.client);
    incident = await openIncident(operator, { session: String(stolen?.['id']) });
    expect((await contain('--end-sessions', '--confirm', incident)).out).toContain(
      'sessions of 1 people ended',
    );
    expect((await malo.client.request('/v1/me/profile')).status).toBe(401);
    expect((await nolwenn.client.request('/v1/me/profile')).status).toBe(200);
    const again = await signIn(sceau, malo.actor);
    expect((await contain('--end-sessions', '--confirm', incident)).out).toContain(
      'sessions of 0 people ended',
    );
    expect((await again.client.request('/v1/me/profile')).status).toBe(200);
    // With the account itself as the criterion, whoever signs in to it acts again.
    incident = await openIncident(operator, { actor: malo.id });
    for (const _ of ['first', 'second']) {
      expect((await contain('--end-sessions', '--confirm', incident)).out).toContain(
        'sessions of 1 people ended',
      );
      expect(await plan()).toMatchObject({ people: 0 });
      const { client } = await signIn(sceau, malo.actor);
      sceau.clock.advance({ seconds: 1 });
      await client.request('/v1/me/profile');
      await eventually('the entry', async () => ((await plan())['people'] === 1 ? true : undefined));
    }
  });
});
