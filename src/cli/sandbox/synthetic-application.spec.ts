import { faker } from '@faker-js/faker/locale/fr';
import fc from 'fast-check';
import type { Question } from '../../modules/vacancies/index.js';
import { syntheticApplication } from './synthetic-application.js';

const NOW = new Date('2026-11-20T10:00:00Z');
const QUESTIONS: readonly Question[] = [
  { id: 'texte', label: 'Pourquoi ?', kind: 'text', required: true, choices: [] },
  { id: 'choix', label: 'Quand ?', kind: 'choice', required: true, choices: ['Jour', 'Nuit'] },
  { id: 'oui-non', label: 'Permis ?', kind: 'yes_no', required: false, choices: [] },
];

const written = (seed: number): ReturnType<typeof syntheticApplication> => {
  faker.seed(seed);
  return syntheticApplication(faker, NOW, { title: 'Archiviste', questions: QUESTIONS });
};

const forAnySeed = (property: (application: ReturnType<typeof written>) => void): void => {
  fc.assert(
    fc.property(fc.nat(), (seed) => property(written(seed))),
    { numRuns: 200 },
  );
};

describe('a synthetic application', () => {
  it('is marked in every text that a person might read alone', () => {
    forAnySeed(({ motivation, answers, snapshot }) => {
      expect(motivation).toMatch(/^Candidature fictive pour « Archiviste »\./);
      expect(answers[0]?.value).toMatch(/^Réponse fictive/);
      expect(snapshot.familyName).toMatch(/.\(fictif\)$/);
      expect(snapshot.address?.lines?.at(-1)).toBe('Adresse (fictif)');
      for (const { institution } of snapshot.education) expect(institution).toMatch(/\(fictif\)$/);
      for (const { employer } of snapshot.experience) expect(employer).toMatch(/\(fictif\)$/);
    });
  });

  it('reaches nobody: its address is of a domain that is nobody’s, its number one that is given to nobody', () => {
    forAnySeed(({ snapshot }) => {
      expect(snapshot.email).toMatch(/^[^@\s]+@example\.org$/);
      expect(snapshot.telephone).toMatch(/^\+3363998\d{4}$/);
    });
  });

  it('is French, and could be true', () => {
    forAnySeed(({ snapshot, answers }) => {
      expect(snapshot).toMatchObject({ nationality: 'FR', address: { country: 'FR' } });
      expect(snapshot.address?.postalCode).toMatch(/^\d{5}$/);
      expect(snapshot.languages[0]).toEqual({ language: 'fr', level: 'native' });
      const birth = snapshot.birthDate ?? '';
      expect(birth >= '1965-11-20' && birth <= '2006-11-20').toBe(true);
      for (const { from, to = '' } of [...snapshot.education, ...snapshot.experience]) {
        expect([birth < from, from <= to, from <= '2026-11']).toEqual([true, true, true]);
      }
      expect(answers.map(({ questionId }) => questionId)).toEqual(['texte', 'choix', 'oui-non']);
      expect(['Jour', 'Nuit']).toContain(answers[1]?.value);
      expect(typeof answers[2]?.value).toBe('boolean');
    });
  });

  it('is the same for the same seed, and another for another', () => {
    expect(written(7)).toEqual(written(7));
    expect(written(7)).not.toEqual(written(8));
  });
});
