import { spyOn } from 'jest-mock';
import { join } from 'node:path';
import { Disclosure } from '../../../src/disclosure/index.js';
import { OfferDeadlines } from '../../../src/modules/applications/index.js';
import { record, signUpCandidate } from '../../support/actors.js';
import { pdf } from '../../support/documents/files.js';
import { eventually } from '../../support/eventually.js';
import { Mailbox } from '../../support/mailbox.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { form } from '../documents/fixture.js';
import { signIn } from '../identity/person.js';
import { idOf, itemsOf, QUESTIONS, Recruitment, stateOf, tagOf } from './fixture.js';

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
      expect(await recruitment.gaps(id)).toEqual(['/motivation', '/answers/permis', '/documents/cv']);
      const [french, english] = await Promise.all(
        ['fr', 'en'].map((language) => recruitment.completeness(id, { 'accept-language': language })),
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
      expect(await recruitment.completeness(id)).toEqual({ isComplete: true, missing: [] });
      expect(stateOf(await recruitment.act(id, 'submit', tagOf(written)))).toBe('200 submitted');
      expect(stateOf(await recruitment.read(id, '/completeness'))).toBe('409 application_not_editable');
    });

    it('is nobody else’s to look into', async () => {
      const draft = await recruitment.begin(await recruitment.publish());
      const { client } = await signUpCandidate(sceau);
      for (const path of ['', '/completeness', '/timeline', '/vacancy'])
        expect((await client.request(`/v1/me/applications/${idOf(draft)}${path}`)).status).toBe(404);
    });

    it('is saved as often as one likes: only what is sent changes, and nothing comes back but the ETag', async () => {
      let saved = await recruitment.begin(await recruitment.publish({ questions: QUESTIONS }));
      const draft = saved;
      const id = idOf(draft);
      const opening = spyOn(sceau.app.get(Disclosure, { strict: false }), 'toOwner');
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

    it('is rejected with one of the stage’s reasons, a note and feedback, which the candidate alone reads', async () => {
      const vacancyId = await recruitment.publish();
      const id = await recruitment.reach('under_review', vacancyId);
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
      for (const [language, label, reasonLabel] of [
        ['fr', 'Candidature non retenue', 'Le profil ne correspond pas aux attentes du poste.'],
        ['en', 'Application not retained', 'The profile does not match what the post asks for.'],
      ] as const) {
        const told = await recruitment.read(id, '/timeline', { 'accept-language': language });
        expect(itemsOf(told).at(-1)).toMatchObject({ label, reasonLabel });
      }
      expect((await timeline(id)).at(-1)).toMatchObject({
        ...rejection,
        reason: 'profile_mismatch',
        by: 'agency',
      });
      const again = await recruitment.begin(vacancyId);
      expect(stateOf(again)).toBe('409 reapplication_refused');
      expect(record(again.body)['detail']).toMatch(/retirée/);
    });

    it('is among what its candidate has been told, newest first, page by page, and nothing is opened', async () => {
      const another = await recruitment.withAnother(sceau);
      const first = await another.reach('under_review', await another.publish({ title: 'Archiviste' }));
      await another.reach('submitted', await another.publish({ title: 'Bibliothécaire' }));
      await another.step(first, 'rejected', { reason: 'other', publicNote: 'Merci.' });
      const { client } = another.candidate;
      const told: unknown[] = [];
      for (let path = '/v1/me/notifications?limit=2'; path !== '';) {
        const page = await client.request(path, { headers: { 'accept-language': 'en' } });
        told.push(...itemsOf(page).map(({ vacancyTitle, status, label }) => [vacancyTitle, status, label]));
        const { nextCursor } = record(page.body);
        path = typeof nextCursor === 'string' ? `/v1/me/notifications?limit=2&cursor=${nextCursor}` : '';
      }
      expect(told).toEqual([
        ['Archiviste', 'rejected', 'Application not retained'],
        ['Bibliothécaire', 'submitted', 'Application submitted'],
        ['Archiviste', 'under_review', 'Application under review'],
        ['Archiviste', 'submitted', 'Application submitted'],
      ]);
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

  describe('with an offer', () => {
    const deadlines = (): OfferDeadlines => sceau.worker.get(OfferDeadlines, { strict: false });
    const inHours = (hours: number): string =>
      new Date(sceau.clock.now().getTime() + hours * 3_600_000).toISOString();
    const mailsTo = async ({ email }: { email: string }, subject: RegExp): Promise<number> => {
      const mails = await new Mailbox(join(sceau.home, 'mail')).all();
      return mails.filter((mail) => mail.to.includes(email) && subject.test(mail.subject)).length;
    };
    const allSent = () =>
      eventually('all mails to be sent', async () => {
        const waiting = await sceau.database.query('SELECT FROM platform.outgoing_mail');
        return waiting.length === 0 ? waiting : undefined;
      });

    it('says until when it can be answered, to both sides, and takes an answer until then', async () => {
      const id = await recruitment.reach('interview');
      for (const answerBy of [undefined, inHours(47), inHours(91 * 24)]) {
        const refused = await recruitment.step(id, 'offered', { answerBy });
        expect([stateOf(refused), record(refused.body)['errors']]).toEqual([
          '422 invalid_request',
          [expect.objectContaining({ pointer: '/answerBy' })],
        ]);
      }
      const answerBy = inHours(72);
      const offered = await recruitment.step(id, 'offered', { answerBy, publicNote: 'Bienvenue.' });
      expect([stateOf(offered), record(offered.body)['answerBy']]).toEqual(['200 offered', answerBy]);
      expect(await own(id)).toMatchObject({ status: 'offered', answerBy });
      expect((await timeline(id)).at(-1)).toMatchObject({
        to: 'offered',
        answerBy,
        publicNote: 'Bienvenue.',
      });
      const mail = await sceau.mailTo(recruitment.candidate.email, /proposition vous est faite/);
      expect(mail.text).toMatch(
        /jusqu’au \p{L}+ \d+(?:er)? \p{L}+ \d{4} à \d\d\u00A0h\u00A0\d\d \(heure de Paris\)/u,
      );
      expect(mail.text).not.toContain('Bienvenue');
      expect(stateOf(await recruitment.act(id, 'decline'))).toBe('200 declined');
      expect(stateOf(await recruitment.act(id, 'accept'))).toBe('409 transition_refused');
    });

    it('is reminded of once, refuses an answer that is late, and ends unanswered', async () => {
      const late = await recruitment.withAnother(sceau);
      const patient = await recruitment.withAnother(sceau);
      const [id, other] = [await late.reach('interview'), await patient.reach('interview')];
      await late.step(id, 'offered', { answerBy: inHours(70) });
      await patient.step(other, 'offered', { answerBy: inHours(24 * 30) });
      sceau.clock.advance({ hours: 23 });
      await deadlines().run();
      const reminded = 'SELECT FROM applications.application WHERE reminded_at IS NOT NULL';
      expect(await sceau.database.query(reminded)).toEqual([]);
      sceau.clock.advance({ hours: 2 });
      await Promise.all([deadlines().run(), deadlines().run(), deadlines().run()]);
      await sceau.mailTo(late.candidate.email, /attend votre réponse/);
      await deadlines().run();

      sceau.clock.advance({ hours: 47 });
      late.candidate.client.useToken((await signIn(sceau, late.candidate)).token);
      // Being reminded is no change of the application.
      expect(await late.read(id)).toMatchObject({ status: 200, body: { status: 'offered', revision: 7 } });
      const answer = await late.act(id, 'accept');
      expect([stateOf(answer), record(answer.body)['detail']]).toEqual([
        '409 deadline_passed',
        'Le délai de réponse à la proposition est écoulé.',
      ]);
      await Promise.all([deadlines().run(), deadlines().run()]);
      expect(itemsOf(await late.read(id, '/timeline')).at(-1)).toMatchObject({
        by: 'system',
        to: 'lapsed',
        reason: 'offer_unanswered',
      });
      expect(await late.read(id)).toMatchObject({ body: { status: 'lapsed', revision: 8 } });
      patient.candidate.client.useToken((await signIn(sceau, patient.candidate)).token);
      expect(await patient.read(other)).toMatchObject({ body: { status: 'offered' } });
      await allSent();
      expect(await mailsTo(late.candidate, /attend votre réponse/)).toBe(1);
      expect(await mailsTo(late.candidate, /a pris fin/)).toBe(1);
      expect(await mailsTo(patient.candidate, /attend votre réponse|a pris fin/)).toBe(0);
    });
  });
});
