import { jest } from '@jest/globals';
import { Disclosure } from '../../../src/disclosure/index.js';
import { record, signUpCandidate } from '../../support/actors.js';
import { pdf } from '../../support/documents/files.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { form } from '../documents/fixture.js';
import { idOf, itemsOf, Recruitment, stateOf, tagOf } from './fixture.js';

describe('an application', () => {
  let sceau: Sceau;
  let recruitment: Recruitment;

  beforeAll(async () => {
    sceau = await startSceau();
    recruitment = await Recruitment.begin(sceau);
  }, 90_000);

  afterAll(() => sceau.stop());

  const own = async (id: string): Promise<Record<string, unknown>> =>
    record((await recruitment.read(id)).body);
  const timeline = async (id: string) => itemsOf(await recruitment.read(id, '/timeline'));

  describe('as a draft', () => {
    const QUESTIONS = [
      { id: 'permis', label: 'Permis B ?', kind: 'yes_no', required: true, choices: [] },
      { id: 'lieu', label: 'Où ?', kind: 'choice', required: false, choices: ['Brest', 'Quimper'] },
    ];
    const missing = async (id: string, headers = {}) =>
      record((await recruitment.read(id, '/completeness', headers)).body);
    const pointers = async (id: string) => {
      const { missing: list } = await missing(id);
      return (Array.isArray(list) ? list : []).map((gap) => record(gap)['pointer']);
    };

    it('says at every moment what it lacks: its own, the documents’ and the profile’s', async () => {
      const other = await signUpCandidate(sceau);
      const vacancyId = await recruitment.publish({ questions: QUESTIONS, requiredDocuments: ['cv'] });
      const theirs = await other.client.request('/v1/me/applications', { body: { vacancyId } });
      const theirGaps = await other.client.request(`/v1/me/applications/${idOf(theirs)}/completeness`);
      expect(itemsOf({ ...theirGaps, body: { items: record(theirGaps.body)['missing'] } })).toEqual(
        ['/motivation', '/answers/permis', '/documents/cv', '/profile/identity/givenName']
          .concat('/profile/identity/familyName', '/profile/contact', '/profile/education')
          .map((pointer) => ({ pointer, code: 'required', detail: expect.stringMatching(/\.$/) })),
      );

      const draft = await recruitment.begin(vacancyId);
      const id = idOf(draft);
      expect(await pointers(id)).toEqual(['/motivation', '/answers/permis', '/documents/cv']);
      const [french, english] = await Promise.all(
        ['fr', 'en'].map((language) => missing(id, { 'accept-language': language })),
      );
      expect(JSON.stringify(french)).toContain('Joignez un CV.');
      expect(JSON.stringify(english)).toContain('Attach a CV.');
      const refused = await recruitment.act(id, 'submit');
      expect([stateOf(refused), record(refused.body)['errors']]).toEqual([
        '422 application_incomplete',
        french?.['missing'],
      ]);

      const cv = idOf(
        await recruitment.candidate.client.request('/v1/me/documents', {
          form: form(pdf('CV'), 'cv.pdf', 'cv'),
        }),
      );
      const answers = [{ questionId: 'permis', value: false }];
      const written = await recruitment.write(draft, { motivation: 'Servir.', answers, documents: [cv] });
      expect(await missing(id)).toEqual({ isComplete: true, missing: [] });
      expect(stateOf(await recruitment.act(id, 'submit', tagOf(written)))).toBe('200 submitted');
      expect(stateOf(await recruitment.read(id, '/completeness'))).toBe('409 application_not_editable');
    });

    it('is nobody else’s to look into', async () => {
      const draft = await recruitment.begin(await recruitment.publish());
      const { client } = await signUpCandidate(sceau);
      for (const path of ['', '/completeness', '/timeline'])
        expect((await client.request(`/v1/me/applications/${idOf(draft)}${path}`)).status).toBe(404);
    });

    it('is saved as often as one likes: only what is sent changes, and nothing comes back but the ETag', async () => {
      let saved = await recruitment.begin(await recruitment.publish({ questions: QUESTIONS }));
      const draft = saved;
      const id = idOf(draft);
      const opening = jest.spyOn(sceau.app.get(Disclosure, { strict: false }), 'toOwner');
      for (const body of [
        { motivation: 'Ser' },
        { motivation: 'Servir.' },
        { answers: [{ questionId: 'lieu', value: 'Brest' }] },
        { motivation: null },
        {},
      ]) {
        const prefer = { prefer: 'respond-async, Return="Minimal"; x', ...tagOf(saved) };
        saved = await recruitment.write(draft, body, prefer);
        expect([saved.status, saved.body, saved.headers.get('preference-applied')]).toEqual([
          204,
          undefined,
          'return=minimal',
        ]);
      }
      expect(saved.headers.get('etag')).toBe('"r6"');
      expect(opening).not.toHaveBeenCalled();
      opening.mockRestore();
      expect(await own(id)).toMatchObject({
        motivation: null,
        answers: [{ questionId: 'lieu', value: 'Brest' }],
        revision: 6,
      });
      // Somebody who saves from another window has not seen this.
      const stale = await recruitment.write(draft, { motivation: 'Autre.' }, { prefer: 'return=minimal' });
      expect(stateOf(stale)).toBe('412 precondition_failed');
      const other = await recruitment.write(
        draft,
        { motivation: 'Mien.' },
        { ...tagOf(saved), prefer: 'wait=1' },
      );
      expect([other.status, record(other.body)['motivation']]).toEqual([200, 'Mien.']);
    });
  });

  describe('once submitted', () => {
    it('is what was sent, whatever the candidate changes afterwards', async () => {
      const id = await recruitment.reach('submitted');
      const { client } = recruitment.candidate;
      const read = await client.request('/v1/me/profile');
      const identity = { givenName: 'Autre', familyName: 'Le Goff' };
      await client.request('/v1/me/profile', {
        method: 'PATCH',
        body: { identity },
        headers: tagOf(read),
      });
      await client.request('/v1/me/profile/education', {
        body: { institution: 'Après', degree: 'Licence', from: '2013-09', to: '2016-06' },
      });
      const { fields } = record((await recruitment.disclose(id, 'review')).body);
      expect(record(fields)).toMatchObject({ givenName: 'Nolwenn', motivation: 'Préserver les fonds.' });
      expect(JSON.stringify(fields)).not.toContain('Après');
      const written = await recruitment.write(await recruitment.read(id), { motivation: 'Autre chose.' });
      expect(stateOf(written)).toBe('409 application_not_editable');
      expect(await own(id)).toMatchObject({ motivation: 'Préserver les fonds.', status: 'submitted' });
    });

    it('can be withdrawn and made once more for the same vacancy, and no third time', async () => {
      const vacancyId = await recruitment.publish();
      const first = await recruitment.reach('under_review', vacancyId);
      expect(stateOf(await recruitment.begin(vacancyId))).toBe('409 application_exists');
      expect(stateOf(await recruitment.act(first, 'withdraw'))).toBe('200 withdrawn');
      const second = await recruitment.reach('submitted', vacancyId);
      expect(second).not.toBe(first);
      expect(stateOf(await recruitment.act(second, 'withdraw'))).toBe('200 withdrawn');
      expect(stateOf(await recruitment.begin(vacancyId))).toBe('409 reapplication_refused');
    });

    it('is not made again after a rejection', async () => {
      const vacancyId = await recruitment.publish();
      const id = await recruitment.reach('submitted', vacancyId);
      expect(stateOf(await recruitment.step(id, 'rejected', { reason: 'other' }))).toBe('200 rejected');
      const again = await recruitment.begin(vacancyId);
      expect(stateOf(again)).toBe('409 reapplication_refused');
      expect(record(again.body)['detail']).toMatch(/retirée/);
    });

    it('is rejected with one of the stage’s reasons, a note and feedback, which the candidate alone reads', async () => {
      const id = await recruitment.reach('under_review');
      const rejection = { publicNote: 'Merci de votre intérêt.', feedback: 'L’expérience manque.' };
      const refused = await recruitment.step(id, 'rejected', {
        ...rejection,
        reason: 'interview_inconclusive',
      });
      expect([stateOf(refused), record(refused.body)['errors']]).toEqual([
        '422 invalid_request',
        [expect.objectContaining({ pointer: '/reason' })],
      ]);
      const rejected = await recruitment.step(id, 'rejected', { ...rejection, reason: 'profile_mismatch' });
      expect(stateOf(rejected)).toBe('200 rejected');
      expect(JSON.stringify(rejected.body)).not.toMatch(/profile_mismatch|intérêt|manque/);
      expect((await timeline(id)).at(-1)).toMatchObject({
        ...rejection,
        reason: 'profile_mismatch',
        by: 'agency',
      });
    });

    it('lapses with its vacancy, and says so', async () => {
      const vacancyId = await recruitment.publish();
      const id = await recruitment.reach('shortlisted', vacancyId);
      const other = await recruitment.withAnother(sceau);
      const offered = await other.reach('offered', vacancyId);
      const third = await recruitment.withAnother(sceau);
      const draft = await third.begin(vacancyId);
      expect(stateOf(await recruitment.toVacancy(vacancyId, 'archive'))).toBe('200 archived');
      expect(await timeline(id)).toMatchObject(
        ['submitted', 'under_review', 'shortlisted', 'lapsed'].map((to) => ({ to })),
      );
      expect((await timeline(id)).at(-1)).toMatchObject({ by: 'system', reason: 'vacancy_archived' });
      // An offer is a decision.
      expect(stateOf(await other.act(offered, 'accept'))).toBe('200 accepted');
      expect(stateOf(await third.act(idOf(draft), 'submit'))).toBe('409 vacancy_not_open');
      expect(stateOf(await third.read(idOf(draft), '/completeness'))).toBe('409 vacancy_not_open');
    });
  });
});
