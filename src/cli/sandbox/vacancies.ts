import {
  anonymous,
  AVAILABLE,
  DRIVING,
  type DemoVacancy,
  SCHEDULE,
  vacancy,
} from '../demo/agencies/vacancy-row.js';

/** For a sandbox that has none: one of each kind that a program has to cope with. */
export const SANDBOX_VACANCIES: readonly DemoVacancy[] = [
  vacancy([
    'Bac à sable : chargée ou chargé de fonds d’archives',
    '29',
    'A',
    'fixed_term',
    'partial',
    365,
    'Offre fictive, pour essayer un logiciel. Personne ne peut y répondre.',
    [AVAILABLE, DRIVING],
  ]),
  vacancy([
    'Bac à sable : infirmière ou infirmier de nuit',
    '59',
    'A',
    'permanent_civil_servant',
    'none',
    365,
    'Offre fictive, pour essayer un logiciel. Personne ne peut y répondre.',
    [SCHEDULE],
  ]),
  anonymous([
    'Bac à sable : agente ou agent d’accueil, sélection anonyme',
    '69',
    'C',
    'open_ended',
    'none',
    365,
    'Offre fictive, pour essayer un logiciel. Personne ne peut y répondre.',
  ]),
];
