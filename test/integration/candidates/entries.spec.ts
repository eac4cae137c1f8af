import { createHash, randomUUID } from 'node:crypto';
import { type CandidateActor, record, signUpCandidate } from '../../support/actors.js';
import { eventually } from '../../support/eventually.js';
import { type Sceau, startSceau } from '../../support/sceau.js';

const EDUCATION = {
  institution: 'Université de Bretagne occidentale',
  degree: 'Master archives et patrimoine',
  level: 'bac+5',
  from: '2012-09',
  to: '2017-06',
};
const EXPERIENCE = {
  employer: 'Bibliothèque de Landerneau',
  title: 'Bibliothécaire',
  from: '2018-01',
  to: null,
};
const LANGUAGE = { language: 'br', level: 'B2' };

const LISTS = [
  ['education', EDUCATION, { ...EDUCATION, degree: 'Doctorat' }, { ...EDUCATION, to: '2011' }],
  ['experience', EXPERIENCE, { ...EXPERIENCE, to: '2020-05' }, { ...EXPERIENCE, sector: 'pirate' }],
  ['languages', LANGUAGE, { ...LANGUAGE, level: 'C1' }, { ...LANGUAGE, language: 'xx' }],
] as const;

describe('the lists of a profile', () => {
  let sceau: Sceau;
  let candidate: CandidateActor;
  let other: CandidateActor;

  beforeAll(async () => {
    sceau = await startSceau();
    candidate = await signUpCandidate(sceau);
    other = await signUpCandidate(sceau);
  }, 60_000);

  afterAll(() => sceau.stop());

  beforeEach(() => sceau.database.query('DELETE FROM candidates.profile'));

  const add = async (list: string, body: unknown, headers: Record<string, string> = {}) => {
    const answer = await candidate.client.request(`/v1/me/profile/${list}`, { body, headers });
    return { ...answer, id: String(record(answer.body)['id']) };
  };
  const items = (body: unknown): Record<string, unknown>[] => {
    const list = record(body)['items'];
    return Array.isArray(list) ? list.map(record) : [];
  };
  /** A history shows what is in the tree; the sequencer takes a moment. */
  const everythingSequenced = async (): Promise<void> => {
    await eventually('a checkpoint over all that is staged', async () => {
      const [row] = await sceau.database.query<{ waits: boolean }>(
        `SELECT EXISTS (SELECT FROM audit.staging)
             OR (SELECT size FROM audit.tree_head) <> (SELECT size FROM audit.signed_head) AS waits`,
      );
      return row?.waits === false ? row : undefined;
    });
  };
  const without = (value: object, member: string): unknown =>
    Object.fromEntries(Object.entries(value).filter(([name, given]) => name !== member && given !== null));

  describe.each(LISTS)('%s', (list, given, changed, wrong) => {
    const path = `/v1/me/profile/${list}`;

    it('takes, gives back, changes and deletes an entry', async () => {
      const added = await add(list, given);
      expect([added.status, added.headers.get('etag')]).toEqual([201, '"r1"']);
      expect(added.headers.get('location')).toBe(`${path}/${added.id}`);
      const read = await candidate.client.request(`${path}/${added.id}`);
      expect(read.body).toEqual(added.body);
      expect(read.body).toMatchObject({ ...record(without(given, 'none')), revision: 1, unreadable: false });

      const put = (tag: string) =>
        candidate.client.request(`${path}/${added.id}`, {
          method: 'PUT',
          body: changed,
          headers: { 'if-match': tag },
        });
      const replaced = await put('"r1"');
      expect([replaced.status, replaced.headers.get('etag')]).toEqual([200, '"r2"']);
      expect([(await put('"r1"')).status, (await put('"r0"')).status]).toEqual([412, 412]);
      const listed = await candidate.client.request(path);
      expect(listed.body).toEqual({ items: [replaced.body], nextCursor: null });

      const remove = (headers: Record<string, string>) =>
        candidate.client.request(`${path}/${added.id}`, { method: 'DELETE', headers });
      expect((await remove({})).status).toBe(428);
      expect((await remove({ 'if-match': '"r1"' })).status).toBe(412);
      expect((await remove({ 'if-match': '"r2"' })).status).toBe(204);
      expect((await remove({ 'if-match': '"r2"' })).status).toBe(404);
      expect((await candidate.client.request(path)).body).toEqual({ items: [], nextCursor: null });
    });

    it('refuses a wrong entry and one that lacks something, and keeps neither', async () => {
      const required = Object.keys(given)[0] ?? '';
      for (const body of [wrong, without(given, required), {}]) {
        const refused = await add(list, body);
        expect([refused.status, record(refused.body)['code']]).toEqual([422, 'invalid_request']);
      }
      expect((await add(list, { ...given, rank: 1 })).status).toBe(400);
      expect(items((await candidate.client.request(path)).body)).toEqual([]);
    });

    it("is one person's: for anybody else an entry does not exist", async () => {
      const { id } = await add(list, given);
      const foreign = (method: string, body?: unknown) =>
        other.client.request(`${path}/${id}`, {
          method,
          ...(body === undefined ? {} : { body }),
          headers: { 'if-match': '"r1"' },
        });
      const unknown = await other.client.request(`${path}/${randomUUID()}`);
      for (const answer of [
        await foreign('GET'),
        await foreign('PUT', changed),
        await foreign('DELETE'),
        unknown,
      ]) {
        expect([answer.status, record(answer.body)['code']]).toEqual([404, 'not_found']);
      }
      expect(items((await other.client.request(path)).body)).toEqual([]);
      expect((await candidate.client.request(`${path}/${id}`)).body).toMatchObject({
        revision: 1,
        unreadable: false,
      });
    });
  });

  it('are ordered newest first, by dates that only the opened entries have', async () => {
    for (const [degree, from, to] of [
      ['Licence', '2009-09', '2012-06'],
      ['Doctorat', '2020-10', null],
      ['Baccalauréat', '2006', '2009'],
      ['Master', '2012-09', '2014-06'],
    ]) {
      await add('education', { ...EDUCATION, degree, from, to });
    }
    const listed = await candidate.client.request('/v1/me/profile/education');
    expect(items(listed.body).map(({ degree }) => degree)).toEqual([
      'Doctorat',
      'Master',
      'Licence',
      'Baccalauréat',
    ]);
  });

  it('come in pages, each entry once', async () => {
    const added: string[] = [];
    for (const level of ['A1', 'A2', 'B1', 'B2', 'C1'])
      added.unshift((await add('languages', { ...LANGUAGE, level })).id);
    const seen: unknown[] = [];
    let path: string | undefined = '/v1/me/profile/languages?limit=2';
    while (path !== undefined) {
      const page = await candidate.client.request(path);
      seen.push(...items(page.body).map(({ id }) => id));
      path = /^<([^>]+)>; rel="next"$/.exec(page.headers.get('link') ?? '')?.[1];
    }
    expect(seen).toEqual(added);
    const foreign = await candidate.client.request(
      '/v1/me/profile/education?cursor=WyJhIl0.AAAAAAAAAAAAAAAAAAAAAA',
    );
    expect([foreign.status, record(foreign.body)['code']]).toEqual([400, 'invalid_cursor']);
  });

  it('hold thirty entries, also when many come at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 33 }, () =>
        candidate.client.request('/v1/me/profile/languages', { body: LANGUAGE }),
      ),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(30);
    const refused = answers.find(({ status }) => status !== 201);
    expect([refused?.status, record(refused?.body)['code']]).toEqual([409, 'list_full']);
    const page = await candidate.client.request('/v1/me/profile/languages?limit=100');
    expect(items(page.body)).toHaveLength(30);
  });

  it('repeat the first answer for a repeated Idempotency-Key, and the repetition is on record', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const first = await add('education', EDUCATION, headers);
    const again = await add('education', EDUCATION, headers);
    expect([again.status, again.headers.get('etag'), again.headers.get('location')]).toEqual([
      201,
      '"r1"',
      first.headers.get('location'),
    ]);
    expect(again.body).toEqual(first.body);
    expect((await add('education', { ...EDUCATION, degree: 'Autre' }, headers)).status).toBe(422);
    expect(items((await candidate.client.request('/v1/me/profile/education')).body)).toHaveLength(1);
    const kept = await sceau.database.query<{ answer: Buffer }>('SELECT answer FROM platform.idempotency');
    expect(kept.map(({ answer }) => answer.readUInt16BE(0))).toContain(0xc501);
    expect(kept.some(({ answer }) => answer.includes('Bretagne'))).toBe(false);
    await everythingSequenced();
    const history = await candidate.client.request('/v1/me/access-history');
    expect(items(history.body).map(({ action }) => action)).toContain('answer.replayed');
  });

  it('leave no digest by which a guess about them could be confirmed', async () => {
    const key = randomUUID();
    expect((await add('languages', LANGUAGE, { 'idempotency-key': key })).status).toBe(201);
    const request = ['POST', '/v1/me/profile/languages', null, LANGUAGE];
    const guesses = [JSON.stringify(request), JSON.stringify(LANGUAGE), key];
    const digests = guesses.map((guess) => createHash('sha256').update(guess).digest('hex'));
    const kept = await sceau.database.query<{ key: string; request: string }>(
      `SELECT encode(key_digest, 'hex') AS key, encode(request_digest, 'hex') AS request FROM platform.idempotency`,
    );
    expect(kept.length).toBeGreaterThan(0);
    expect(kept.filter((row) => digests.includes(row.request) || digests.includes(row.key))).toEqual([]);
  });
});
