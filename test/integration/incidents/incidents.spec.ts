import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  leafHash,
  openNote,
  parseCheckpoint,
  rootOf,
  verifyInclusion,
} from '../../../src/ledger/merkle/index.js';
import { parseProof } from '../../../src/ledger/merkle/tlog-proof.js';
import type { PersonClient } from '../../../tools/client/person.ts';
import { record, systemContext } from '../../support/actors.js';
import { CandidateErasures } from '../../../src/modules/privacy/index.js';
import { type Outcome, runCommand } from '../../support/command-line.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { signInStaff } from '../../support/staff.js';
import type { Applicant } from '../sealing/applicants.js';
import { copyRow, plant, putBack, refusalsOf } from '../sealing/record-rows.js';
import { items, openIncident, pseudonymOf, readApplication, stealKey, type Theft } from './fixture.js';

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/;

/** A key was stolen: two candidates were read with it, and one of them and another by the agency itself. */
describe('an incident', () => {
  let sceau: Sceau;
  let operator: PersonClient;
  let theft: Theft;
  let stolen: { readonly key: string; readonly own: string };
  const paths = new Map<string, string>();

  beforeAll(async () => {
    sceau = await startSceau();
    operator = await signInStaff(sceau, 'operator');
    theft = await stealKey(sceau);
    const { agency, thief, applicants } = theft;
    const [nolwenn, malo, enora] = applicants;
    await readApplication(agency.client, nolwenn);
    await readApplication(agency.client, malo);
    await readApplication(thief, malo, 'review', 'motivation');
    await readApplication(thief, malo, 'review', 'education,motivation');
    await readApplication(thief, enora, 'review', 'familyName');
    // Refused: nothing is given.
    await readApplication(thief, nolwenn, 'onboarding');
    const keys = await sceau.database.query<{ key: string }>(
      `SELECT key FROM audit.entry WHERE client_id = $1 AND action = 'application.disclosed' AND outcome = 'allowed'
       ORDER BY leaf_index`,
      [agency.clientId],
    );
    stolen = { own: keys.at(0)?.key ?? '', key: keys.at(-1)?.key ?? '' };
  }, 90_000);

  afterAll(() => sceau.stop());

  const ask = async (path: string): Promise<unknown> => {
    const { status, body } = await operator.request(`/v1/operator/incidents/${path}`);
    if (status !== 200) throw new Error(`${path}: ${status} ${JSON.stringify(body)}`);
    return body;
  };
  /** One for each question. */
  const incident = async (criteria: object): Promise<string> => {
    const question = JSON.stringify(criteria);
    const id = paths.get(question) ?? (await openIncident(operator, criteria));
    paths.set(question, id);
    return id;
  };
  const affectedBy = async (criteria: object): Promise<readonly string[]> => {
    const list = items(await ask(`${await incident(criteria)}/affected`));
    return list.map(({ pseudonym }) => String(pseudonym));
  };
  const pseudonyms = async (...of: readonly Applicant[]): Promise<readonly string[]> =>
    (await Promise.all(of.map((applicant) => pseudonymOf(sceau, applicant)))).toSorted();
  const byKey = () => ({ key: stolen.key });

  it('affects exactly those whom the stolen key has read, with every field, moment and count', async () => {
    const [, malo, enora] = theft.applicants;
    expect(stolen.key).not.toBe(stolen.own);
    const list = items(await ask(`${await incident(byKey())}/affected`));
    const found = new Map(list.map((one) => [one['pseudonym'], one]));
    expect([...found.keys()]).toEqual(await pseudonyms(malo, enora));
    expect(found.get(await pseudonymOf(sceau, malo))).toMatchObject({
      fields: ['education', 'motivation'],
      entries: 2,
      erased: false,
    });
    expect(found.get(await pseudonymOf(sceau, enora))).toMatchObject({ fields: ['familyName'], entries: 1 });
    const total = record(await ask(`${await incident(byKey())}/impact`));
    expect(total).toMatchObject({ candidates: 2, erased: 0, entries: 3 });
    expect(total['fields']).toEqual([
      { field: 'education', candidates: 1 },
      { field: 'familyName', candidates: 1 },
      { field: 'motivation', candidates: 1 },
    ]);
    const moments = list.flatMap(({ first, last }) => [String(first), String(last)]).toSorted();
    expect([total['first'], total['last']]).toEqual([moments.at(0), moments.at(-1)]);
  });

  it('is asked by client, agency, actor and the agency’s other key alike, and all of it must hold', async () => {
    const { agency, applicants } = theft;
    const [nolwenn, malo] = applicants;
    const everybody = await pseudonyms(...applicants);
    expect(await affectedBy({ client: agency.clientId })).toEqual(everybody);
    expect(await affectedBy({ agency: agency.agencyId })).toEqual(everybody);
    expect(await affectedBy({ actor: agency.clientId })).toEqual(everybody);
    expect(await affectedBy({ key: stolen.own })).toEqual(await pseudonyms(nolwenn, malo));
    expect(await affectedBy({ key: stolen.own, actor: malo.id })).toEqual([]);
  });

  it('is asked by session and by origin: what somebody has read of their own counts too', async () => {
    const [nolwenn, , enora] = theft.applicants;
    await nolwenn.client.request('/v1/me/profile');
    await enora.client.request('/v1/me/profile');
    const [row] = await sceau.database.query<{ session: string; network: string }>(
      `SELECT session_id::text AS session, origin_network AS network FROM audit.entry WHERE actor_id = $1 AND action = 'candidate.profile_changed'`,
      [nolwenn.id],
    );
    expect(await affectedBy({ session: row?.session })).toEqual(await pseudonyms(nolwenn));
    const origins = ['127.0.0.1', '127.0.0.0/24', row?.network];
    for (const origin of origins)
      expect(await affectedBy({ origin, agency: theft.agency.agencyId })).toHaveLength(3);
    expect(await affectedBy({ origin: '192.0.2.1' })).toEqual([]);
  });

  it('is asked by a span of time, from the first moment on and before the last', async () => {
    const { first, last } = record(await ask(`${await incident(byKey())}/impact`));
    const after = new Date(Date.parse(String(last)) + 1).toISOString();
    expect(await affectedBy({ ...byKey(), from: first, to: after })).toHaveLength(2);
    expect(await affectedBy({ ...byKey(), from: after })).toEqual([]);
    expect(await affectedBy({ ...byKey(), to: first })).toEqual([]);
    expect(await affectedBy({ ...byKey(), from: last })).toHaveLength(1);
  });

  it('names each entry with a proof that holds for anybody who has the ledger’s public key', async () => {
    const entries = items(await ask(`${await incident(byKey())}/entries`));
    expect(entries).toHaveLength(3);
    const folder = sceau.settings.ledger.stateDirectory;
    const verifier = (await readFile(join(folder, 'checkpoint-key.vkey'), 'utf8')).trim();
    for (const { entry, proof, subjects, holds } of entries) {
      const bytes = Buffer.from(String(entry), 'base64');
      const parsed = parseProof(String(proof));
      if (parsed === undefined) throw new Error('There is no proof.');
      const { index, hashes, checkpoint } = parsed;
      const signed = parseCheckpoint(openNote(checkpoint, verifier) ?? '');
      expect(verifyInclusion(hashes, leafHash(bytes), index, signed?.size ?? 0, signed?.root ?? bytes)).toBe(
        true,
      );
      const records = (Array.isArray(subjects) ? subjects : []).map((subject) =>
        leafHash(Buffer.from(String(record(subject)['record']), 'base64')),
      );
      const envelope = record(JSON.parse(bytes.toString('utf8')));
      expect(envelope).toMatchObject({
        key: stolen.key,
        subjectsRoot: rootOf(records).toString('base64url'),
      });
      expect(holds).toBe(true);
    }
  });

  it('says of an entry that was changed in the database that its proof does not hold', async () => {
    const question = { ...byKey(), client: theft.agency.clientId };
    const id = await incident(question);
    const [changed] = await sceau.database.query<{ leaf: string; record: Buffer }>(
      `SELECT r.leaf_index::text AS leaf, r.record FROM audit.subject_record r JOIN audit.entry e USING (leaf_index)
       WHERE e.key = $1 AND e.outcome = 'allowed' AND e.action = 'application.disclosed' ORDER BY r.leaf_index DESC LIMIT 1`,
      [stolen.key],
    );
    const write = (bytes: Buffer | undefined) =>
      sceau.database.query('UPDATE audit.subject_record SET record = $2 WHERE leaf_index = $1', [
        changed?.leaf,
        bytes,
      ]);
    const forged = Buffer.from(String(changed?.record).replace('familyName', 'motivation'));
    await write(forged);
    const holds = items(await ask(`${id}/entries`)).map((entry) => entry['holds']);
    await write(changed?.record);
    expect(holds).toEqual([false, true, true]);
  });

  it('pages through those affected and through the entries', async () => {
    const id = await incident(byKey());
    for (const [list, count] of [
      ['affected', 2],
      ['entries', 3],
    ] as const) {
      const whole = items(await ask(`${id}/${list}`));
      const paged: unknown[] = [];
      let cursor: unknown = '';
      while (typeof cursor === 'string') {
        const page = record(await ask(`${id}/${list}?limit=1${cursor === '' ? '' : `&cursor=${cursor}`}`));
        paged.push(...items(page));
        cursor = page['nextCursor'];
      }
      expect(paged).toHaveLength(count);
      expect(paged.map(idOf)).toEqual(whole.map(idOf));
    }
  });

  it('is closed once, with a conclusion, and what comes after is none of it', async () => {
    const { agency, applicants } = theft;
    const id = await openIncident(operator, { client: agency.clientId });
    const close = (conclusion: string) =>
      operator.request(`/v1/operator/incidents/${id}/close`, {
        body: { conclusion, leaveUntold: true },
      });
    const before = record(await ask(`${id}/impact`))['entries'];
    for (const text of ['  ', 'Clé\u2028remplacée.']) expect((await close(text)).status).toBe(422);
    expect((await close('Clé remplacée.')).status).toBe(204);
    expect((await close('Encore.')).status).toBe(409);
    expect(await readApplication(agency.client, applicants[0])).toBe(200);
    expect(record(await ask(`${id}/impact`))['entries']).toBe(before);
    expect(record(await ask(id))).toMatchObject({ status: 'closed', conclusion: 'Clé remplacée.' });
  });

  it('that was planted, altered or put back counts for nothing, and that is alerted', async () => {
    const [id, other] = [await openIncident(operator, byKey()), await openIncident(operator, byKey())];
    const before = await copyRow(sceau.database, 'incidents.incident', id);
    const planted = `${id.slice(0, -4)}beef`;
    await plant(sceau.database, 'incidents.incident', { ...before, id: planted });
    await sceau.database.query(
      `UPDATE incidents.incident SET details = (SELECT details FROM incidents.incident WHERE id = $2) WHERE id = $1`,
      [other, id],
    );
    await operator.request(`/v1/operator/incidents/${id}/close`, {
      body: { conclusion: 'Fausse alerte.', leaveUntold: true },
    });
    await putBack(sceau.database, 'incidents.incident', before);
    for (const [refused, reason] of [
      [planted, 'forged'],
      [other, 'forged'],
      [id, 'superseded'],
    ] as const) {
      for (const below of ['', '/impact', '/affected', '/entries'])
        expect((await operator.request(`/v1/operator/incidents/${refused}${below}`)).status).toBe(409);
      expect((await refusalsOf(sceau.database, refused))[0]).toBe(`refused: ${reason}`);
    }
    const list = items((await operator.request('/v1/operator/incidents?limit=100')).body);
    const shown = list.filter((one) => [planted, other, id].includes(String(one['id'])));
    expect(shown.map(({ status, title }) => [status, title])).toEqual(
      [planted, other, id].map(() => ['refused', null]),
    );
    await sceau.database.query('DELETE FROM incidents.notice WHERE incident_id = $1', [id]);
    await sceau.database.query('DELETE FROM incidents.incident WHERE id = ANY ($1)', [[planted, other, id]]);
  });

  it('is refused without a criterion, with a wrong one, and before it was noticed', async () => {
    const open = (body: object) =>
      operator.request('/v1/operator/incidents', { body: { title: 'Essai', ...body } });
    for (const body of [
      {},
      { client: 'x' },
      { actor: 'demo', title: 'Fuite\n- Gravité : négligeable' },
      { origin: 'exemple.fr' },
      { actor: 'demo', noticedAt: '2999-01-01T00:00:00Z' },
      { actor: 'demo', from: '2026-11-30T08:00:00Z', to: '2026-11-29T08:00:00Z' },
      { actor: 'demo', from: '2999-01-01T00:00:00Z' },
    ])
      expect((await open(body)).status).toBe(422);
    // Ids of another kind: they would affect nobody.
    const { clientId, agencyId } = theft.agency;
    const { status, body } = await open({ client: agencyId, agency: clientId, session: clientId });
    const wrong = record(body)['errors'];
    expect([status, Array.isArray(wrong) ? wrong.map((one) => record(one)['pointer']) : wrong]).toEqual([
      422,
      ['/client', '/agency', '/session'],
    ]);
  });

  it('is an operator’s, at the command line as well', async () => {
    const anybody = theft.applicants[0].client;
    expect((await anybody.request('/v1/operator/incidents')).status).toBe(403);
    const run = (words: readonly string[]): Promise<Outcome> => runCommand(sceau, words);
    const opened = await run(['incident', 'open', '--title', 'Une clé a fui', '--key', stolen.key]);
    const id = UUID.exec(opened.out)?.[0] ?? '';
    expect(opened.out).toContain('2 candidate(s) affected, of whom 0 erased since');
    expect((await run(['incident', 'list'])).out).toContain(`${id}  open`);
    expect((await run(['incident', 'show', id])).out).toContain(stolen.key);
    const impact = (await run(['incident', 'impact', id, '--list'])).out;
    for (const pseudonym of await pseudonyms(...theft.applicants.slice(1)))
      expect(impact).toContain(pseudonym);
    expect(impact).not.toContain(theft.applicants[1].id);
    const close = ['incident', 'close', id, '--conclusion', 'Clé remplacée.'];
    const refused = await run(close);
    expect([refused.code, refused.complaint]).toEqual([1, expect.stringContaining('2 of those affected')]);
    expect((await run([...close, '--leave-untold'])).code).toBe(0);
    expect((await run(close)).complaint).toContain('closed');
    expect((await run(['incident', 'show', 'x'])).code).toBe(1);
  });

  it('goes on counting those who are erased', async () => {
    const [, , enora] = theft.applicants;
    const erasures = sceau.app.get(CandidateErasures, { strict: false });
    const pseudonym = await pseudonymOf(sceau, enora);
    await erasures.erase(systemContext(), enora.id, enora.id);
    const id = await incident(byKey());
    expect(record(await ask(`${id}/impact`))).toMatchObject({ candidates: 2, erased: 1 });
    const found = items(await ask(`${id}/affected`)).find((one) => one['pseudonym'] === pseudonym);
    expect(found).toMatchObject({ erased: true, fields: ['familyName'] });
  });
});

const idOf = (one: unknown): unknown => record(one)['pseudonym'] ?? record(one)['id'];
