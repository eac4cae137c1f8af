import pg from 'pg';
import type { OpenAPIObject } from '@nestjs/swagger';
import { fillSandbox } from '../../../src/cli/sandbox/fill-sandbox.js';
import { AGENCY_SCOPES, Budgets } from '../../../src/modules/agencies/index.js';
import { Database } from '../../../src/platform/database/database.js';
import type { PersonClient } from '../../../tools/client/person.ts';
import { type AgencyActor, createAgency, record, systemContext } from '../../support/actors.js';
import { areWaiting } from '../../support/at-once.js';
import { runCommand } from '../../support/command-line.js';
import { Contract } from '../../support/contract.js';
import { eventually } from '../../support/eventually.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { signInStaff } from '../../support/staff.js';
import { refusalsOf } from '../sealing/record-rows.js';
import { ledgerEntries } from './agency-program.js';

const APPLICATIONS = '/v1/agency/applications';
const DAY_MS = 24 * 3_600_000;

/** A sandbox is like any other agency here, and its applications are quickly made. */
describe('a budget that operators set', () => {
  let sceau: Sceau;
  let contract: OpenAPIObject;
  let operator: PersonClient;
  let agency: AgencyActor;
  let ids: readonly string[];

  beforeAll(async () => {
    sceau = await startSceau();
    operator = await signInStaff(sceau, 'operator');
    contract = JSON.parse(JSON.stringify((await operator.request('/openapi.json')).body));
    agency = await createAgency(sceau, 'Bac à sable', AGENCY_SCOPES, 'sandbox');
    await fillSandbox(sceau.app, systemContext(), agency.agencyId, 8, () => undefined);
    const rows = await sceau.database.query<{ id: string }>('SELECT id FROM applications.application');
    ids = rows.map(({ id }) => id);
  }, 60_000);

  afterAll(() => sceau.stop());

  const inDays = (days: number) => new Date(sceau.clock.now().getTime() + days * DAY_MS).toISOString();
  const ask = async (method: string, tag = '', body?: object, id: string = agency.agencyId) => {
    const headers = tag === '' ? {} : { 'if-match': tag };
    const sent = body === undefined ? {} : { body };
    const answer = await operator.request(`/v1/operator/agencies/${id}/budget`, { method, headers, ...sent });
    expect(new Contract(contract).surprises(answer)).toEqual([]);
    return { ...answer, content: record(answer.body ?? {}), tag: answer.headers.get('etag') ?? '' };
  };
  const ofAgency = (content: Record<string, unknown>): Record<string, unknown>[] =>
    (Array.isArray(content['limits']) ? content['limits'] : []).map(record).slice(0, 3);
  const limits = async () => ofAgency((await ask('GET')).content).map(({ limit }) => limit);
  const read = (id: string | undefined) =>
    agency.client.request(`${APPLICATIONS}/${id ?? ''}`, { headers: { purpose: 'review' } });
  const lift = () => sceau.app.get(Budgets, { strict: false }).lift(systemContext(), agency.agencyId);
  const orders = async () => (await ledgerEntries(sceau, 'agency.budget_set')).map(({ reason }) => reason);
  const codeOf = (moment: string) => moment.toLowerCase().replaceAll(/[-:]|\.\d+/g, '');
  const entriesOf = async (action: string) =>
    (await ledgerEntries(sceau, action)).map(({ actor, resource }) => [actor.kind, resource.id]);

  it('is none at first; then what is named counts until its moment, and the rest stays', async () => {
    const none = await ask('GET');
    expect(none.content).toMatchObject({ openApplications: 8, set: null });
    expect(await limits()).toEqual([50, 100, 300]);
    const until = inDays(10);
    const set = await ask('PUT', none.tag, { hour: 500, day: 7, until });
    expect(set.status).toBe(200);
    expect(set.content['set']).toEqual({ hour: 500, day: 7, month: null, until });
    expect(ofAgency(set.content).map(({ limit }) => limit)).toEqual([500, 7, 300]);
    expect(await entriesOf('agency.budget_set')).toEqual([['operator', agency.agencyId]]);
    expect(await orders()).toEqual([`hour_500_day_7_until_${codeOf(until)}`]);
    const told = record((await agency.client.request('/v1/agency/usage')).body);
    expect(told['setUntil']).toBe(until);
    expect(ofAgency(told).map(({ limit }) => limit)).toEqual([500, 7, 300]);
  });

  it('is changed and lifted by whoever has seen it as it is', async () => {
    const { tag } = await ask('GET');
    const order = { month: 1_000, until: inDays(1) };
    expect((await ask('PUT', '', order)).status).toBe(428);
    expect((await ask('PUT', '"r0"', order)).status).toBe(412);
    const changed = await ask('PUT', tag, order);
    // What nobody has named is not widened.
    expect(changed.content['set']).toMatchObject({ hour: 500, day: 7, month: 1_000 });
    const until = codeOf(order.until);
    expect((await orders()).at(-1)).toBe(`hour_500_day_7_month_1000_until_${until}`);
    expect((await ask('DELETE', tag)).status).toBe(412);
    expect((await ask('DELETE', changed.tag)).status).toBe(204);
    expect(await entriesOf('agency.budget_lifted')).toEqual([['operator', agency.agencyId]]);
    const { content, tag: last } = await ask('GET');
    expect([content['set'], last]).toEqual([null, '"r0"']);
  });

  it.each([
    ['no limit at all', {}],
    ['more than a million', { hour: 1_000_001 }],
    ['less than nothing', { day: -1 }],
    ['a part of a candidate', { month: 1.5 }],
    ['a moment that is past', { hour: 1, until: '2020-01-01T00:00:00Z' }],
    ['for good', { hour: 1, until: '2999-01-01T00:00:00Z' }],
    ['what there is not', { year: 5 }, 400],
  ])('takes nothing that is %s', async (_, order, status = 422) => {
    const { tag } = await ask('GET');
    expect((await ask('PUT', tag, { until: inDays(1), ...order })).status).toBe(status);
    expect((await ask('GET')).content['set']).toBeNull();
  });

  it('is tightened by two at once', async () => {
    const budgets = sceau.app.get(Budgets, { strict: false });
    const tight = { limits: { hour: 5, day: 10, month: 30 }, until: new Date(inDays(30)) };
    const both = [tight, { ...tight, limits: { ...tight.limits, hour: 4 } }];
    const { under } = await sceau.app.get(Database).run({ kind: 'system' }, async (manager) => {
      const lock = `agencies.budget/${agency.agencyId}`;
      await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [lock]);
      const tightened = both.map((order) => budgets.tighten(systemContext(), agency.agencyId, order));
      await eventually('both to wait', () => areWaiting(sceau, 2));
      return { under: tightened };
    });
    await Promise.all(under);
    expect(await limits()).toEqual([4, 10, 30]);
    await lift();
  });

  it('is for agencies that there are', async () => {
    const nobody = '01900000-0000-7000-8000-000000000000';
    expect((await ask('GET', '', undefined, nobody)).status).toBe(404);
    expect((await ask('PUT', '"r0"', { hour: 1, until: inDays(1) }, nobody)).status).toBe(404);
    expect((await ask('DELETE', '*', undefined, nobody)).status).toBe(404);
  });

  it('stops the client at it; raised and resumed, the client reads on', async () => {
    const command = (...args: readonly string[]) => runCommand(sceau, ['budget', ...args]);
    const set = await command('set', agency.agencyId, '--hour', '4', '--until', inDays(1));
    expect(set).toMatchObject({ code: 0, complaint: '' });
    expect(set.out).toMatch(/: hour 4, day default, month default\.\n$/);
    const until = inDays(2);
    const lowered = await command('set', agency.agencyId, '--month', '200', '--hour', '3', '--until', until);
    expect(lowered.out).toBe(`Set until ${until}: hour 3, day default, month 200.\n`);
    const again = await command('set', agency.agencyId, '--day', '9', '--until', until);
    expect(again.out).toBe(`Set until ${until}: hour 3, day 9, month 200.\n`);
    for (const id of ids.slice(0, 3)) expect((await read(id)).status).toBe(200);
    expect((await read(ids[0])).status).toBe(200);
    const refused = await read(ids[3]);
    expect([refused.status, record(refused.body)['code']]).toEqual([429, 'disclosure_budget_spent']);
    expect((await read(ids[0])).status).toBe(401);
    const shown = await command('show', agency.agencyId);
    expect(shown.out).toContain('Open applications: 8\n');
    expect(shown.out).toMatch(/^agency +hour +3 of 3$/m);

    await command('lift', agency.agencyId);
    await runCommand(sceau, ['agency', 'resume', agency.clientId]);
    await agency.client.authorise(AGENCY_SCOPES);
    expect((await read(ids[3])).status).toBe(200);
    expect(await command('set', agency.agencyId, '--hour', 'viele', '--until', inDays(1))).toMatchObject({
      code: 1,
    });
  });

  it('ends by itself', async () => {
    await ask('PUT', '*', { hour: 0, until: new Date(sceau.clock.now().getTime() + 60_000).toISOString() });
    expect(await limits()).toEqual([0, 100, 300]);
    sceau.clock.advance({ seconds: 61 });
    expect(await limits()).toEqual([50, 100, 300]);
    await lift();
  });

  describe('as a row that somebody writes to', () => {
    const write = (statement: string) => sceau.database.query(statement, [agency.agencyId]);
    const refusals = () => refusalsOf(sceau.database, agency.agencyId);
    const copy = async (): Promise<object> => {
      const rows = await sceau.database.query<{ row: object }>(
        'SELECT to_jsonb(b) AS row FROM agencies.budget b',
      );
      return rows[0]?.row ?? {};
    };
    const fresh = async (order: object) => {
      await lift();
      expect((await ask('PUT', '*', { until: inDays(1), ...order })).status).toBe(200);
    };

    it('sets nothing when it was altered, which is alerted; an operator sets another in its place', async () => {
      await fresh({ hour: 60 });
      await write('UPDATE agencies.budget SET hour = 100000 WHERE agency_id = $1');
      const before = (await refusals()).length;
      expect(await limits()).toEqual([50, 100, 300]);
      const after = await refusals();
      expect(after.length).toBeGreaterThan(before);
      expect(after.at(-1)).toBe('refused: forged');
      const { content, tag } = await ask('GET');
      expect([content['set'], tag]).toEqual([null, '"r0"']);
      await ask('PUT', tag, { hour: 70, until: inDays(1) });
      expect(await limits()).toEqual([70, 100, 300]);
    });

    it('sets nothing when an earlier one was put back, or it lasts longer, or it is another agency’s', async () => {
      await fresh({ hour: 5_000 });
      const row = await copy();
      const plant = (changes: object) =>
        sceau.database.query(
          `INSERT INTO agencies.budget SELECT * FROM jsonb_populate_record(NULL::agencies.budget, $1)`,
          [{ ...row, ...changes }],
        );
      await lift();
      await write('DELETE FROM agencies.budget WHERE agency_id = $1');
      await plant({});
      expect(await limits()).toEqual([50, 100, 300]);
      expect((await refusals()).at(-1)).toBe('refused: superseded');

      await write('DELETE FROM agencies.budget WHERE agency_id = $1');
      await plant({ until: inDays(2) });
      expect(await limits()).toEqual([50, 100, 300]);
      expect((await refusals()).at(-1)).toBe('refused: forged');

      const other = await createAgency(sceau, 'Autre');
      await plant({ agency_id: other.agencyId });
      const theirs = await ask('GET', '', undefined, other.agencyId);
      expect(ofAgency(theirs.content).map(({ limit }) => limit)).toEqual([50, 100, 300]);
      expect(await refusalsOf(sceau.database, other.agencyId)).toContain('refused: forged');
      await sceau.database.query('DELETE FROM agencies.budget');
    });

    it('is neither deleted nor ended unseen by whoever has the application’s role', async () => {
      await fresh({ hour: 5 });
      const app = new pg.Client({ connectionString: sceau.database.appUrl });
      await app.connect();
      await app.query(`SELECT set_config('sceau.scope', 'system', false)`);
      await expect(app.query('DELETE FROM agencies.budget')).rejects.toThrow('permission denied');
      expect(await limits()).toEqual([5, 100, 300]);
      const before = (await refusals()).length;
      await app.query(
        `UPDATE agencies.budget SET set_at = now() - interval '2 hours', until = now() - interval '1 hour'`,
      );
      await app.end();
      expect(await limits()).toEqual([50, 100, 300]);
      expect((await refusals()).slice(before)).toContain('refused: forged');
    });

    it('is taken as it is after a restore, when an operator says so', async () => {
      await fresh({ hour: 60 });
      const row = await copy();
      await ask('PUT', '*', { hour: 90, until: inDays(1) });
      await sceau.database.query('DELETE FROM agencies.budget');
      await sceau.database.query(
        `INSERT INTO agencies.budget SELECT * FROM jsonb_populate_record(NULL::agencies.budget, $1)`,
        [row],
      );
      expect(await limits()).toEqual([50, 100, 300]);
      expect((await runCommand(sceau, ['records', 'readmit'])).out).toContain('budgets 1');
      expect(await limits()).toEqual([60, 100, 300]);
    });
  });
});
