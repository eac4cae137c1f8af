import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { parseId, type SubjectId } from '../../../src/kernel/ids.js';
import { IdempotencyStore } from '../../../src/platform/http/idempotency/idempotency.store.js';
import { MasterRotation, SubjectRotation } from '../../../src/sealing/index.js';
import type { Exchange } from '../../../tools/client/exchange.ts';
import type { PersonClient } from '../../../tools/client/person.ts';
import { freePort } from '../../../tools/free-port.ts';
import { type AgencyActor, createAgency, record, systemContext } from '../../support/actors.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { signInStaff } from '../../support/staff.js';
import { newAssertionKey } from '../agencies/agency-program.js';
import { type Applicant, applyTo, publishVacancy } from '../sealing/applicants.js';
import { holding, waitsForALock } from '../sealing/rotation-fixture.js';

/** Dies while the API keeps an answer. */
const KEEPING = ['api-process.mjs', 'INSERT INTO platform.idempotency'];
const SUPPORT = join(import.meta.dirname, '../../support');
const EDUCATION = { institution: 'Lycée', degree: 'Baccalauréat', from: '2009-09', to: '2012-06' };
const PATH = '/v1/me/profile/education';

interface Child {
  readonly url: string;
  readonly process: ChildProcess;
}

describe('an Idempotency-Key', () => {
  let sceau: Sceau;
  let agency: AgencyActor;
  let applicant: Applicant;
  let other: Applicant;
  let operator: PersonClient;
  const children: ChildProcess[] = [];

  beforeAll(async () => {
    sceau = await startSceau();
    agency = await createAgency(sceau);
    const vacancy = await publishVacancy(agency, sceau.clock.now());
    applicant = await applyTo(sceau, vacancy, 'Nolwenn');
    other = await applyTo(sceau, vacancy, 'Malo');
    operator = await signInStaff(sceau, 'operator');
  }, 60_000);

  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL');
    await sceau.stop();
  });

  async function start(script: string, ...words: string[]): Promise<Child> {
    const port = await freePort();
    const settings = { ...sceau.settings, http: { ...sceau.settings.http, port } };
    const child = fork(join(SUPPORT, script), [JSON.stringify(settings), ...words], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      execArgv: [],
    });
    children.push(child);
    await once(child, 'message');
    return { url: `http://127.0.0.1:${port}`, process: child };
  }

  const add = (client: PersonClient, key: string, degree = 'Baccalauréat'): Promise<Exchange> =>
    client.request(PATH, { body: { ...EDUCATION, degree }, headers: { 'idempotency-key': key } });
  const isReplay = ({ headers }: Exchange): boolean => headers.get('idempotency-replayed') === 'true';
  const codeOf = ({ body }: Exchange): unknown => record(body)['code'];
  /** Everything of an answer that means something to its receiver. */
  const essence = ({ status, headers, body }: Exchange): unknown => ({
    status,
    body,
    ...Object.fromEntries(['etag', 'location', 'content-type'].map((name) => [name, headers.get(name)])),
  });
  async function entriesOf({ id }: Applicant): Promise<number> {
    const rows = await sceau.database.query('SELECT FROM candidates.education WHERE candidate_id = $1', [id]);
    return rows.length;
  }

  /** A draft, complete, that has not been sent in. */
  async function newDraft({ client }: Applicant): Promise<{ path: string; tag: string; id: string }> {
    const vacancyId = await publishVacancy(agency, sceau.clock.now());
    const created = record((await client.request('/v1/me/applications', { body: { vacancyId } })).body);
    const id = String(created['id']);
    const path = `/v1/me/applications/${id}`;
    const body = { motivation: 'Servir le public.' };
    const written = await client.request(path, { method: 'PATCH', body, headers: { 'if-match': '"r1"' } });
    return { path, id, tag: written.headers.get('etag') ?? '' };
  }

  async function eventsOf(application: string): Promise<string[]> {
    const rows = await sceau.database.query<{ to: string }>(
      'SELECT to_status AS to FROM applications.event WHERE application_id = $1 ORDER BY at',
      [application],
    );
    return rows.map(({ to }) => to);
  }

  it('gives the first answer again, whatever has happened since and whichever process is asked', async () => {
    const draft = await newDraft(applicant);
    const submit = (client: PersonClient) =>
      client.request(`${draft.path}/submit`, {
        method: 'POST',
        headers: { 'if-match': draft.tag, 'idempotency-key': key },
      });
    const key = randomUUID();
    const first = await submit(applicant.client);
    expect([first.status, isReplay(first)]).toEqual([200, false]);
    const { headers } = await applicant.client.request(draft.path);
    await applicant.client.request(`${draft.path}/withdraw`, {
      method: 'POST',
      headers: { 'if-match': headers.get('etag') ?? '' },
    });
    const again = await submit(applicant.client);
    expect([isReplay(again), essence(again)]).toEqual([true, essence(first)]);
    expect(await eventsOf(draft.id)).toEqual(['submitted', 'withdrawn']);
    const otherwise = await applicant.client.request(`${draft.path}/submit`, {
      method: 'POST',
      headers: { 'if-match': '"r4"', 'idempotency-key': key },
    });
    expect([otherwise.status, codeOf(otherwise)]).toEqual([422, 'idempotency_key_reused']);
  });

  it('belongs to whoever sends it', async () => {
    const key = randomUUID();
    const before = [await entriesOf(applicant), await entriesOf(other)];
    const answers = [await add(applicant.client, key), await add(other.client, key, 'Licence')];
    expect(answers.map((answer) => [answer.status, isReplay(answer)])).toEqual([
      [201, false],
      [201, false],
    ]);
    expect([await entriesOf(applicant), await entriesOf(other)]).toEqual(before.map((count) => count + 1));
    const elsewhere = await createAgency(sceau, 'Ville de Brest');
    const name = {
      title: 'Archiviste',
      description: 'Classer.',
      department: '29',
      category: 'A',
      contract: 'fixed_term',
      remote: 'none',
      deadline: '2099-01-01T00:00:00Z',
      openings: 1,
    };
    const wish = { body: name, headers: { 'idempotency-key': key } };
    const first = await agency.client.request('/v1/agency/vacancies', wish);
    const theirs = await elsewhere.client.request('/v1/agency/vacancies', wish);
    expect([first.status, theirs.status, isReplay(theirs)]).toEqual([201, 201, false]);
    expect(record(theirs.body)['id']).not.toBe(record(first.body)['id']);
  });

  it('outlives the rotation of the keys that its answer is sealed under', async () => {
    const key = randomUUID();
    const first = await add(applicant.client, key);
    const subject = parseId<SubjectId>(applicant.id);
    if (subject === undefined) throw new Error('The candidate has no id.');
    await sceau.app.get(SubjectRotation, { strict: false }).rotate(systemContext(), subject);
    await sceau.app.get(MasterRotation, { strict: false }).rotate(systemContext());
    const again = await add(applicant.client, key);
    expect([isReplay(again), essence(again)]).toEqual([true, essence(first)]);
  });

  async function runOut(row: string | undefined): Promise<void> {
    await sceau.database.query('UPDATE platform.idempotency SET expires_at = $2 WHERE id = $1', [
      row,
      sceau.clock.now(),
    ]);
  }

  it('is good for a day, and then for another request; what was kept goes', async () => {
    const key = randomUUID();
    const kept = (): Promise<{ id: string; hours: number }[]> =>
      sceau.database.query(
        `SELECT id::text, extract(epoch FROM expires_at - $2) / 3600 AS hours
         FROM platform.idempotency WHERE actor = 'account:' || $1 ORDER BY id DESC LIMIT 1`,
        [applicant.id, sceau.clock.now()],
      );
    const first = await add(applicant.client, key);
    const [row] = await kept();
    expect(Number(row?.hours)).toBeCloseTo(24, 1);
    await runOut(row?.id);
    const next = await add(applicant.client, key, 'Licence');
    expect([next.status, isReplay(next), record(next.body)['id'] === record(first.body)['id']]).toEqual([
      201,
      false,
      false,
    ]);
    const again = await add(applicant.client, key, 'Licence');
    expect(isReplay(again)).toBe(true);
    const store = sceau.worker.get(IdempotencyStore, { strict: false });
    expect(await store.sweep()).toBe(0);
    const [renewed] = await kept();
    await runOut(renewed?.id);
    expect(await store.sweep()).toBe(1);
    expect(isReplay(await add(applicant.client, key, 'Licence'))).toBe(false);
  });

  it('lets one of two processes do it, while the other says when to ask again', async () => {
    const child = await start('api-process.mjs');
    const key = randomUUID();
    const before = await entriesOf(applicant);
    // Whoever adds to the list waits here.
    const letGo = await holding(
      sceau.database,
      'SELECT FROM candidates.profile WHERE candidate_id = $1 FOR UPDATE',
      [applicant.id],
    );
    const first = add(applicant.client.at(child.url), key);
    await waitsForALock(sceau.database);
    const meanwhile = await add(applicant.client, key);
    expect([meanwhile.status, codeOf(meanwhile), meanwhile.headers.get('retry-after')]).toEqual([
      409,
      'idempotency_in_progress',
      '1',
    ]);
    await letGo();
    const answered = await first;
    const again = await add(applicant.client, key);
    expect([isReplay(again), essence(again)]).toEqual([true, essence(answered)]);
    expect(await entriesOf(applicant)).toBe(before + 1);

    const both = [applicant.client, applicant.client.at(child.url)] as const;
    const shared = randomUUID();
    const race = await Promise.all(
      Array.from({ length: 10 }, (_, at) => add(both[at % 2 === 0 ? 0 : 1], shared)),
    );
    expect(race.filter((answer) => answer.status === 201 && !isReplay(answer))).toHaveLength(1);
    for (const answer of race) expect([201, 409]).toContain(answer.status);
    expect(await entriesOf(applicant)).toBe(before + 2);

    // The process at work dies: nobody waits for it.
    const left = randomUUID();
    const hold = await holding(
      sceau.database,
      'SELECT FROM candidates.profile WHERE candidate_id = $1 FOR UPDATE',
      [applicant.id],
    );
    const lost = add(applicant.client.at(child.url), left).catch(() => 'lost');
    await waitsForALock(sceau.database);
    const gone = once(child.process, 'exit');
    child.process.kill('SIGKILL');
    await gone;
    expect(await lost).toBe('lost');
    await hold();
    const retried = await untilFree(() => add(applicant.client, left));
    expect([retried.status, isReplay(retried)]).toEqual([201, false]);
    expect(await entriesOf(applicant)).toBe(before + 3);
  }, 30_000);

  /** As a client does: 409 `idempotency_in_progress` is asked again. */
  async function untilFree(ask: () => Promise<Exchange>): Promise<Exchange> {
    for (;;) {
      const answer = await ask();
      if (answer.status !== 409 || codeOf(answer) !== 'idempotency_in_progress') return answer;
    }
  }

  it.each([
    { step: 'kept', isThere: false },
    { step: 'committed', isThere: true },
  ])(
    'has one effect and one answer when its process is killed: $step',
    async ({ step, isThere }) => {
      const draft = await newDraft(applicant);
      const headers = { 'if-match': draft.tag, 'idempotency-key': randomUUID() };
      const submit = (client: PersonClient) =>
        client.request(`${draft.path}/submit`, { method: 'POST', headers });
      const child = await start('dying-process.mjs', ...KEEPING, step);
      const gone = once(child.process, 'exit');
      await expect(submit(applicant.client.at(child.url))).rejects.toThrow('fetch failed');
      expect((await gone)[1]).toBe('SIGKILL');

      const retried = await untilFree(() => submit(applicant.client));
      expect([retried.status, isReplay(retried)]).toEqual([200, isThere]);
      expect(record(retried.body)).toMatchObject({ id: draft.id, status: 'submitted', revision: 3 });
      expect(retried.headers.get('etag')).toBe('"r3"');
      const again = await submit(applicant.client);
      expect([isReplay(again), essence(again)]).toEqual([true, essence(retried)]);
      expect(await eventsOf(draft.id)).toEqual(['submitted']);
    },
    30_000,
  );

  it('leaves no client behind that counts, when its process is killed between two stores', async () => {
    const { publicKey } = await newAssertionKey('ES256');
    const body = { name: 'RH', jwks: { keys: [publicKey] }, scopes: ['vacancies:read'] };
    const path = `/v1/operator/agencies/${agency.agencyId}/clients`;
    const create = (client: PersonClient) =>
      client.request(path, { body, headers: { 'idempotency-key': key } });
    const key = randomUUID();
    const child = await start('dying-process.mjs', ...KEEPING, 'kept');
    await expect(create(operator.at(child.url))).rejects.toThrow('fetch failed');
    const created = await untilFree(() => create(operator));
    expect([created.status, isReplay(created)]).toEqual([201, false]);
    const again = await create(operator);
    expect([isReplay(again), essence(again)]).toEqual([true, essence(created)]);
    const list = record((await operator.request(path)).body)['items'];
    expect(list).toMatchObject([
      { id: agency.clientId, status: 'active' },
      { id: record(created.body)['id'], status: 'active' },
    ]);
  }, 30_000);
});
