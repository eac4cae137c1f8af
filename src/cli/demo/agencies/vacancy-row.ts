import type { Question, VacancyContent } from '../../../modules/vacancies/index.js';

export interface DemoVacancy extends Omit<VacancyContent, 'deadline' | 'timeZone'> {
  /** The deadline, in days from now. */
  readonly openDays: number;
}

export interface DemoAgency {
  readonly name: string;
  readonly vacancies: readonly DemoVacancy[];
}

export const AVAILABLE: Question = {
  id: 'disponibilite',
  label: 'À partir de quand êtes-vous disponible ?',
  kind: 'text',
  required: true,
  choices: [],
};
export const DRIVING: Question = {
  id: 'permis-b',
  label: 'Êtes-vous titulaire du permis B ?',
  kind: 'yes_no',
  required: true,
  choices: [],
};
export const SCHEDULE: Question = {
  id: 'rythme',
  label: 'Quel rythme de travail préférez-vous ?',
  kind: 'choice',
  required: false,
  choices: ['Journée', 'Nuit', 'Alternance'],
};

type Row = readonly [
  title: string,
  department: string,
  category: VacancyContent['category'],
  contract: VacancyContent['contract'],
  remote: VacancyContent['remote'],
  openDays: number,
  description: string,
  questions?: readonly Question[],
  requiredDocuments?: VacancyContent['requiredDocuments'],
];

export const vacancy = ([
  title,
  department,
  category,
  contract,
  remote,
  openDays,
  description,
  questions = [],
  requiredDocuments = [],
]: Row): DemoVacancy => ({
  title,
  department,
  category,
  contract,
  remote,
  openDays,
  description,
  questions,
  requiredDocuments,
  openings: contract === 'apprenticeship' ? 2 : 1,
  anonymousReview: false,
});

export const anonymous = (row: Row): DemoVacancy => ({ ...vacancy(row), anonymousReview: true });
