import pg from 'pg';
import { type CandidateId, parseId } from '../../../src/kernel/ids.js';
import { Ledger } from '../../../src/ledger/index.js';
import { AGENCY_SCOPES } from '../../../src/modules/agencies/index.js';
import type { PersonClient } from '../../../tools/client/person.ts';
import { CandidateErasures } from '../../../src/modules/privacy/index.js';
import { record, systemContext } from '../../support/actors.js';
import { runCommand } from '../../support/command-line.js';
import { eventually } from '../../support/eventually.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { signInStaff } from '../../support/staff.js';
import { incidentOf, openIncident, readApplication, type Theft } from './fixture.js';
import { lettersTo, someClient } from './telling.js';

const NO_WAIT = { KEY_DRAIN_SECONDS: '0' };

/** A stolen key has read two of an agency's three applicants. */
describe('what is ordered about an incident', () => {
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
  const plan = async (): Promise<Record<string, unknown>> =>
    record((await operator.request(`/v1/operator/incidents/${incident}/containment`)).body);

  it('is done by the worker for whoever asks for it over HTTP', async () => {
    const path = `/v1/operator/incidents/${incident}/contain`;
    expect((await operator.request(path, { body: { steps: ['clients', 'none'] } })).status).toBe(422);
    expect((await operator.request(path, { body: { steps: ['clients'] } })).status).toBe(202);
    await eventually('the suspension', async () => {
      const { clients, keys } = await plan();
      return Array.isArray(clients) && clients.length === 0 && keys === 2 ? true : undefined;
    });
    expect((await operator.request(path, { body: {} })).status).toBe(202);
    await eventually('the new keys', async () => ((await plan())['keys'] === 0 ? true : undefined));
    const closing = { body: { conclusion: 'Clé remplacée.', leaveUntold: true } };
    await operator.request(`/v1/operator/incidents/${incident}/close`, closing);
    expect((await operator.request(path, { body: {} })).status).toBe(409);
    expect((await operator.request(`/v1/operator/incidents/${incident}/containment`)).status).toBe(409);
    for (const options of [['--confirm', incident], ['--dry-run'], []])
      expect(await contain(...options)).toMatchObject({ code: 1, out: '' });
  });

  it('does nothing for a job that the incident’s record does not order', async () => {
    const [, malo] = theft.applicants;
    await contain('--tighten-budgets', '--confirm', incident);
    const planted = ['incident_notification', 'incident_containment'].map((name) => ({
      name,
      data: { incidentId: incident, steps: ['clients', 'keys'] },
    }));
    const thief = new pg.Client({ connectionString: sceau.database.appUrl });
    await thief.connect();
    const { rows } = await thief.query<{ id: string }>(
      `INSERT INTO jobs.job (name, data)
       SELECT t.name, t.data FROM jsonb_to_recordset($1::jsonb) AS t (name text, data jsonb) RETURNING id::text`,
      [JSON.stringify(planted)],
    );
    await thief.end();
    await eventually('both jobs', async () => {
      const done = await sceau.database.query(
        `SELECT FROM jobs.job WHERE id = ANY ($1::uuid[]) AND state = 'completed'`,
        [rows.map(({ id }) => id)],
      );
      return done.length === planted.length ? true : undefined;
    });
    expect(await plan()).toMatchObject({ clients: [theft.agency.clientId], agencies: [], keys: 2 });
    expect(await readApplication(theft.thief, malo)).toBe(200);
    expect(await lettersTo(sceau, malo.actor)).toEqual([]);
    expect(
      await sceau.database.query('SELECT FROM incidents.notice WHERE incident_id = $1', [incident]),
    ).toEqual([]);
    // What is ordered is done all the same.
    await operator.request(`/v1/operator/incidents/${incident}/notify`, { method: 'POST' });
    await eventually('a letter', async () => (await lettersTo(sceau, malo.actor)).at(0));
  });

  it('is closed once everybody is told who can be, or it is said that they are not', async () => {
    const path = `/v1/operator/incidents/${incident}`;
    const close = () => operator.request(`${path}/close`, { body: { conclusion: 'Clé remplacée.' } });
    const [, malo, enora] = theft.applicants;
    const { status, body } = await close();
    expect([status, record(body)['detail']]).toEqual([409, expect.stringMatching(/^2\D/)]);
    await sceau.app.get(CandidateErasures, { strict: false }).erase(systemContext(), enora.id, enora.id);
    expect(record((await close()).body)['detail']).toEqual(expect.stringMatching(/^1\D/));
    expect(record((await operator.request(path)).body)['status']).toBe('open');
    await operator.request(`${path}/notify`, { method: 'POST' });
    await eventually('the closing', async () => ((await close()).status === 204 ? true : undefined));
    expect(await lettersTo(sceau, malo.actor)).toHaveLength(1);
    // What the authority is told goes on counting whoever was told, and names who had the access.
    const erasures = sceau.app.get(CandidateErasures, { strict: false });
    await erasures.erase(systemContext(), malo.id, malo.id);
    const headers = { accept: 'text/markdown', 'accept-language': 'en' };
    const draft = await eventually('the erasure', async () => {
      const text = String((await operator.request(`${path}/draft`, { headers })).body);
      return text.includes('by e-mail: 1, of whom 1 erased since') ? text : undefined;
    });
    const named = `Ministère de la Culture (client ${theft.agency.clientId})`;
    expect(draft).toContain(`- Agencies whose accesses are in question: ${named}\n`);
    expect(draft).toMatch(/^- Letters written on .*, Paris time$/m);
    expect(draft).toContain('- Conclusion of the incident: Clé remplacée.\n');
  });

  it('is asked of what was recorded a moment ago too, or it is said how much is missing', async () => {
    const sequencing = new pg.Client({ connectionString: sceau.database.ownerUrl });
    await sequencing.connect();
    await sequencing.query('BEGIN; LOCK TABLE audit.leaf IN EXCLUSIVE MODE');
    const [nolwenn] = theft.applicants;
    const context = someClient();
    const id = await openIncident(operator, { actor: context.actor.clientId });
    const draft = { action: 'application.disclosed', context, purpose: 'review' } as const;
    const candidate = parseId<CandidateId>(nolwenn.id);
    if (candidate === undefined) throw new Error('A candidate has an id.');
    const subjects = [{ candidate, fields: ['motivation'] }];
    await sceau.app.get(Ledger).append({ ...draft, subjects }, 'staged');
    const path = `/v1/operator/incidents/${id}`;
    const impact = async () => record((await operator.request(`${path}/impact`)).body);
    const close = (more: object) =>
      operator.request(`${path}/close`, { body: { conclusion: 'Fausse alerte.', ...more } });
    const file = async (below: string, accept: string): Promise<string> =>
      String((await operator.request(`${path}/${below}`, { headers: { accept } })).body);
    const [behind, refused, left, planned, list, letter, authority] = await Promise.all([
      impact(),
      close({}),
      close({ leaveUntold: true }),
      operator.request(`${path}/containment`),
      file('affected/export', 'text/csv'),
      file('draft?document=letter', 'text/markdown'),
      file('draft', 'text/markdown'),
    ]);
    expect(behind).toMatchObject({ candidates: 0, lowerBound: true });
    expect(behind['awaited']).toBeGreaterThan(0);
    for (const { status, body } of [refused, left])
      expect([status, record(body)['detail']]).toEqual([409, expect.stringContaining('en route vers')]);
    expect(record(planned.body)['awaited']).toBeGreaterThan(0);
    for (const text of [list, letter, authority])
      expect(text).toMatch(/on their way to the signed ledger|en\s+route\s+vers\s+le\s+journal\s+signé/);
    expect(authority.replaceAll(/\s+/g, ' ')).toContain('Ces nombres sont un minimum');
    await operator.request(`${path}/notify`, { method: 'POST' });
    expect((await runCommand(sceau, ['incident', 'impact', id])).out).toContain('still on their way');
    expect(await runCommand(sceau, ['incident', 'notify', id])).toMatchObject({
      code: 1,
      complaint: expect.stringContaining('still on their way'),
    });
    await sequencing.query('ROLLBACK');
    await sequencing.end();
    const all = await eventually('what was on its way', async () => {
      const now = await impact();
      return now['awaited'] === 0 ? now : undefined;
    });
    expect(all).toMatchObject({ candidates: 1, lowerBound: false });
    // What the worker was told to do meanwhile, it does until nobody is missing.
    await eventually('the letter', async () =>
      (await lettersTo(sceau, nolwenn.actor)).find((text) => text.includes(id)),
    );
  }, 60_000);

  it('drafts no letter where nobody is affected', async () => {
    const nobody = await openIncident(operator, { origin: '192.0.2.1' });
    const headers = { accept: 'text/markdown', 'accept-language': 'en' };
    const path = `/v1/operator/incidents/${nobody}/draft?document=letter`;
    expect((await operator.request(path, { headers })).body).toMatch(/^Nobody is affected.*\n$/);
  });

  it('is told of, in drafts and letters, as far as it was done and nothing is left of it', async () => {
    const [, malo, enora] = theft.applicants;
    const measures = async (): Promise<unknown> => {
      const draft = async (document: string): Promise<string> => {
        const headers = { accept: 'text/markdown', 'accept-language': 'en' };
        const path = `/v1/operator/incidents/${incident}/draft?document=${document}`;
        return String((await operator.request(path, { headers })).body);
      };
      const [authority, letter] = [await draft('authority'), await draft('letter')];
      const lines = /## 8[^\n]*\n\n([^#[]*)/.exec(authority)?.[1]?.trimEnd().split('\n').slice(0, 4) ?? [];
      const done = lines.map((line) => line.replace(/^- ([A-Z][a-z]+).*?: (?:.*; )?/, '$1 '));
      const said = /The accesses|The keys|being/g;
      return [done.map((line) => line.replace(/ on .*/, '')), letter.match(said) ?? []];
    };
    const never = [
      'Clients not ordered',
      'Disclosure not ordered',
      'Sessions not ordered',
      'Keys not ordered',
    ];
    expect(await measures()).toEqual([never, []]);
    await contain('--end-sessions', '--confirm', incident);
    const nothing = [...never.slice(0, 2), 'Sessions done', 'Keys not ordered'];
    expect(await measures()).toEqual([nothing, []]);
    await contain('--suspend-clients', '--confirm', incident);
    const cut = ['Clients done', 'Disclosure not ordered', 'Sessions done', 'Keys not ordered'];
    expect(await measures()).toEqual([cut, ['The accesses']]);
    const notified = await runCommand(sceau, ['incident', 'notify', incident]);
    expect(notified.complaint).toContain('do not say that keys were renewed');
    expect(notified.complaint).not.toContain('cut off');
    for (const victim of [malo, enora]) {
      const letter = await eventually('the letter', async () => (await lettersTo(sceau, victim.actor)).at(0));
      expect(letter.replaceAll(/\s+/g, ' ')).toContain('ont été coupés.');
      expect(letter).not.toContain('clés');
    }
    await contain('--rotate-subject-keys', '--confirm', incident);
    expect(await measures()).toEqual([
      [...cut.slice(0, 3), 'Keys done'],
      ['The accesses', 'The keys'],
    ]);
    // Another wave: what was done is not enough any more.
    sceau.clock.advance({ minutes: 1 });
    operator = await signInStaff(sceau, 'operator');
    await runCommand(sceau, ['agency', 'resume', theft.agency.clientId]);
    await theft.thief.authorise(AGENCY_SCOPES);
    expect(await readApplication(theft.thief, malo)).toBe(200);
    const left = ['Clients not all of it done', cut[1], 'Sessions done', 'Keys not all of it done'];
    expect(await measures()).toEqual([left, []]);
  });

  // After what the command line does by its own clock.
  it('is about a lower bound where nothing but the time is known, and that is said wherever it is told', async () => {
    const [, malo] = theft.applicants;
    sceau.clock.advance({ minutes: 1 });
    operator = await signInStaff(sceau, 'operator');
    const from = sceau.clock.now().toISOString();
    expect(await readApplication(theft.thief, malo)).toBe(200);
    const draftOf = async (id: string, document: string, language: string): Promise<string> => {
      const headers = { accept: 'text/markdown', 'accept-language': language };
      const path = `/v1/operator/incidents/${id}/draft?document=${document}`;
      return String((await operator.request(path, { headers })).body).replaceAll(/\s+/g, ' ');
    };
    for (const [criteria, isLowerBound] of [
      [{ from, client: theft.agency.clientId }, false],
      [{ from }, true],
    ] as const) {
      const id = await openIncident(operator, criteria);
      const { body } = await operator.request(`/v1/operator/incidents/${id}/impact`);
      expect(record(body)).toMatchObject({ candidates: 1, lowerBound: isLowerBound });
      await runCommand(sceau, ['incident', 'notify', id]);
      const sent = await eventually('the letter', async () =>
        (await lettersTo(sceau, malo.actor)).find((text) => text.includes(id)),
      );
      const said = [
        [await draftOf(id, 'authority', 'fr'), 'Ces nombres sont un minimum'],
        [await draftOf(id, 'authority', 'en'), 'Number: at least'],
        [await draftOf(id, 'letter', 'en'), 'What was opened: at least'],
        [sent.replaceAll(/\s+/g, ' '), 'Rubriques consultées : au moins'],
        [(await runCommand(sceau, ['incident', 'impact', id])).out, 'At least'],
      ] as const;
      expect(said.map(([text, words]) => text.includes(words))).toEqual(said.map(() => isLowerBound));
      const { incidents } = record((await malo.actor.client.request('/v1/me/access-history')).body);
      expect(incidents).toContainEqual(expect.objectContaining({ id, lowerBound: isLowerBound }));
    }
  });
});
