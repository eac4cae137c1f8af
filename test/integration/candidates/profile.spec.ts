import { type CandidateActor, record, signUpCandidate } from '../../support/actors.js';
import { signInStaff } from '../../support/staff.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { recordedAbout } from '../disclosure/recorded.js';

const PROFILE = {
  identity: {
    givenName: 'Maëlle-Énora',
    familyName: 'Quéméneur',
    birthDate: '1994-07-14',
    birthPlace: 'Landerneau',
    nationality: 'FR',
  },
  contact: { email: 'maelle.quemeneur@example.fr', telephone: '+33612345678' },
  address: {
    lines: ['12 bis quai de la Douane', 'Bâtiment C'],
    postalCode: '29200',
    city: 'Brest',
    country: 'FR',
  },
  preferences: {
    departments: ['29', '2A', '971'],
    categories: ['A'],
    contracts: ['fixed_term'],
    remote: ['partial'],
  },
  accommodations: 'Poste accessible en fauteuil roulant.',
};

const tagged = (revision: number): unknown => expect.stringMatching(new RegExp(`^"r${revision}-fr-`));

describe("a candidate's profile", () => {
  let sceau: Sceau;
  let candidate: CandidateActor;

  beforeAll(async () => {
    sceau = await startSceau();
    candidate = await signUpCandidate(sceau);
  }, 60_000);

  afterAll(() => sceau.stop());

  beforeEach(() => sceau.database.query('DELETE FROM candidates.profile'));

  const get = (headers: Record<string, string> = {}) =>
    candidate.client.request('/v1/me/profile', { headers });
  const send = (method: 'PUT' | 'PATCH', body: unknown, headers: Record<string, string>) =>
    candidate.client.request('/v1/me/profile', { method, body, headers });
  const put = (body: unknown, tag: string) => send('PUT', body, { 'if-match': tag });
  const patch = (body: unknown, tag: string) =>
    send('PATCH', body, { 'if-match': tag, 'content-type': 'application/merge-patch+json' });
  const missing = (body: unknown): unknown[] => {
    const list = record(record(body)['completeness'])['missing'];
    return Array.isArray(list)
      ? list.flatMap((gap) => (record(gap)['neededFor'] === 'application' ? [record(gap)['pointer']] : []))
      : [];
  };

  async function candidateId(): Promise<string> {
    const rows = await sceau.database.query<{ id: string }>(
      'SELECT id::text FROM identity.account ORDER BY created_at LIMIT 1',
    );
    return String(rows[0]?.id);
  }

  it('is empty at first, and its ETag lets the first PUT create it', async () => {
    const empty = await get();
    expect([empty.status, empty.headers.get('etag')]).toEqual([200, tagged(0)]);
    expect(empty.body).toMatchObject({ identity: null, contact: null, updatedAt: null, unreadable: [] });
    expect(missing(empty.body)).toEqual([
      '/identity/givenName',
      '/identity/familyName',
      '/contact',
      '/education',
    ]);

    const written = await put(PROFILE, '"r0"');
    expect([written.status, written.headers.get('etag')]).toEqual([200, tagged(1)]);
    const read = await get();
    expect(read.body).toMatchObject(PROFILE);
    expect(read.body).toEqual(written.body);
    expect(missing(read.body)).toEqual(['/education']);
    expect(read.body).toMatchObject({
      completeness: {
        percent: 79,
        sections: { identity: 'complete', address: 'complete', preferences: 'partial', languages: 'empty' },
      },
    });
    const kept = { 'if-none-match': String(read.headers.get('etag')) };
    expect((await get(kept)).status).toBe(304);
    expect((await get({ ...kept, 'accept-language': 'en' })).status).toBe(200);
    await candidate.client.request('/v1/me/profile/languages', { body: { language: 'br', level: 'B2' } });
    expect((await get(kept)).body).toMatchObject({ completeness: { sections: { languages: 'complete' } } });
  });

  it('is replaced as a whole by PUT', async () => {
    await put(PROFILE, '"r0"');
    const { contact } = PROFILE;
    const replaced = await put({ contact, identity: null, address: { city: null } }, '"r1"');
    expect(replaced.headers.get('etag')).toEqual(tagged(2));
    expect((await get()).body).toMatchObject({
      identity: null,
      contact,
      address: null,
      preferences: null,
      accommodations: null,
    });
  });

  it.each(['application/merge-patch+json', 'application/json'])(
    'is merged with a PATCH of type %s',
    async (type) => {
      await put(PROFILE, '"r0"');
      const change = {
        identity: { birthPlace: null, givenName: 'Maëlle' },
        address: { lines: ['3 rue du Port'] },
        accommodations: null,
      };
      const patched = await send('PATCH', change, { 'if-match': '"r1"', 'content-type': type });
      const { birthPlace: _, ...identity } = PROFILE.identity;
      const expected = {
        identity: { ...identity, givenName: 'Maëlle' },
        contact: PROFILE.contact,
        address: { ...PROFILE.address, lines: ['3 rue du Port'] },
        preferences: PROFILE.preferences,
        accommodations: null,
      };
      expect([patched.status, patched.headers.get('etag')]).toEqual([200, tagged(2)]);
      expect(patched.body).toMatchObject(expected);
      const read = record((await get()).body);
      expect(read).toMatchObject(expected);
      expect(read['identity']).not.toHaveProperty('birthPlace');
    },
  );

  it('can be begun with a PATCH', async () => {
    const begun = await patch({ identity: { givenName: 'Camille' } }, '"r0"');
    expect([begun.status, begun.headers.get('etag')]).toEqual([200, tagged(1)]);
    expect((await get()).body).toMatchObject({ identity: { givenName: 'Camille' }, contact: null });
  });

  it('stays as it is under a PATCH that changes nothing', async () => {
    await put(PROFILE, '"r0"');
    expect((await patch({}, String((await get()).headers.get('etag')))).headers.get('etag')).toEqual(
      tagged(1),
    );
  });

  it.each([
    [undefined, 428, 'precondition_required'],
    ['"r0"', 412, 'precondition_failed'],
    ['"r2"', 412, 'precondition_failed'],
    ['W/"r1"', 412, 'precondition_failed'],
    ['nonsense', 412, 'precondition_failed'],
  ])('refuses changes with If-Match %s', async (tag, status, code) => {
    await put(PROFILE, '"r0"');
    const headers: Record<string, string> = tag === undefined ? {} : { 'if-match': tag };
    for (const method of ['PUT', 'PATCH'] as const) {
      const refused = await send(method, { contact: { email: 'autre@example.fr' } }, headers);
      expect([refused.status, record(refused.body)['code']]).toEqual([status, code]);
    }
    const read = await get();
    expect(read.body).toMatchObject(PROFILE);
    expect(read.headers.get('etag')).toEqual(tagged(1));
  });

  it('lets one of several simultaneous changes win', async () => {
    await put(PROFILE, '"r0"');
    const names = ['Anne', 'Bleuenn', 'Chloé', 'Denez', 'Erwan', 'Fañch'];
    const results = await Promise.all(names.map((givenName) => patch({ identity: { givenName } }, '"r1"')));
    const statuses = results.map(({ status }) => status).toSorted((a, b) => a - b);
    expect(statuses).toEqual([200, 412, 412, 412, 412, 412]);
    const winner = names[results.findIndex(({ status }) => status === 200)];
    const read = await get();
    expect(read.headers.get('etag')).toEqual(tagged(2));
    expect(read.body).toMatchObject({ identity: { givenName: winner } });
  });

  it.each([
    [{ address: { postalCode: '2920', country: 'FR' } }, 422, '/address/postalCode'],
    [{ identity: { birthDate: '2021-02-29' } }, 422, '/identity/birthDate'],
    [{ identity: { nationality: 'XX' } }, 422, '/identity/nationality'],
    [{ identity: { givenName: '   ' } }, 422, '/identity/givenName'],
    [{ identity: { givenName: '---' } }, 422, '/identity/givenName'],
    [{ identity: { givenName: 'Camille\nMartin' } }, 422, '/identity/givenName'],
    [{ identity: { familyName: 'Martin\u202Egro' } }, 422, '/identity/familyName'],
    [{ identity: { birthDate: '2020-01-01' } }, 422, '/identity/birthDate'],
    [{ identity: 'Camille' }, 422, '/identity'],
    [{ contact: { telephone: '06 12 34 56' } }, 422, '/contact/telephone'],
    [{ contact: { email: 'nobody' } }, 422, '/contact/email'],
    [{ preferences: { departments: ['29', '20'] } }, 422, '/preferences/departments/1'],
    [{ preferences: { regions: ['53', '83'] } }, 422, '/preferences/regions/1'],
    [{ preferences: { occupations: ['archiviste', ' '] } }, 422, '/preferences/occupations/1'],
    [{ preferences: { departments: ['29', '29'] } }, 422, '/preferences/departments'],
    [{ preferences: { categories: ['D'] } }, 422, '/preferences/categories/0'],
    [{ preferences: { workingLanguages: ['fr', 'xx'] } }, 422, '/preferences/workingLanguages/1'],
    [{ accommodations: 'x'.repeat(5_001) }, 422, '/accommodations'],
    [{ address: { lines: [] } }, 422, '/address/lines'],
    [{ identity: { maidenName: 'Martin' } }, 400, '/identity/maidenName'],
    [{ nickname: 'x' }, 400, '/nickname'],
  ])('refuses %j and changes nothing', async (change, status, pointer) => {
    for (const answer of [await put(change, '"r0"'), await patch(change, '"r0"')]) {
      const problem = record(answer.body);
      expect([answer.status, answer.headers.get('content-type')]).toEqual([
        status,
        expect.stringContaining('application/problem+json'),
      ]);
      expect(problem['errors']).toEqual(expect.arrayContaining([expect.objectContaining({ pointer })]));
    }
    expect((await get()).headers.get('etag')).toEqual(tagged(0));
  });

  it('keeps one form of what can be written in several', async () => {
    const written = await put(
      {
        identity: { givenName: ' Mae\u0308lle  Énora ', familyName: 'کوروش‌زاده' },
        contact: { telephone: '0692 12 34 56' },
        address: { country: 'FR', postalCode: ' 97400' },
        preferences: { workingLanguages: ['PT-br'], occupations: ['archiviste '] },
      },
      '"r0"',
    );
    expect(written.body).toMatchObject({
      identity: { givenName: 'Maëlle Énora', familyName: 'کوروش‌زاده' },
      contact: { telephone: '+262692123456' },
      address: { postalCode: '97400' },
      preferences: { workingLanguages: ['pt-BR'], occupations: ['archiviste'] },
    });
  });

  it('says how long is too long, and which entry of a list is wrong', async () => {
    const change = { identity: { givenName: 'x'.repeat(101) }, preferences: { categories: ['A', 'D', 'E'] } };
    const answer = await send('PUT', change, { 'if-match': '"r0"', 'accept-language': 'en' });
    expect(record(answer.body)['errors']).toEqual([
      {
        pointer: '/identity/givenName',
        code: 'too_long',
        detail: 'This member is too long: 100 characters at most.',
      },
      { pointer: '/preferences/categories/1', code: 'not_allowed', detail: expect.any(String) },
      { pointer: '/preferences/categories/2', code: 'not_allowed', detail: expect.any(String) },
    ]);
  });

  it('judges a PATCH by what it makes of the whole', async () => {
    await put({ address: { postalCode: 'SW1A 1AA', country: 'GB' } }, '"r0"');
    expect((await patch({ address: { country: 'FR' } }, '"r1"')).status).toBe(422);
    expect((await patch({ address: { country: 'FR', postalCode: '75007' } }, '"r1"')).status).toBe(200);
  });

  it('says in the language of the request what is missing', async () => {
    const details = async (language: string) => {
      const body = record((await get({ 'accept-language': language })).body);
      const list = record(body['completeness'])['missing'];
      return Array.isArray(list) ? record(list[0])['detail'] : undefined;
    };
    expect(await details('fr')).toBe('Indiquez votre prénom.');
    expect(await details('en')).toBe('Give your first name.');
  });

  it('lies in the database sealed, section by section', async () => {
    await put(PROFILE, '"r0"');
    const [row] = await sceau.database.query<Record<string, unknown>>(
      'SELECT * FROM candidates.profile WHERE candidate_id = $1',
      [await candidateId()],
    );
    const sealed = ['identity', 'contact', 'address', 'preferences', 'accommodations'].map(
      (name) => row?.[name],
    );
    for (const value of sealed) {
      expect(Buffer.isBuffer(value) && value.readUInt16BE(0)).toBe(0xc501);
    }
    expect(JSON.stringify(row)).not.toMatch(/Quéméneur|Brest|fauteuil/);
  });

  it('has every reading and every change on record, and no refused change', async () => {
    const id = await candidateId();
    const before = (await recordedAbout(sceau.database, id)).length;
    await put(PROFILE, '"r0"');
    await put(PROFILE, '"r0"');
    await patch({ contact: { telephone: null } }, '"r1"');
    await get();
    const entries = (await recordedAbout(sceau.database, id)).slice(before);
    const sections = ['identity', 'contact', 'address', 'preferences', 'accommodations'];
    expect(entries).toMatchObject([
      { action: 'candidate.profile_changed', outcome: 'allowed', resource: id, fields: sections },
      { action: 'candidate.profile_read', purpose: 'own_data', resource: id, fields: sections },
      { action: 'candidate.profile_changed', outcome: 'allowed', resource: id, fields: ['contact'] },
      { action: 'candidate.profile_read', purpose: 'own_data', resource: id, fields: sections },
    ]);
  });

  it('is for candidates alone', async () => {
    const auditor = await signInStaff(sceau, 'auditor');
    for (const path of ['/v1/me/profile', '/v1/me/profile/education', '/v1/me/access-history']) {
      const refused = await auditor.request(path);
      expect([refused.status, record(refused.body)['code']]).toEqual([403, 'forbidden_role']);
    }
  });
});
