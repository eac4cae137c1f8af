import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId } from '../../../src/kernel/ids.js';
import { Notification } from '../../../src/modules/incidents/index.js';
import { CandidateErasures } from '../../../src/modules/privacy/index.js';
import type { PersonClient } from '../../../tools/client/person.ts';
import { type CandidateActor, record, signUpCandidate, systemContext } from '../../support/actors.js';
import { runCommand } from '../../support/command-line.js';
import { eventually } from '../../support/eventually.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { signInStaff } from '../../support/staff.js';
import { copyRow, plant, refusalsOf } from '../sealing/record-rows.js';
import { items, openIncident } from './fixture.js';
import {
  exposed as exposedBySomebody,
  idOf,
  killNotifying,
  lettersTo,
  type Person,
  ownIncidents as own,
  show,
  signUpPeople,
  someClient,
} from './telling.js';

const TOGETHER = 10;
/** More than are told together, so that a run can be killed between two parts. */
const PEOPLE = TOGETHER + 2;

describe('telling those whom an incident affects', () => {
  let sceau: Sceau;
  let operator: PersonClient;
  let people: readonly Person[];
  let bystander: CandidateActor;

  beforeAll(async () => {
    sceau = await startSceau();
    operator = await signInStaff(sceau, 'operator');
    people = await signUpPeople(sceau, PEOPLE);
    bystander = await signUpCandidate(sceau);
  }, 120_000);

  afterAll(() => sceau.stop());

  const exposed = (
    who: readonly Person[],
    fields: readonly string[] = ['motivation'],
    exported: readonly Person[] = [],
  ) => exposedBySomebody(sceau, operator, who, fields, exported);
  const cli = (...words: readonly string[]) => runCommand(sceau, words);
  const mailsTo = (person: CandidateActor) => lettersTo(sceau, person);
  const aboutOf = (texts: readonly string[], incident: string): readonly string[] =>
    texts.filter((text) => text.includes(incident));
  const outbox = async (): Promise<number> => {
    const [row] = await sceau.database.query<{ count: number }>(
      'SELECT count(*)::integer AS count FROM platform.outgoing_mail',
    );
    return row?.count ?? 0;
  };
  const allSent = () =>
    eventually('an empty outbox', async () => ((await outbox()) === 0 ? true : undefined));
  const noticesOf = async (incident: string): Promise<number> => {
    const [row] = await sceau.database.query<{ count: number }>(
      'SELECT count(*)::integer AS count FROM incidents.notice WHERE incident_id = $1',
      [incident],
    );
    return row?.count ?? 0;
  };
  const toldOf = async (incident: string): Promise<unknown> =>
    record((await operator.request(`/v1/operator/incidents/${incident}/impact`)).body)['told'];

  const killedOver = (incident: string, statement: string) =>
    killNotifying(
      sceau,
      people.map(({ id }) => id),
      TOGETHER,
      incident,
      statement,
    );
  it('goes on where it was killed, and writes to each of them once and to nobody else', async () => {
    const incident = await exposed(people);
    await killedOver(
      incident,
      `INSERT INTO incidents.notice (id, incident_id, candidate_id, told, told_at, revision, is_further, mac)
       SELECT gen_random_uuid(), $1, last, details, now(), 1, false, mac
       FROM incidents.incident, unnest($2::uuid[]) AS last WHERE id = $1`,
    );
    const before = await noticesOf(incident);
    expect(before).toBeGreaterThan(0);
    expect(before).toBeLessThan(PEOPLE);

    const { out, complaint } = await cli('incident', 'notify', incident);
    const told = `${PEOPLE} candidate(s) affected: ${PEOPLE} written to, 0 erased since (counted, and nobody can be told).\n`;
    const writtenNow = (count: number, further = 0) =>
      `${told}Written now: ${count}, of whom ${further} had been told of less.\n`;
    expect(out).toMatch(
      new RegExp(`^${RegExp.escape(writtenNow(PEOPLE - before))}The worker sends the mails`),
    );
    expect(complaint).toContain(`Writing: ${PEOPLE} of ${PEOPLE}`);
    expect((await cli('incident', 'notify', incident)).out).toBe(writtenNow(0));
    await allSent();
    for (const person of people) expect(aboutOf(await mailsTo(person), incident)).toHaveLength(1);
    expect(await mailsTo(bystander)).toEqual([]);
    expect(record((await operator.request(`/v1/operator/incidents/${incident}/impact`)).body)).toMatchObject({
      candidates: PEOPLE,
      told: PEOPLE,
    });
  }, 60_000);

  it('tells those again of whom more was exposed, once, killed or not, and whoever is new', async () => {
    const [late, ...early] = people;
    if (late === undefined) throw new Error('There are people.');
    const thief = someClient();
    await show(sceau, thief, early, ['motivation']);
    const incident = await openIncident(operator, { client: thief.actor.clientId });
    expect((await cli('incident', 'notify', incident)).out).toContain(
      `Written now: ${PEOPLE - 1}, of whom 0`,
    );
    await show(sceau, thief, people, ['familyName']);
    await killedOver(
      incident,
      'SELECT FROM incidents.notice WHERE incident_id = $1 AND candidate_id = ANY ($2::uuid[]) FOR UPDATE',
    );
    expect((await cli('incident', 'notify', incident)).out).toMatch(
      new RegExp(`${PEOPLE} written to.*\\nWritten now: 2, of whom [12] `),
    );
    expect((await cli('incident', 'notify', incident)).out).toContain('Written now: 0, of whom 0');
    await allSent();
    for (const person of early) {
      const letters = aboutOf(await mailsTo(person), incident);
      expect(letters).toHaveLength(2);
      const further = letters.filter((text) => /vous\s+avons\s+déjà\s+écrit/.test(text));
      expect(further).toEqual([expect.stringMatching(/votre\s+nom\s+et\s+votre\s+motivation/)]);
    }
    expect(aboutOf(await mailsTo(late), incident)).toHaveLength(1);
    expect(await toldOf(incident)).toBe(PEOPLE);
    const [one] = early;
    const told = one && (await own(one)).filter(({ id }) => id === incident);
    expect(told).toMatchObject([{ entries: 2, fields: ['familyName', 'motivation'] }]);
    await show(sceau, thief, people, ['email']);
    const id = idOf(incident);
    const atOnce = await Promise.all(
      [1, 2].map(() => sceau.app.get(Notification, { strict: false }).run(systemContext(), id)),
    );
    expect(atOnce.map(({ writtenTo }) => writtenTo)).toEqual([PEOPLE, PEOPLE]);
    expect(atOnce.reduce((sum, { written }) => sum + written, 0)).toBe(PEOPLE);
  }, 60_000);

  it('says to each what was read of theirs, when, and whom to ask; and in their access history, to them alone', async () => {
    const [one, other] = people.slice(0, 2);
    if (one === undefined || other === undefined) throw new Error('There are people.');
    const incident = await exposed([one], ['familyName', 'motivation']);
    expect((await own(one)).map(({ id }) => id)).not.toContain(incident);
    expect(
      (await operator.request(`/v1/operator/incidents/${incident}/notify`, { method: 'POST' })).status,
    ).toBe(202);
    const text = await eventually('the mail', async () => aboutOf(await mailsTo(one), incident).at(0));
    expect(text.replaceAll('\u00A0', ' ')).toMatch(
      /Rubriques consultées : votre nom et votre motivation\.\s+Quand : le \d/,
    );
    expect(text).toContain(sceau.settings.dataProtectionContact);
    const told = (await own(one)).find(({ id }) => id === incident);
    const members = 'entries, fields, first, id, last, lowerBound, toldAt';
    expect(Object.keys(told ?? {}).toSorted()).toEqual(members.split(', '));
    expect(told).toMatchObject({ entries: 1, fields: ['familyName', 'motivation'], lowerBound: false });
    expect((await own(other)).map(({ id }) => id)).not.toContain(incident);
    expect(await own(bystander)).toEqual([]);
    const sentences = await eventually('the entry', async () => {
      const all = items((await one.client.request('/v1/me/access-history?limit=100')).body);
      const said = all
        .filter(({ action }) => action === 'incident.notified')
        .map(({ sentence }) => String(sentence));
      return said.length > 1 ? said : undefined;
    });
    expect(sentences[0]).toContain('vous a informé d’un incident');
  });

  it('tells somebody all the same of whom a row was planted, and alerts', async () => {
    const [one] = people;
    if (one === undefined) throw new Error('There are people.');
    const [known] = await sceau.database.query<{ id: string }>(
      'SELECT id::text FROM incidents.notice WHERE candidate_id = $1 LIMIT 1',
      [one.id],
    );
    const incident = await exposed([one]);
    const planted = newId<'incident-notice'>(Date.now());
    const copy = await copyRow(sceau.database, 'incidents.notice', known?.id ?? '');
    await plant(sceau.database, 'incidents.notice', { ...copy, id: planted, incident_id: incident });
    expect((await own(one)).map(({ id }) => id)).not.toContain(incident);
    expect(await toldOf(incident)).toBe(0);
    expect((await cli('incident', 'notify', incident)).out).toContain('1 written to');
    await allSent();
    expect(await toldOf(incident)).toBe(1);
    expect(aboutOf(await mailsTo(one), incident)).toHaveLength(1);
    expect(await refusalsOf(sceau.database, planted)).toEqual(['refused: forged']);
  });

  it('says that everything was given where it was, whatever was named besides', async () => {
    const [one, other] = people;
    if (one === undefined || other === undefined) throw new Error('There are people.');
    const incident = await exposed([one, other], ['motivation'], [one]);
    const { out } = await cli('incident', 'impact', incident, '--list');
    expect(out).toMatch(/everything held\s+1\n\s+motivation\s+2\n/);
    expect(out.match(/Z {2}(?:everything held|motivation)$/gm)?.toSorted()).toEqual([
      'Z  everything held',
      'Z  motivation',
    ]);
    const path = `/v1/operator/incidents/${incident}`;
    expect(record((await operator.request(`${path}/impact`)).body)).toMatchObject({ everything: 1 });
    for (const [locale, sensitive] of [
      ['fr', /Données sensibles\s: oui\s+- Ensemble des données conservées\s: 1 personne/],
      ['en', /Sensitive data: yes\s+- All that is held: 1 people/],
    ] as const) {
      const headers = { accept: 'text/markdown', 'accept-language': locale };
      expect((await operator.request(`${path}/draft`, { headers })).body).toMatch(sensitive);
    }
    await cli('incident', 'notify', incident);
    await allSent();
    expect(aboutOf(await mailsTo(one), incident)[0]).toMatch(/tout\s+ce\s+qui\s+est\s+conservé/);
    expect(aboutOf(await mailsTo(other), incident)[0]).toMatch(/votre\s+motivation/);
  });

  it('is not done for an incident that is closed', async () => {
    const incident = await exposed(people.slice(0, 1));
    const closing = { body: { conclusion: 'Fausse alerte.', leaveUntold: true } };
    await operator.request(`/v1/operator/incidents/${incident}/close`, closing);
    expect(
      (await operator.request(`/v1/operator/incidents/${incident}/notify`, { method: 'POST' })).status,
    ).toBe(409);
    const { code, complaint } = await cli('incident', 'notify', incident);
    expect([code, complaint]).toEqual([1, expect.stringContaining('closed')]);
    expect(await toldOf(incident)).toBe(0);
  });

  it('counts whoever is erased and writes to the others; the files say the same', async () => {
    const [gone, ...others] = people.slice(-3);
    if (gone === undefined) throw new Error('There are people.');
    const incident = await exposed([gone, ...others], ['accommodations', 'email']);
    await sceau.app.get(CandidateErasures, { strict: false }).erase(systemContext(), gone.id, gone.id);
    const { out } = await cli('incident', 'notify', incident);
    expect(out).toContain(
      '3 candidate(s) affected: 2 written to, 1 erased since (counted, and nobody can be told).\n',
    );
    await allSent();
    expect(aboutOf(await mailsTo(gone), incident)).toEqual([]);

    const folder = await mkdtemp(join(tmpdir(), 'sceau-incident-'));
    try {
      await writeFile(join(folder, 'affected.csv'), 'Of before.', { mode: 0o644 });
      expect((await cli('incident', 'impact', incident, '--out', folder)).code).toBe(0);
      expect((await stat(join(folder, 'affected.csv'))).mode & 0o777).toBe(0o600);
      const file = (name: string) => readFile(join(folder, name), 'utf8');
      const [header, ...rows] = (await file('affected.csv')).trimEnd().split('\r\n');
      expect(header).toBe('pseudonym,entries,first,last,fields,erased,letter');
      expect(rows.map((row) => row.split(',').slice(4))).toEqual(
        expect.arrayContaining([
          ['accommodations email', 'yes', 'none'],
          ['accommodations email', 'no', 'accepted'],
        ]),
      );
      expect(rows).toHaveLength(3);
      const lines = (await file('entries.ndjson'))
        .trimEnd()
        .split('\n')
        .map((line) => record(JSON.parse(line)));
      expect(lines.map(({ holds }) => holds)).toEqual([true]);
      const [french, english] = [await file('authority.fr.md'), await file('authority.en.md')];
      expect(french.replaceAll(/[\u00A0\u202F]/g, ' ')).toContain('Nombre : 3, dont 1 effacée(s) depuis');
      expect(french.replaceAll(/[\u00A0\u202F]/g, ' ')).toContain(
        'Personnes informées à ce jour, par courriel : 2 ; personnes concernées encore inscrites : 2',
      );
      expect(english).toContain('Number: 3, of whom 1 erased since');
      expect(english).toMatch(/Sensitive data: yes\n[^#]*Health[^#]*Accommodation needs[^#]*: 3 people/);
      for (const [letter, greeting] of [
        ['letter.fr.md', 'Bonjour,'],
        ['letter.en.md', 'Hello,'],
      ] as const)
        expect(await file(letter)).toContain(greeting);
      const everything = await Promise.all(
        ['affected.csv', 'entries.ndjson', 'authority.fr.md', 'letter.fr.md'].map(file),
      );
      for (const { id, email } of [gone, ...others]) {
        expect(everything.join('\n')).not.toContain(id);
        expect(everything.join('\n')).not.toContain(email);
      }
    } finally {
      await rm(folder, { recursive: true });
    }
    const draft = await operator.request(`/v1/operator/incidents/${incident}/draft?document=authority`, {
      headers: { accept: 'text/markdown', 'accept-language': 'en' },
    });
    expect(draft.headers.get('content-type')).toBe('text/markdown; charset=utf-8');
    expect(draft.status).toBe(200);
  });
});
