import { spyOn } from 'jest-mock';
import { type CandidateId, newId, parseId, type VacancyId } from '../../../src/kernel/ids.js';
import { DiversityTally } from '../../../src/modules/candidates/index.js';
import type { Exchange } from '../../../tools/client/exchange.ts';
import { DiversityCount, OfferDeadlines } from '../../../src/modules/applications/index.js';
import { KeptRecords } from '../../../src/modules/security-records/index.js';
import { ApplicationErasure } from '../../../src/modules/applications/personal-data/application-erasure.js';
import { Database } from '../../../src/platform/database/database.js';
import { record, systemContext } from '../../support/actors.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { pdf } from '../../support/documents/files.js';
import { form } from '../documents/fixture.js';
import { refusalsOf, type Row } from '../sealing/record-rows.js';
import { idOf, itemsOf, Recruitment, stateOf } from './fixture.js';
import { bytes, WrittenRows } from './written-rows.js';

const RECEIVED = '/v1/agency/applications';

/** Somebody who can write whatever they like to the database, and has an agency's live credential besides. */
describe('an application’s record', () => {
  let sceau: Sceau;
  /** Where people apply. */
  let theirs: Recruitment;
  let another: Recruitment;
  /** The agency whose credential the writer has. */
  let own: Recruitment;
  let ownVacancy: string;
  let rows: WrittenRows;

  beforeAll(async () => {
    sceau = await startSceau();
    rows = new WrittenRows(sceau.database);
    [theirs, own] = [await Recruitment.begin(sceau), await Recruitment.begin(sceau)];
    another = await theirs.withAnother(sceau);
    ownVacancy = await own.publish();
  }, 60_000);

  afterAll(() => sceau.stop());

  const refusals = (id: string) => refusalsOf(sceau.database, id);
  const listed = async ({ agency }: Recruitment, query = ''): Promise<unknown[]> =>
    itemsOf(await agency.client.request(`${RECEIVED}?limit=100${query}`)).map(({ id }) => id);
  /** Nothing of it is shown to an agency, by any way, and each attempt is told. */
  async function expectHidden(recruitment: Recruitment, id: string, purpose = 'review'): Promise<void> {
    expect(stateOf(await recruitment.disclose(id, purpose))).toBe('404 not_found');
    const bulk = await recruitment.agency.client.request(`${RECEIVED}/disclosures`, {
      body: { ids: [id], purpose },
    });
    expect(JSON.stringify(bulk.body)).toContain('not_found');
    expect(JSON.stringify(bulk.body)).not.toContain('Nolwenn');
    expect(stateOf(await recruitment.step(id, 'under_review'))).toBe('404 not_found');
    expect(await refusals(id)).toEqual(Array.from({ length: 3 }, () => 'refused: forged'));
    expect(await listed(recruitment)).not.toContain(id);
    expect(await listed(recruitment, '&order=changed')).not.toContain(id);
    expect(await refusals(id)).toHaveLength(5);
  }

  it('stands where nobody has touched it', async () => {
    const id = await theirs.reach('submitted');
    expect(disclosed(await theirs.disclose(id, 'review'))).toBe('200 Nolwenn');
    expect(await listed(theirs)).toContain(id);
    expect(stateOf(await own.disclose(id, 'review'))).toBe('404 not_found');
    expect(await refusals(id)).toEqual([]);
  });

  it('shows nothing to the agency that it was moved to, and counts again once it was put back', async () => {
    const id = await theirs.reach('submitted');
    const before = await rows.copy(id);
    await rows.alter(id, { agency_id: own.agency.agencyId, vacancy_id: ownVacancy });
    await expectHidden(own, id);
    expect(stateOf(await theirs.disclose(id, 'review'))).toBe('404 not_found');
    await rows.putBack(before);
    expect(disclosed(await theirs.disclose(id, 'review'))).toBe('200 Nolwenn');
  });

  it.each<[what: string, changes: Row, purpose: string]>([
    ['a later stage', { status: 'accepted' }, 'onboarding'],
    ['a vacancy that withholds no names', { anonymous_review: false }, 'review'],
    ['another candidate', { candidate_id: newId(1) }, 'review'],
    ['another vacancy', { vacancy_id: newId(1) }, 'review'],
    ['the sandbox', { mode: 'sandbox' }, 'review'],
    ['another deadline', { answer_by: new Date('2099-01-01T00:00:00Z') }, 'review'],
  ])('shows nothing to its own agency when it was given %s', async (_, changes, purpose) => {
    const id = await theirs.reach('submitted', await theirs.publish({ anonymousReview: true }));
    await rows.alter(id, changes);
    await expectHidden(theirs, id, purpose);
  });

  it('gives no document to an agency that it was moved to', async () => {
    const { client } = theirs.candidate;
    const document = idOf(await client.request('/v1/me/documents', { form: form(pdf('CV')) }));
    const draft = await theirs.begin(await theirs.publish());
    const id = idOf(await theirs.write(draft, { motivation: 'Servir.', documents: [document] }));
    await theirs.act(id, 'submit');
    const download = ({ agency }: Recruitment): Promise<Exchange> =>
      agency.client.request(`${RECEIVED}/${id}/documents/${document}`, { headers: { purpose: 'review' } });
    expect((await download(theirs)).status).toBe(200);
    await rows.alter(id, { agency_id: own.agency.agencyId, vacancy_id: await own.publish() });
    expect(stateOf(await download(own))).toBe('404 not_found');
    expect(await refusals(id)).toEqual(['refused: forged']);
  });

  it('does not count with the place and the MAC of another', async () => {
    const mine = await own.reach('submitted', ownVacancy);
    const id = await theirs.reach('submitted');
    const { agency_id, vacancy_id, candidate_id, record_revision, mac } = await rows.copy(mine);
    await rows.remove(mine);
    await rows.alter(id, { agency_id, vacancy_id, candidate_id, record_revision, mac: bytes(mac) });
    await expectHidden(own, id);
  });

  it('is not made by writing a row', async () => {
    const id = newId(Date.now());
    const row = await rows.copy(await theirs.reach('submitted'));
    await rows.plant({ ...row, id, agency_id: own.agency.agencyId, vacancy_id: ownVacancy });
    await expectHidden(own, id);
  });

  it('says whose it is, whatever the vacancy says', async () => {
    const vacancy = await theirs.publish();
    const id = await theirs.reach('submitted', vacancy);
    await rows.moveVacancy(vacancy, own.agency.agencyId);
    expect(stateOf(await own.disclose(id, 'review'))).toBe('404 not_found');
    expect(await listed(own, `&vacancy=${vacancy}`)).toEqual([]);
    expect(disclosed(await theirs.disclose(id, 'review'))).toBe('200 Nolwenn');
  });

  it.each<[how: string, end: (recruitment: Recruitment, id: string, vacancy: string) => Promise<Exchange>]>([
    ['withdrawn', (recruitment, id) => recruitment.act(id, 'withdraw')],
    ['rejected', (recruitment, id) => recruitment.step(id, 'rejected', { reason: 'other' })],
    ['archived', (recruitment, _, vacancy) => recruitment.toVacancy(vacancy, 'archive')],
  ])('stays ended when it was %s and is put back as it was', async (how, end) => {
    const vacancy = await theirs.publish();
    const id = await theirs.reach('submitted', vacancy);
    const before = await rows.copy(id);
    expect(stateOf(await end(theirs, id, vacancy))).toBe(`200 ${how}`);
    expect(stateOf(await theirs.disclose(id, 'review'))).toBe('403 disclosure_refused');
    await rows.putBack(before);
    expect(stateOf(await theirs.disclose(id, 'review'))).toBe('404 not_found');
    expect(stateOf(await theirs.step(id, 'under_review'))).toBe('404 not_found');
    expect(stateOf(await theirs.act(id, 'withdraw'))).toBe('404 not_found');
    expect(new Set(await refusals(id))).toEqual(new Set(['refused: superseded']));
  });

  it('is taken as a backup has brought it back when an operator says so, and ends for good once more', async () => {
    const records = sceau.app.get(KeptRecords, { strict: false });
    const readmit = async (): Promise<number | undefined> => {
      const kinds = await records.readmit(systemContext());
      return kinds.find(({ called }) => called === 'applications')?.count;
    };
    await readmit();
    const id = await theirs.reach('submitted');
    const before = await rows.copy(id);
    await theirs.act(id, 'withdraw');
    await rows.putBack(before);
    const forged = await another.reach('submitted');
    await rows.alter(forged, { status: 'accepted' });
    expect(await readmit()).toBe(1);
    expect(await readmit()).toBe(0);
    expect(disclosed(await theirs.disclose(id, 'review'))).toBe('200 Nolwenn');
    expect(stateOf(await theirs.disclose(forged, 'review'))).toBe('404 not_found');

    const readmitted = await rows.copy(id);
    expect(stateOf(await theirs.step(id, 'under_review'))).toBe('200 under_review');
    expect(disclosed(await theirs.disclose(id, 'review'))).toBe('200 Nolwenn');
    expect(stateOf(await theirs.act(id, 'withdraw'))).toBe('200 withdrawn');
    for (const row of [before, readmitted]) {
      await rows.putBack(row);
      expect(stateOf(await theirs.disclose(id, 'review'))).toBe('404 not_found');
    }
  });

  describe('of which somebody has written', () => {
    it('that it is offered is not accepted', async () => {
      const id = await theirs.reach('submitted');
      await rows.alter(id, { status: 'offered' });
      expect(stateOf(await theirs.act(id, 'accept'))).toBe('404 not_found');
      expect((await rows.copy(id))['status']).toBe('offered');
    });

    it('for whom its draft is, is not sent there', async () => {
      const draft = await theirs.begin(await theirs.publish());
      const id = idOf(await theirs.write(draft, { motivation: 'Préserver les fonds.' }));
      await rows.alter(id, { agency_id: own.agency.agencyId, vacancy_id: await own.publish() });
      expect(stateOf(await theirs.act(id, 'submit'))).toBe('404 not_found');
      expect(await rows.copy(id)).toMatchObject({ status: 'draft', snapshot: null });
    });

    it('that its vacancy is one that is archived stays, and the others of that vacancy end', async () => {
      const vacancy = await theirs.publish();
      const honest = await theirs.reach('submitted', vacancy);
      const elsewhere = await another.reach('submitted');
      await rows.alter(elsewhere, { vacancy_id: vacancy });
      expect(stateOf(await theirs.toVacancy(vacancy, 'archive'))).toBe('200 archived');
      expect([(await rows.copy(honest))['status'], (await rows.copy(elsewhere))['status']]).toEqual([
        'lapsed',
        'submitted',
      ]);
      expect(await refusals(elsewhere)).toContain('refused: forged');
      const counting = spyOn(sceau.app.get(DiversityTally, { strict: false }), 'count');
      await sceau.app.get(DiversityCount, { strict: false }).run(parse<VacancyId>(vacancy));
      expect(counting.mock.calls.map(([, , applicants]) => [...applicants.values()])).toEqual([[honest]]);
      counting.mockRestore();
    });

    it.each([
      ['over', -1],
      ['about to end', 40],
    ])('that an offer is %s is neither ended nor reminded of', async (_, hours) => {
      const id = await theirs.reach('offered');
      const answer_by = new Date(sceau.clock.now().getTime() + hours * 3_600_000);
      await rows.alter(id, { answer_by, updated_at: new Date(0) });
      await sceau.app.get(OfferDeadlines, { strict: false }).run();
      expect(await rows.copy(id)).toMatchObject({ status: 'offered', reminded_at: null });
      expect(await refusals(id)).toEqual(['refused: forged']);
      await rows.remove(id);
    });

    it('how far it has come is erased all the same', async () => {
      const id = await theirs.reach('submitted');
      await rows.alter(id, { status: 'interview' });
      const candidate = parse<CandidateId>(String((await rows.copy(id))['candidate_id']));
      const erasure = sceau.app.get(ApplicationErasure, { strict: false });
      await sceau.app
        .get(Database, { strict: false })
        .run({ kind: 'system' }, (manager) => erasure.run(manager, systemContext(), candidate));
      expect(await rows.copy(id)).toMatchObject({ motivation: null, answers: null, snapshot: null });
      // The agency learns of it as of any other.
      const items = itemsOf(await theirs.agency.client.request(`${RECEIVED}?limit=100`));
      const erased = { id, status: 'withdrawn', erasedAt: expect.any(String) };
      expect(items).toContainEqual(expect.objectContaining(erased));
      expect(stateOf(await theirs.disclose(id, 'review'))).toBe('403 disclosure_refused');
    });
  });
});

const disclosed = ({ status, body }: Exchange): string =>
  `${status} ${String(record(record(body)['fields'])['givenName'])}`;

function parse<T extends CandidateId | VacancyId>(id: string): T {
  const parsed = parseId<T>(id);
  if (parsed === undefined) throw new Error('It is an id.');
  return parsed;
}
