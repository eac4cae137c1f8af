import { newId } from '../../../src/kernel/ids.js';
import type { EntryDraft } from '../../../src/ledger/index.js';
import type { PersonClient } from '../../../tools/client/person.ts';
import { record } from '../../support/actors.js';
import { signInStaff } from '../../support/staff.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { agencyActor, contextOf, everyPage, items, recordEntries, systemNamed } from './fixture.js';

describe('what auditors ask of the ledger', () => {
  let sceau: Sceau;
  let auditor: PersonClient;
  const agency = agencyActor();
  const candidate = newId<'candidate'>(Date.now());
  let ids: readonly string[];
  let before: Date;

  const disclosure = (outcome: 'allowed' | 'refused'): EntryDraft => ({
    action: 'application.disclosed',
    context: contextOf(agency),
    purpose: 'review',
    outcome,
    resource: newId<'application'>(Date.now()),
    subjects: [{ candidate, fields: ['motivation'] }],
  });

  beforeAll(async () => {
    sceau = await startSceau();
    auditor = await signInStaff(sceau, 'auditor');
    before = sceau.clock.now();
    sceau.clock.advance({ minutes: 2 });
    ids = await recordEntries(sceau, [
      disclosure('allowed'),
      disclosure('refused'),
      { action: 'disclosure.budget_warned', context: contextOf(agency), resource: agency.agencyId },
      { action: 'disclosure.budget_spent', context: contextOf(agency), outcome: 'refused' },
      {
        action: 'ledger.writer_gap',
        context: systemNamed('sequencer'),
        outcome: 'failed',
        reason: 'missing',
        count: 3,
      },
      { action: 'vacancy.created', context: contextOf(agency) },
    ]);
  }, 60_000);

  afterAll(() => sceau.stop());

  const idsOf = async (query: string): Promise<readonly string[]> => {
    const found = await everyPage(auditor, `/v1/audit/events?${query}&limit=2`);
    return found.map(({ id }) => String(id));
  };
  const at = (index: number): string => ids[index] ?? '';

  it.each<[string, () => string, readonly number[]]>([
    ['actor', () => `actor=${agency.clientId}`, [5, 3, 2, 1, 0]],
    ['client', () => `client=${agency.clientId}`, [5, 3, 2, 1, 0]],
    ['agency', () => `agency=${agency.agencyId}`, [5, 3, 2, 1, 0]],
    ['agency and action', () => `agency=${agency.agencyId}&action=application.disclosed`, [1, 0]],
    ['action and outcome', () => `agency=${agency.agencyId}&outcome=refused`, [3, 1]],
    ['a part of the product', () => 'actor=sequencer', [4]],
    ['nobody', () => `actor=${newId(Date.now())}`, []],
  ])('filters by %s, newest first', async (_, query, expected) => {
    expect(await idsOf(query())).toEqual(expected.map(at));
  });

  it('filters by subject, known by a reference and not by the candidate’s id', async () => {
    const { body } = await auditor.request(`/v1/audit/events/${at(0)}`);
    const subjects = record(body)['subjects'];
    const reference = Array.isArray(subjects) ? String(record(subjects[0])['subject']) : '';
    expect(reference).not.toBe(candidate);
    expect(await idsOf(`subject=${reference}`)).toEqual([at(1), at(0)]);
    expect(await idsOf(`subject=${candidate}`)).toEqual([]);
  });

  it('filters by time, the beginning included and the end not', async () => {
    const { body } = await auditor.request(`/v1/audit/events/${at(2)}`);
    const moment = String(record(body)['at']);
    const ofAgency = `agency=${agency.agencyId}`;
    expect(await idsOf(`${ofAgency}&from=${moment}`)).toEqual([at(5), at(3), at(2)]);
    expect(await idsOf(`${ofAgency}&to=${moment}`)).toEqual([at(1), at(0)]);
    expect(await idsOf(`${ofAgency}&to=${before.toISOString()}`)).toEqual([]);
    expect(await idsOf(`${ofAgency}&from=2099-01-01T00:00:00Z`)).toEqual([]);
  });

  it.each([
    'events?from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z',
    'alerts?from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z',
    'export?from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z',
    'summary?by=day&from=2024-01-01T00:00:00Z&to=2026-01-01T00:00:00Z',
    'summary?by=weather',
    'summary',
    'export?format=pdf',
    'events?action=application.stolen',
    'consistency?from=2&to=1',
  ])('refuses %s', async (path) => {
    const { status, body } = await auditor.request(`/v1/audit/${path}`);
    expect([status, record(body)['code']]).toEqual([400, 'invalid_query']);
  });

  it('refuses a cursor of another filter', async () => {
    const first = await auditor.request(`/v1/audit/events?agency=${agency.agencyId}&limit=1`);
    const cursor = String(record(first.body)['nextCursor']);
    const refused = await auditor.request(`/v1/audit/alerts?limit=1&cursor=${cursor}`);
    expect([refused.status, record(refused.body)['code']]).toEqual([400, 'invalid_cursor']);
  });

  it('shows as alerts what the vocabulary marks as one, with its level', async () => {
    const alerts = await everyPage(auditor, '/v1/audit/alerts?limit=1');
    expect(alerts.map(({ id, level }) => [id, level])).toEqual([
      [at(4), 'critical'],
      [at(3), 'critical'],
      [at(2), 'warning'],
    ]);
    const early = await auditor.request(`/v1/audit/alerts?to=${before.toISOString()}`);
    expect(items(early.body)).toEqual([]);
  });

  const summary = async (query: string): Promise<Record<string, unknown>> =>
    record((await auditor.request(`/v1/audit/summary?${query}`)).body);
  const groups = (body: Record<string, unknown>): readonly Record<string, unknown>[] => {
    const list = body['groups'];
    return Array.isArray(list) ? list.map(record) : [];
  };

  it('counts by agency, actor and action', async () => {
    const expected = { entries: 5, allowed: 3, refused: 2, failed: 0, count: 5 };
    const byAgency = groups(await summary('by=agency'));
    expect(byAgency).toContainEqual({ key: agency.agencyId, ...expected });
    const byActor = groups(await summary('by=actor'));
    expect(byActor).toContainEqual({ key: agency.clientId, ...expected });
    const byAction = await summary('by=action');
    expect(groups(byAction)).toContainEqual({
      key: 'application.disclosed',
      entries: 2,
      allowed: 1,
      refused: 1,
      failed: 0,
      count: 2,
    });
    const counts = groups(byAction).map(({ entries }) => Number(entries));
    expect(counts).toEqual(counts.toSorted((a, b) => b - a));
    expect(byAction['entries']).toBe(counts.reduce((sum, count) => sum + count, 0));
  });

  it('counts by day without holes', async () => {
    const to = sceau.clock.now().toISOString();
    const from = new Date(sceau.clock.now().getTime() - 3 * 86_400_000).toISOString();
    const days = groups(await summary(`by=day&from=${from}&to=${to}`));
    const keys = days.map(({ key }) => JSON.stringify(key));
    expect(keys).toHaveLength(4);
    expect(keys[0]).toBe(JSON.stringify(from.slice(0, 10)));
    expect(keys).toEqual(keys.toSorted((a, b) => (a < b ? -1 : 1)));
    expect(days.slice(0, 2).map(({ entries }) => entries)).toEqual([0, 0]);
    expect(days.reduce((sum, { entries }) => sum + Number(entries), 0)).toBeGreaterThan(6);
  });

  it('proves an entry: bytes, leaf, writer, path and checkpoint', async () => {
    const { status, body } = await auditor.request(`/v1/audit/events/${at(0)}/proof`);
    expect(status).toBe(200);
    const proof = record(body);
    const entry = JSON.parse(Buffer.from(String(proof['entry']), 'base64').toString());
    expect(entry).toMatchObject({ id: at(0), action: 'application.disclosed' });
    expect(proof['writer']).toMatchObject({ id: entry.writer, n: entry.n });
    expect(String(proof['leaf'])).toHaveLength(44);
    expect(String(proof['proof'])).toContain('c2sp.org/tlog-proof@v1');
  });

  it('lists checkpoints in pages and proves one from another', async () => {
    const checkpoints = await everyPage(auditor, '/v1/audit/checkpoints?limit=1');
    expect(checkpoints.length).toBeGreaterThan(0);
    const sizes = checkpoints.map(({ size }) => Number(size));
    expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
    expect(new Set(sizes).size).toBe(sizes.length);
    const consistency = await auditor.request('/v1/audit/consistency?from=1&to=3');
    expect(consistency.status).toBe(200);
    const beyond = await auditor.request('/v1/audit/consistency?from=1&to=999999999999');
    expect(beyond.status).toBe(404);
  });
});
