import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId } from '../../../src/kernel/ids.js';
import { Canaries, DocumentDisclosure } from '../../../src/disclosure/index.js';
import { DOCUMENT_KEY } from '../../../src/modules/documents/persistence/places.js';
import { asSealed, type DocumentKey } from '../../../src/sealing/index.js';
import { Vacancies } from '../../../src/modules/vacancies/index.js';
import {
  type AgencyActor,
  createAgency,
  record,
  signUpCandidate,
  systemContext,
} from '../../support/actors.js';
import { runCommand } from '../../support/command-line.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { PLAIN_VACANCY } from '../../support/vacancy.js';
import { ledgerEntries } from '../agencies/agency-program.js';
import { toldOf } from '../privacy/holdings.js';
import { agency as desk, Dossiers } from './dossiers.js';
import { recordedAbout } from './recorded.js';

const APPLICATIONS = '/v1/agency/applications';
/** What a person leaves for a day at most: an answer that is kept, networks and counts of signing in, a mail on its way. */
const FOR_A_DAY = /^(platform\.idempotency|platform\.outgoing_mail|identity\.(attempt|known))/;

describe('a canary', () => {
  let sceau: Sceau;
  let agency: AgencyActor;
  let vacancyId: string;
  let canary: { readonly id: string; readonly candidate: string };
  let person: { readonly id: string; readonly candidate: string };

  beforeAll(async () => {
    sceau = await startSceau();
    agency = await createAgency(sceau);
    const content = {
      ...PLAIN_VACANCY,
      deadline: new Date(PLAIN_VACANCY.deadline),
      questions: [],
      requiredDocuments: [],
      anonymousReview: false,
    } as const;
    const vacancies = sceau.app.get(Vacancies, { strict: false });
    vacancyId = (await vacancies.createPublished(systemContext(), agency.agencyId, content)).id;
    await applyAsAnybody();
    const [first] = await applications();
    if (first === undefined) throw new Error('Nobody has applied.');
    person = first;
    const options = ['--mail-domain', 'exemple.fr,example.net', '--minutes', '0'];
    const planted = await runCommand(sceau, ['canary', 'plant', vacancyId, ...options]);
    if (planted.code !== 0) throw new Error(planted.output);
    const other = (await applications()).find(({ id }) => id !== person.id);
    if (other === undefined) throw new Error('Nothing was planted.');
    canary = other;
  }, 90_000);

  afterAll(() => sceau.stop());

  const applications = () =>
    sceau.database.query<{ id: string; candidate: string }>(
      'SELECT id, candidate_id AS candidate FROM applications.application ORDER BY id',
    );

  /** By every step that the planting takes too, through the API. */
  async function applyAsAnybody(): Promise<void> {
    const { client, email } = await signUpCandidate(sceau);
    const ask = async (path: string, body: object, method = 'POST', tag = '') => {
      const key = path.endsWith('/submit') ? { 'idempotency-key': randomUUID() } : {};
      const headers = tag === '' ? key : { 'if-match': tag, ...key };
      const answer = await client.request(path, { method, body, headers });
      if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
      return answer;
    };
    const profile = {
      identity: {
        givenName: 'Nolwenn',
        familyName: 'Le Goff',
        birthDate: '1990-02-03',
        birthPlace: 'Brest',
        nationality: 'FR',
      },
      contact: { email, telephone: '+33612345678' },
      address: { lines: ['1 rue du Port'], postalCode: '29200', city: 'Brest', country: 'FR' },
      preferences: { departments: ['29'], categories: ['A'] },
    };
    await ask('/v1/me/profile', profile, 'PUT', '"r0"');
    const education = {
      institution: 'Lycée',
      degree: 'Baccalauréat',
      level: 'bac',
      country: 'FR',
      from: '2009-09',
      to: '2012-06',
    };
    await ask('/v1/me/profile/education', education);
    await ask('/v1/me/profile/experience', {
      employer: 'Mairie',
      title: 'Agent',
      country: 'FR',
      from: '2016-01',
    });
    for (const [language, level] of [
      ['fr', 'native'],
      ['en', 'B2'],
    ])
      await ask('/v1/me/profile/languages', { language, level });
    const draft = await ask('/v1/me/applications', { vacancyId });
    const path = `/v1/me/applications/${String(record(draft.body)['id'])}`;
    const written = { motivation: 'Servir le public au plus près de ses usagers.', answers: [] };
    const changed = await ask(path, written, 'PATCH', draft.headers.get('etag') ?? '');
    await ask(`${path}/submit`, {}, 'POST', changed.headers.get('etag') ?? '');
  }

  const alerts = async () =>
    (await ledgerEntries(sceau, 'canary.disclosed')).map(({ agency: whose, resource, count }) => [
      whose,
      resource.id,
      count,
    ]);
  const read = (id: string) =>
    agency.client.request(`${APPLICATIONS}/${id}`, { headers: { purpose: 'review' } });

  it('is listed to operators, and told apart by nobody else', async () => {
    const { out } = await runCommand(sceau, ['canary', 'list']);
    expect(out).toContain(`${canary.id}  agency ${agency.agencyId}`);
    expect(out).toMatch(/^1 canaries\.$/m);
    const planted = await ledgerEntries(sceau, 'canary.planted');
    expect(planted.map(({ resource, count }) => [resource.id, count])).toEqual([[undefined, 1]]);
  });

  /** Where an id stands, and what its rows are but for what is different for anybody. */
  async function traces(candidate: string, application: string): Promise<readonly string[]> {
    const columns = await sceau.database.query<{ name: string; column: string; type: string }>(
      `SELECT format('%I.%I', c.table_schema, c.table_name) AS name, c.column_name AS "column", c.data_type AS type
       FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
       WHERE t.table_type = 'BASE TABLE' AND c.data_type IN ('uuid', 'text')
         AND c.table_schema NOT IN ('pg_catalog', 'information_schema', 'jobs') AND c.table_name !~ '_\\d{4}_\\d{2}$'`,
    );
    const found: string[] = [];
    for (const { name, column } of columns.filter((one) => !FOR_A_DAY.test(one.name))) {
      const rows = await sceau.database.query<{ row: Record<string, unknown> }>(
        `SELECT to_jsonb(t) AS row FROM ${name} t WHERE t.${column}::text = ANY ($1)`,
        [[candidate, application]],
      );
      for (const { row } of rows) found.push(`${name}.${column}: ${shapeOf(row)}`);
    }
    return found.toSorted();
  }

  /** Words, revisions and what is null as they are; what anybody’s own is by being there. */
  const shapeOf = (row: Record<string, unknown>): string =>
    Object.entries(row)
      .filter(([name]) => name !== 'leaf_index' && name !== 'totp_step')
      .map(([name, value]) => `${name}=${describeValue(value)}`)
      .join(' ');
  function describeValue(value: unknown): string {
    if (typeof value !== 'string') return JSON.stringify(value);
    if (value.startsWith('\\x')) return 'sealed';
    if (/^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(value)) return 'id';
    return /^\d{4}-\d{2}-\d{2}T/.test(value)
      ? 'time'
      : /^\d{6,}$/.test(value)
        ? 'number'
        : value.replace(/[\w+/-]{20,}/g, 'code');
  }

  it('has the rows of anybody, in the same tables, of the same revisions, with the same columns filled', async () => {
    for (const { id } of [canary, person]) await toldOf(sceau, id);
    const [nobody, anybody] = [
      await traces(canary.candidate, canary.id),
      await traces(person.candidate, person.id),
    ];
    expect(nobody.length).toBeGreaterThan(15);
    expect(nobody).toEqual(anybody);
  });

  it('has the entries of anybody', async () => {
    const kinds = async (candidate: string) =>
      (await recordedAbout(sceau.database, candidate)).map(({ action, outcome }) => `${action} ${outcome}`);
    const [nobody, anybody] = [await kinds(canary.candidate), await kinds(person.candidate)];
    expect(new Set(nobody)).toEqual(new Set(anybody));
  });

  it('alerts at once when it is read, by itself or among others, and gives what anybody gives', async () => {
    expect((await read(person.id)).status).toBe(200);
    expect(await alerts()).toEqual([]);
    const answer = await read(canary.id);
    expect(answer.status).toBe(200);
    expect(Object.keys(record(answer.body))).toEqual(Object.keys(record((await read(person.id)).body)));
    expect(await alerts()).toEqual([[agency.agencyId, canary.id, 1]]);
    const body = { ids: [person.id, canary.id], purpose: 'review' };
    expect((await agency.client.request(`${APPLICATIONS}/disclosures`, { body })).status).toBe(200);
    expect(await alerts()).toHaveLength(2);
  });

  it('is nobody in the figures of an incident, and is told like anybody', async () => {
    const cli = (...words: readonly string[]) => runCommand(sceau, ['incident', ...words]);
    const opened = await cli('open', '--title', 'Essai', '--agency', agency.agencyId);
    const incident = /Incident opened: (\S+)/.exec(opened.out)?.[1] ?? '';
    const reads = await sceau.database.query<{ entries: number }>(
      `SELECT count(DISTINCT e.leaf_index)::integer AS entries
       FROM audit.entries e JOIN audit.subject_records r USING (leaf_index)
       JOIN audit.subject_reference s ON s.reference = r.subject
       WHERE e.agency_id = $1 AND e.action = 'application.disclosed' AND s.candidate_id = $2`,
      [agency.agencyId, person.candidate],
    );
    const { out } = await cli('impact', incident, '--list');
    expect(out).toMatch(/^1 candidate\(s\) affected, of whom 0 erased/);
    expect(out).toMatch(/^ {2}canaries +1 as well, in no other number$/m);
    expect(out).toContain(`  entries      ${reads[0]?.entries}\n`);
    expect(out).toMatch(/^ {4}motivation +1$/m);
    expect(out.match(/Z {2}.* {2}canary$/gm)).toHaveLength(1);
    const told = await cli('notify', incident);
    expect(told.out).toContain('1 candidate(s) affected: 1 told, 0 erased');
    expect(told.out).toContain('Written now: 1, of whom 0 had been told of less.\n1 canary(ies) as well');
    expect((await cli('impact', incident)).out).toMatch(/^ {2}told +1$/m);
    const folder = await mkdtemp(join(tmpdir(), 'sceau-canary-'));
    try {
      await cli('impact', incident, '--out', folder);
      const [csv, draft] = await Promise.all(
        ['affected.csv', 'authority.en.md'].map((name) => readFile(join(folder, name), 'utf8')),
      );
      expect(csv?.trimEnd().split('\r\n')).toHaveLength(2);
      expect(draft).toContain('Number: 1, of whom 0 erased');
      expect(draft).toContain('Told so far: 1 of 1 who');
    } finally {
      await rm(folder, { recursive: true });
    }
    const [notices] = await sceau.database.query(
      `SELECT array_agg(candidate_id ORDER BY candidate_id)::text[] AS told FROM incidents.notice WHERE incident_id = $1`,
      [incident],
    );
    expect(notices).toEqual({ told: [person.candidate, canary.candidate].toSorted() });
    const numbers = await ledgerEntries(sceau, 'incident.impact_read');
    expect(numbers.filter(({ count = 0 }) => count < 2)).toEqual([]);
    // It was read, and its alerts say so to whoever has the database; no row of the incident does.
    const [nobody, anybody] = [
      await traces(canary.candidate, canary.id),
      await traces(person.candidate, person.id),
    ].map((all) => all.filter((one) => one.startsWith('incidents.')));
    expect(nobody).toHaveLength(1);
    expect(nobody).toEqual(anybody);
  }, 60_000);

  it('alerts when a document of it is asked for', async () => {
    const canaries = sceau.app.get(Canaries, { strict: false });
    const context = desk();
    const dossier = await new Dossiers(sceau).application(context);
    const now = Date.now();
    const marked = {
      ...dossier,
      candidate: await canaries.markedId<'candidate'>('candidate', now),
      application: await canaries.markedId<'application'>('application', now),
      content: [],
    };
    const document = {
      candidate: marked.candidate,
      id: newId<'document'>(now),
      place: DOCUMENT_KEY,
      key: asSealed<DocumentKey>(Buffer.alloc(0)),
      content: () => Promise.reject(new Error('Nothing is kept.')),
    };
    const before = await alerts();
    await expect(
      sceau.app.get(DocumentDisclosure, { strict: false }).toAgency(context, {
        purpose: 'review',
        dossier: marked,
        document,
        find: () => undefined,
        readAllowance: () => Promise.resolve({ hour: 1, day: 1, month: 1 }),
      }),
    ).rejects.toMatchObject({ code: 'not_found' });
    expect((await alerts()).slice(before.length)).toEqual([[context.actor.agencyId, marked.application, 1]]);
  });

  it('is known by both of its ids: one that happens to be marked is anybody’s', async () => {
    const canaries = sceau.app.get(Canaries, { strict: false });
    const at = Date.now();
    const candidates = [await canaries.markedId<'candidate'>('candidate', at), newId<'candidate'>(at)];
    const ids = [await canaries.markedId<'application'>('application', at), newId<'application'>(at)];
    const all = candidates.flatMap((candidate) => ids.map((application) => ({ candidate, application })));
    expect(await canaries.among(all)).toEqual(all.slice(0, 1));
  });

  it('is not planted where it cannot be', async () => {
    const plant = (...args: readonly string[]) =>
      runCommand(sceau, ['canary', 'plant', ...args, '--minutes', '0']);
    const nowhere = await plant('01900000-0000-7000-8000-000000000000', '--mail-domain', 'exemple.fr');
    expect(nowhere.code).toBe(1);
    expect((await plant(vacancyId, '--mail-domain', 'a b')).code).toBe(1);
    expect((await plant(vacancyId, '--mail-domain', 'exemple.fr', '--count', '21')).code).toBe(1);
    expect(await applications()).toHaveLength(2);
  });
});
