import type { CanaryTexts } from '../../src/cli/canary/canary-texts.dtos.js';

/** What operators write for one canary. */
export function canaryTexts(motivation: string): CanaryTexts {
  return {
    givenName: 'Anaïs',
    familyName: 'Kermarrec',
    birthDate: '1991-05-17',
    motivation,
    education: [
      {
        institution: 'Lycée Chaptal',
        degree: 'Baccalauréat',
        level: 'bac',
        country: 'FR',
        from: '2009-09',
        to: '2012-06',
      },
    ],
    experience: [{ employer: 'Cinéma L’Arvor', title: 'Caissière', country: 'FR', from: '2016-01' }],
    languages: [
      { language: 'fr', level: 'native' },
      { language: 'br', level: 'B2' },
    ],
  };
}
