import { newId } from '../../../src/kernel/ids.js';
import { record } from '../../support/actors.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { recordedAbout } from '../disclosure/recorded.js';
import { itemsOf, Recruitment, stateOf } from './fixture.js';

const PATH = '/v1/agency/applications/disclosures';

describe('reading many applications at once', () => {
  let sceau: Sceau;
  let recruitment: Recruitment;
  let submitted: string;
  let reviewed: string;
  let draft: string;
  let foreign: string;

  beforeAll(async () => {
    sceau = await startSceau();
    recruitment = await Recruitment.begin(sceau);
    const vacancy = await recruitment.publish();
    submitted = await recruitment.reach('submitted', vacancy);
    const another = await recruitment.withAnother(sceau);
    reviewed = await another.reach('under_review', vacancy);
    const third = await recruitment.withAnother(sceau);
    draft = String(record((await third.begin(vacancy)).body)['id']);
    foreign = await (await Recruitment.begin(sceau)).reach('submitted');
  });

  afterAll(() => sceau.stop());

  const read = (ids: readonly string[], more: object = {}) =>
    recruitment.agency.client.request(PATH, { body: { ids, purpose: 'review', ...more } });
  const entries = () =>
    sceau.database.query<{ count: number; purpose: string }>(
      `SELECT count, purpose FROM audit.entry
       WHERE agency_id = $1 AND action = 'application.disclosed' ORDER BY leaf_index`,
      [recruitment.agency.agencyId],
    );
  const candidatesOf = async (ids: readonly string[]): Promise<string[]> => {
    const rows = await sceau.database.query<{ candidate: string }>(
      'SELECT candidate_id AS candidate FROM applications.application WHERE id = ANY($1)',
      [ids],
    );
    return rows.map(({ candidate }) => candidate);
  };

  it('answers for each in the order asked, alike for what is another’s, a draft and nobody’s', async () => {
    const unknown = Array.from({ length: 46 }, () => newId(Date.now()));
    const ids = [foreign, reviewed, draft, submitted, ...unknown];
    const answer = await read(ids, { fields: ['motivation'] });
    expect(answer.status).toBe(200);
    const items = itemsOf(answer);
    expect(items.map(({ id }) => id)).toEqual(ids);
    const [, two, , four] = items;
    for (const item of [two, four])
      expect(record(item?.['application'])['fields']).toEqual({ motivation: 'Préserver les fonds.' });
    const others = items.filter((_, index) => index !== 1 && index !== 3);
    expect(others).toEqual(others.map(({ id }) => ({ id, refusal: 'not_found' })));
  });

  it('is one entry for all that it shows, under which each of them is found', async () => {
    const [candidate = ''] = await candidatesOf([submitted]);
    await recordedAbout(sceau.database, candidate);
    const before = (await entries()).length;
    expect(itemsOf(await read([submitted, reviewed]))).toHaveLength(2);
    await recordedAbout(sceau.database, candidate);
    const [entry, ...more] = (await entries()).slice(before);
    expect(more).toEqual([]);
    expect(entry).toMatchObject({ count: 2, purpose: 'review' });
    for (const one of await candidatesOf([submitted, reviewed])) {
      const [newest] = (await recordedAbout(sceau.database, one)).toReversed();
      expect(newest).toMatchObject({ action: 'application.disclosed', outcome: 'allowed' });
    }
  });

  it.each([
    ['more than fifty', { ids: Array.from({ length: 51 }, () => newId(Date.now())) }],
    ['none', { ids: [] }],
    ['what is no id', { ids: ['42'] }],
    ['no purpose', { purpose: undefined }],
    ['another purpose', { purpose: 'curiosity' }],
    ['a field that nobody has', { fields: ['passwordHash'] }],
  ])('refuses %s, and shows nothing', async (_, wish) => {
    const [candidate = ''] = await candidatesOf([submitted]);
    await recordedAbout(sceau.database, candidate);
    const before = (await entries()).length;
    expect(stateOf(await read([submitted], wish))).toBe('422 invalid_request');
    await recordedAbout(sceau.database, candidate);
    expect(await entries()).toHaveLength(before);
  });
});
