import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CandidateId, newId, parseId } from '../../../src/kernel/ids.js';
import { Canaries, DocumentDisclosure } from '../../../src/disclosure/index.js';
import { DOCUMENT_KEY } from '../../../src/modules/documents/persistence/places.js';
import { asSealed, type DocumentKey } from '../../../src/sealing/index.js';
import { CanaryLives } from '../../../src/modules/canaries/index.js';
import { Vacancies } from '../../../src/modules/vacancies/index.js';
import { type AgencyActor, createAgency, record, systemContext } from '../../support/actors.js';
import { canaryTexts } from '../../support/canary-texts.js';
import { runCommand } from '../../support/command-line.js';
import { eventually } from '../../support/eventually.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { PLAIN_VACANCY } from '../../support/vacancy.js';
import { ledgerEntries } from '../agencies/agency-program.js';
import { toldOf } from '../privacy/holdings.js';
import { agency as desk, Dossiers } from './dossiers.js';
import { applyAsAnybody } from './applying.js';
import { recordedAbout } from './recorded.js';
import { traces } from './traces.js';

const APPLICATIONS = '/v1/agency/applications';
const MOTIVATION = 'Pour le silence des réserves.';

describe('a canary', () => {
  let sceau: Sceau;
  let agency: AgencyActor;
  let vacancyId: string;
  let canary: { readonly id: string; readonly candidate: string };
  let person: { readonly id: string; readonly candidate: string };
  let folderOfTexts: string;

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
    await applyAsAnybody(sceau, vacancyId);
    const [first] = await applications();
    if (first === undefined) throw new Error('Nobody has applied.');
    person = first;
    folderOfTexts = await mkdtemp(join(tmpdir(), 'sceau-texts-'));
    const options = ['--mail-domain', 'exemple.fr,example.net', '--minutes', '0'];
    const planted = await plant(await file(MOTIVATION), ...options);
    if (planted.code !== 0) throw new Error(planted.output);
    await letThemLive();
    const other = (await applications()).find(({ id }) => id !== person.id);
    if (other === undefined) throw new Error('Nothing was planted.');
    canary = other;
  }, 90_000);

  afterAll(async () => {
    await sceau.stop();
    await rm(folderOfTexts, { recursive: true });
  });

  /** The file that an operator writes for one canary. */
  async function file(motivation: string): Promise<string> {
    const path = join(folderOfTexts, 'canaries.json');
    await writeFile(path, JSON.stringify({ canaries: [canaryTexts(motivation)] }));
    return path;
  }

  const plant = (texts: string, ...options: readonly string[]) =>
    runCommand(sceau, ['canary', 'plant', vacancyId, '--texts', texts, ...options]);

  /** As each process of the API does every few seconds. */
  async function letThemLive(): Promise<void> {
    const lives = sceau.app.get(CanaryLives, { strict: false });
    await lives.look();
    await lives.settled();
  }

  const waiting = () => sceau.database.query<{ attempt: number }>('SELECT attempt FROM canaries.planting');

  const applications = () =>
    sceau.database.query<{ id: string; candidate: string }>(
      'SELECT id, candidate_id AS candidate FROM applications.application ORDER BY id',
    );

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

  it('has the rows of anybody, in the same tables, of the same revisions, with the same columns filled', async () => {
    for (const { id } of [canary, person]) await toldOf(sceau, id);
    const [nobody, anybody] = [
      await traces(sceau, canary.candidate, canary.id),
      await traces(sceau, person.candidate, person.id),
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
    const { education, experience, languages } = canaryTexts(MOTIVATION);
    expect(answer.body).toMatchObject({
      fields: { motivation: MOTIVATION, education, experience, languages: languages.toReversed() },
    });
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
    expect(told.out).toContain('1 candidate(s) affected: 1 written to, 0 erased');
    expect(told.out).toContain('Written now: 1, of whom 0 had been told of less.\n');
    expect(told.out).toContain('1 canary(ies) as well');
    await eventually('the letters', async () =>
      /^ {2}told +1$/m.test((await cli('impact', incident)).out) ? true : undefined,
    );
    const folder = await mkdtemp(join(tmpdir(), 'sceau-canary-'));
    try {
      await cli('impact', incident, '--out', folder);
      const [csv, draft] = await Promise.all(
        ['affected.csv', 'authority.en.md'].map((name) => readFile(join(folder, name), 'utf8')),
      );
      expect(csv?.trimEnd().split('\r\n')).toHaveLength(2);
      expect(draft).toContain('Number: 1, of whom 0 erased');
      expect(draft).toContain('Told so far, by e-mail: 1; people concerned who are still registered: 1');
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
      await traces(sceau, canary.candidate, canary.id),
      await traces(sceau, person.candidate, person.id),
    ].map((all) => all.filter((one) => one.startsWith('incidents.')));
    expect(nobody).toHaveLength(1);
    expect(nobody).toEqual(anybody);
  }, 60_000);

  it('alerts when a document of it is asked for', async () => {
    const canaries = sceau.app.get(Canaries, { strict: false });
    const context = desk();
    const dossier = await new Dossiers(sceau).application(context);
    const now = Date.now();
    const candidate = parseId<CandidateId>(await canaries.newId(now));
    if (candidate === undefined) throw new Error('A canary has an id.');
    const marked = { ...dossier, candidate, application: newId<'application'>(now), content: [] };
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

  it('has its entries written by the processes that write anybody’s, and none of them by what planted it', async () => {
    // A process has one stream of changes; of its two of reads either takes what comes while the other is busy.
    const written = async (where: string, values: unknown[]) => {
      const rows = await sceau.database.query<{ action: string; writer: string }>(
        `SELECT DISTINCT e.action, CASE w.stream WHEN 'changes' THEN w.writer::text ELSE w.stream END AS writer
         FROM audit.entries e JOIN audit.leaves l USING (leaf_index) JOIN audit.writers w USING (writer)
         WHERE ${where} ORDER BY 1, 2`,
        values,
      );
      return rows.map(({ action, writer }) => `${action} ${writer}`);
    };
    const about = `e.actor_kind IN ('candidate', 'anonymous') AND e.leaf_index IN (
      SELECT r.leaf_index FROM audit.subject_records r JOIN audit.subject_reference s ON s.reference = r.subject
      WHERE s.candidate_id = $1)`;
    const [nobody, anybody] = [
      await written(about, [canary.candidate]),
      await written(about, [person.candidate]),
    ];
    expect(nobody.length).toBeGreaterThan(8);
    expect(nobody).toEqual(anybody);
    const [planted] = await written(`e.action = 'canary.planted'`, []);
    const writers = new Set(nobody.map((one) => one.split(' ')[1]));
    expect(planted).toMatch(/ [0-9a-f-]{36}$/);
    expect(writers.has(planted?.split(' ')[1] ?? '')).toBe(false);
  });

  it('has ids of the very moment at which its rows were made, as anybody', async () => {
    const rows = await sceau.database.query<{ id: string; at: Date }>(
      `SELECT id, created_at AS at FROM identity.account WHERE id::text = ANY ($1)
       UNION ALL SELECT id, created_at FROM applications.application`,
      [[canary.candidate, person.candidate]],
    );
    expect(rows).toHaveLength(4);
    for (const { id, at } of rows)
      expect(Number.parseInt(id.replace('-', '').slice(0, 12), 16)).toBe(at.getTime());
  });

  it('waits for its moment, and begins anew where a process has ended on the way', async () => {
    const order = async (minutes: string) =>
      plant(await file(`Parce que, ${minutes}.`), '--mail-domain', 'exemple.fr', '--minutes', minutes);
    const begun = await applications();
    // Of ten thousand minutes, the next few seconds.
    expect((await order('10000')).code).toBe(0);
    await letThemLive();
    expect(await waiting()).toEqual([{ attempt: 0 }]);
    await sceau.database.query('DELETE FROM canaries.planting');
    expect((await order('0')).code).toBe(0);
    await sceau.database.query(`UPDATE canaries.planting SET attempt = 1, held_until = 'infinity'`);
    await letThemLive();
    expect(await waiting()).toEqual([{ attempt: 1 }]);
    await sceau.database.query(`UPDATE canaries.planting SET held_until = '-infinity'`);
    await letThemLive();
    expect(await waiting()).toEqual([]);
    expect((await applications()).length).toBe(begun.length + 1);
    const { out } = await runCommand(sceau, ['canary', 'list']);
    expect(out).toMatch(/^2 canaries\.$/m);
  }, 60_000);

  it('is not planted where it cannot be', async () => {
    const texts = await file('Parce que la mer est à côté.');
    const options = ['--mail-domain', 'exemple.fr', '--minutes', '0'];
    const nowhere = ['canary', 'plant', '01900000-0000-7000-8000-000000000000', '--texts', texts];
    expect((await runCommand(sceau, [...nowhere, ...options])).code).toBe(1);
    expect((await plant(texts, '--mail-domain', 'a b', '--minutes', '0')).code).toBe(1);
    const untold = await runCommand(sceau, ['canary', 'plant', vacancyId, ...options]);
    expect([untold.code, untold.complaint]).toEqual([1, expect.stringContaining('--texts')]);
    const blank = await plant(await file(' '), ...options);
    expect([blank.code, blank.complaint]).toEqual([1, expect.stringContaining('/canaries/0/motivation: ')]);
    expect((await plant(join(folderOfTexts, 'none.json'), ...options)).code).toBe(1);
    expect(await waiting()).toEqual([]);
  });
});
