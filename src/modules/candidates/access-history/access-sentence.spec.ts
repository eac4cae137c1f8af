import { ACTIONS, type SubjectAccess } from '../../../ledger/index.js';
import { RELEASABLE_FIELDS } from '../../../disclosure/index.js';
import { PROFILE_SECTIONS } from '../profile/profile.js';
import { accessSentence } from './access-sentence.js';

const ACCESS: SubjectAccess = {
  index: 7,
  id: '019ab1c2-3d4e-7f50-8a6b-0c1d2e3f4a5b',
  at: new Date('2026-11-23T09:30:00Z'),
  action: 'application.disclosed',
  outcome: 'allowed',
  reason: null,
  actorKind: 'agency',
  actorId: null,
  clientId: null,
  agencyId: null,
  sessionId: null,
  resourceType: 'application',
  resourceId: null,
  purpose: 'review',
  requestId: '019ab1c2-3d4e-7f50-8a6b-0c1d2e3f4a5c',
  origin: '',
  count: 1,
  applicationId: null,
  fields: ['motivation', 'education'],
};

describe('the sentence about an access', () => {
  it('says who read what and why, in French', () => {
    expect(accessSentence(ACCESS, 'Ministère de la Culture', 'fr')).toBe(
      'Ministère de la Culture a lu des données de la candidature : motivation, formations. Finalité : examen de la candidature.',
    );
  });

  it('says it in English', () => {
    expect(accessSentence(ACCESS, 'Ministère de la Culture', 'en')).toBe(
      'Ministère de la Culture read fields of the application: motivation, education. Purpose: review of the application.',
    );
  });

  it('says that a refusal gave nothing, and speaks of an agency without a name as one', () => {
    const refused: SubjectAccess = { ...ACCESS, outcome: 'refused', purpose: 'offer', fields: [] };
    expect(accessSentence(refused, undefined, 'fr')).toBe(
      "Un organisme a lu des données de la candidature. Finalité : proposition d'emploi. Refusé : rien n'a été communiqué.",
    );
  });

  it("speaks of one's own reading as one's account's", () => {
    const own: SubjectAccess = {
      ...ACCESS,
      action: 'candidate.profile_read',
      actorKind: 'candidate',
      purpose: 'own_data',
      fields: ['identity', 'contact'],
    };
    expect(accessSentence(own, undefined, 'en')).toBe(
      'Your account read the profile: civil status, contact details.',
    );
    expect(accessSentence(own, undefined, 'fr')).toBe(
      'Votre compte a consulté le profil : état civil, coordonnées.',
    );
  });

  it('has words for every field and every action', () => {
    const fields = [...RELEASABLE_FIELDS, ...PROFILE_SECTIONS, 'snapshot'];
    for (const action of ACTIONS) {
      for (const field of fields) {
        const sentence = accessSentence({ ...ACCESS, action, fields: [field] }, 'X', 'fr');
        expect(sentence).not.toMatch(/[a-z][A-Z]|undefined/);
        expect(sentence.endsWith('.')).toBe(true);
      }
    }
  });
});
