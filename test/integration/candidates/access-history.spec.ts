import { type CandidateActor, record, signUpCandidate } from '../../support/actors.js';
import { type Sceau, startSceau } from '../../support/sceau.js';

describe('the access history', () => {
  let sceau: Sceau;
  let candidate: CandidateActor;

  beforeAll(async () => {
    sceau = await startSceau();
    candidate = await signUpCandidate(sceau);
    const other = await signUpCandidate(sceau);
    await other.client.request('/v1/me/profile');
    for (let time = 0; time < 5; time += 1) await candidate.client.request('/v1/me/profile');
    await candidate.client.request('/v1/me/profile', {
      method: 'PUT',
      body: { identity: { givenName: 'Camille' }, contact: { telephone: '+33612345678' } },
      headers: { 'if-match': '"r0"' },
    });
    await candidate.client.request('/v1/me/profile');
  }, 60_000);

  afterAll(() => sceau.stop());

  const history = (query = '', language = 'fr') =>
    candidate.client.request(`/v1/me/access-history${query}`, { headers: { 'accept-language': language } });
  const items = (body: unknown): Record<string, unknown>[] => {
    const list = record(body)['items'];
    return Array.isArray(list) ? list.map(record) : [];
  };
  /** Entries reach the history with the checkpoint that covers them. */
  async function until(holds: (entries: Record<string, unknown>[]) => boolean, language = 'fr') {
    for (;;) {
      const entries = items((await history('?limit=100', language)).body);
      if (holds(entries)) return entries;
    }
  }

  it("tells in whole sentences what happened to one's own data, and nothing of anybody else's", async () => {
    const changed = (entries: Record<string, unknown>[]) =>
      entries.filter(({ action }) => action === 'candidate.profile_changed');
    const reads = (entries: Record<string, unknown>[]) =>
      entries.filter(({ action }) => action === 'candidate.profile_read');
    const french = await until((entries) => changed(entries).length > 0 && reads(entries).length >= 6);
    expect(reads(french)).toHaveLength(6);
    expect(changed(french)).toHaveLength(1);
    expect(reads(french)[0]).toMatchObject({
      sentence: expect.stringMatching(
        /^Votre compte a lu votre état civil et vos coordonnées le \d{1,2}(er)?\u00A0/,
      ),
      outcome: 'allowed',
      purpose: 'own_data',
      actor: 'candidate',
      agencyName: null,
      applicationId: null,
      fields: ['identity', 'contact'],
    });
    const english = await until(() => true, 'en');
    expect(reads(english)[0]).toMatchObject({
      sentence: expect.stringMatching(/^Your account read your civil status and contact details on \d/),
    });
  }, 30_000);

  it('holds its own reading the next time', async () => {
    await history();
    const entries = await until((found) => found.some(({ action }) => action === 'access_history.read'));
    expect(entries.find(({ action }) => action === 'access_history.read')).toMatchObject({
      sentence: expect.stringMatching(/^Votre compte a consulté l’historique des accès à vos données le /),
    });
  }, 30_000);

  it('comes in pages, newest first, each entry once', async () => {
    await until((entries) => entries.length >= 8);
    const seen: Record<string, unknown>[] = [];
    let path: string | undefined = '?limit=3';
    while (path !== undefined) {
      const page = await history(path);
      expect(page.status).toBe(200);
      seen.push(...items(page.body));
      path = /access-history(\?[^>]+)>; rel="next"/.exec(page.headers.get('link') ?? '')?.[1];
    }
    const ids = seen.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThanOrEqual(8);
    const times = seen.map(({ at }) => String(at));
    expect(times.at(-1)).toBe(times.toSorted()[0]);
  }, 30_000);

  it('refuses a cursor that is not its own', async () => {
    const refused = await history('?cursor=WyIxIl0.AAAAAAAAAAAAAAAAAAAAAA');
    expect([refused.status, record(refused.body)['code']]).toEqual([400, 'invalid_cursor']);
  });
});
