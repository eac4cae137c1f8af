import { RELEASABLE_FIELDS } from '../../../disclosure/index.js';
import { ACTIONS } from '../../../ledger/index.js';
import { PROFILE_SECTIONS } from '../profile/profile.js';
import { accessSentence, type ToldAccess } from './access-sentence.js';

const APPLICATION = '019ab1c2-3d4e-7f50-8a6b-0c1d2e3f4a5b';
const CULTURE = 'Ministère de la Culture';

const ACCESS: ToldAccess = {
  at: new Date('2026-11-23T09:30:00Z'),
  action: 'application.disclosed',
  outcome: 'allowed',
  actorKind: 'agency',
  purpose: 'review',
  applicationId: APPLICATION,
  fields: ['motivation', 'education'],
};

/** With the no-break spaces that French typography asks for, shown as such. */
const visible = (text: string): string => text.replaceAll('\u00A0', '~');

describe('the sentence about an access', () => {
  it('says in French who read what, for which application, when and why', () => {
    expect(visible(accessSentence(ACCESS, CULTURE, 'fr'))).toBe(
      `Le ministère de la Culture a lu votre motivation et vos formations pour la candidature ${APPLICATION} le 23~novembre 2026 à 10~h~30. Finalité~: examen de la candidature.`,
    );
  });

  it('says it in English', () => {
    expect(accessSentence(ACCESS, CULTURE, 'en')).toBe(
      `Ministère de la Culture read your motivation and education for application ${APPLICATION} on 23 November 2026 at 10:30, Paris time. Purpose: review of the application.`,
    );
  });

  it('says that a refusal gave nothing, and speaks of an agency without a name as one', () => {
    const refused: ToldAccess = { ...ACCESS, outcome: 'refused', purpose: 'offer', fields: [] };
    expect(visible(accessSentence(refused, undefined, 'fr'))).toBe(
      `Un organisme a demandé à lire votre candidature ${APPLICATION} le 23~novembre 2026 à 10~h~30. Finalité~: proposition d’emploi. Refusé~: rien n’a été communiqué.`,
    );
    expect(accessSentence(refused, undefined, 'en')).toContain('This was refused: nothing was given.');
  });

  it('says that values could not be read', () => {
    const failed: ToldAccess = { ...ACCESS, outcome: 'failed', fields: ['address'] };
    expect(visible(accessSentence(failed, CULTURE, 'fr'))).toContain(
      'a demandé à lire votre adresse postale pour la candidature',
    );
    expect(visible(accessSentence(failed, CULTURE, 'fr'))).toContain('Échec~: ces données');
  });

  it("speaks of one's own reading and changes as one's account's", () => {
    const own = { ...ACCESS, actorKind: 'candidate', purpose: 'own_data', applicationId: null } as const;
    const reading: ToldAccess = { ...own, action: 'candidate.profile_read', fields: ['identity', 'contact'] };
    const change: ToldAccess = { ...own, action: 'candidate.profile_changed', fields: [] };
    expect(accessSentence(reading, undefined, 'en')).toBe(
      'Your account read your civil status and contact details on 23 November 2026 at 10:30, Paris time.',
    );
    expect(visible(accessSentence(reading, undefined, 'fr'))).toBe(
      'Votre compte a lu votre état civil et vos coordonnées le 23~novembre 2026 à 10~h~30.',
    );
    expect(visible(accessSentence(change, undefined, 'fr'))).toBe(
      'Votre compte a modifié votre profil le 23~novembre 2026 à 10~h~30.',
    );
  });

  it('does not say that a failed sign-in gave nothing: nothing was to be given', () => {
    const refused: ToldAccess = {
      ...ACCESS,
      action: 'session.refused',
      actorKind: 'anonymous',
      outcome: 'refused',
      purpose: null,
      applicationId: null,
      fields: [],
    };
    expect(visible(accessSentence(refused, undefined, 'fr'))).toBe(
      'Une personne non connectée a tenté sans succès de se connecter à votre compte le 23~novembre 2026 à 10~h~30.',
    );
  });

  it.each([
    ['2026-06-30T22:05:00Z', 'le 1er~juillet 2026 à 0~h~05', 'on 1 July 2026 at 00:05, Paris time'],
    ['2026-12-31T23:00:00Z', 'le 1er~janvier 2027 à 0~h~00', 'on 1 January 2027 at 00:00, Paris time'],
    ['2026-03-29T00:59:00Z', 'le 29~mars 2026 à 1~h~59', 'on 29 March 2026 at 01:59, Paris time'],
    ['2026-03-29T01:00:00Z', 'le 29~mars 2026 à 3~h~00', 'on 29 March 2026 at 03:00, Paris time'],
    ['2026-08-15T12:30:00Z', 'le 15~août 2026 à 14~h~30', 'on 15 August 2026 at 14:30, Paris time'],
  ])('tells %s in the time of Paris', (at, french, english) => {
    const access = { ...ACCESS, at: new Date(at) };
    expect(visible(accessSentence(access, CULTURE, 'fr'))).toContain(french);
    expect(accessSentence(access, CULTURE, 'en')).toContain(english);
  });

  it.each([
    ['Ministère de la Culture', 'Le ministère de la Culture'],
    ['Région Bretagne', 'La région Bretagne'],
    ['Métropole de Lyon', 'La métropole de Lyon'],
    ['Université de Lille', 'L’université de Lille'],
    ['École normale supérieure', 'L’école normale supérieure'],
    ['Centre hospitalier universitaire de Lille', 'Le centre hospitalier universitaire de Lille'],
    ['DREAL Bretagne', 'L’organisme «~DREAL Bretagne~»'],
    ['Archives nationales', 'L’organisme «~Archives nationales~»'],
  ])('puts the article before %s', (name, beginning) => {
    expect(visible(accessSentence(ACCESS, name, 'fr')).startsWith(`${beginning} a lu`)).toBe(true);
  });

  it.each([
    [
      ['documents', 'motivation'],
      'a lu la liste de vos documents avec le nom des fichiers et votre motivation',
      'read your motivation and the list of your documents with their file names',
    ],
    [['document'], 'a lu le contenu de l’un de vos documents', 'read the contents of one of your documents'],
  ])('tells the list of documents from what is in one: %j', (fields, french, english) => {
    expect(visible(accessSentence({ ...ACCESS, fields }, CULTURE, 'fr'))).toContain(`${french} pour`);
    expect(accessSentence({ ...ACCESS, fields }, CULTURE, 'en')).toContain(`${english} for`);
  });

  it('has words for every field, action and outcome', () => {
    const fields = [
      ...RELEASABLE_FIELDS,
      ...PROFILE_SECTIONS,
      'snapshot',
      'document',
      'decision',
      'diversity',
    ];
    for (const action of ACTIONS) {
      for (const outcome of ['allowed', 'refused', 'failed'] as const) {
        for (const named of [[], ...fields.map((field) => [field])]) {
          for (const locale of ['fr', 'en'] as const) {
            const sentence = accessSentence({ ...ACCESS, action, outcome, fields: named }, 'X', locale);
            const words = sentence.replaceAll(/(France|Pro)Connect/g, 'celui-ci');
            expect(words).not.toMatch(/[a-z][A-Z]|undefined|null|\s{2}| \./);
            expect(sentence.endsWith('.')).toBe(true);
          }
        }
      }
    }
  });

  it('tells an action that the vocabulary has no word for any more by its name', () => {
    const past = { ...ACCESS, action: 'application.photographed', fields: [] };
    expect(accessSentence(past, CULTURE, 'en')).toMatch(/^Ministère de la Culture application.photographed/);
  });
});
