export { Closing } from './closing.js';
export type { NewVacancy, VacancyChanges } from './deadline.js';
export { DEPARTMENTS, TIME_ZONES } from './departments.js';
export { OpenVacancies } from './open-vacancies.js';
export { PublicVacancies } from './public-vacancies.js';
export { SandboxVacancies } from './sandbox-vacancies.js';
export { type SubmissionObserver, SubmissionObservers } from './submission-observers.js';
export { Vacancies } from './vacancies.js';
export { VacanciesModule } from './vacancies.module.js';
export {
  CATEGORIES,
  CONTRACTS,
  type Question,
  QUESTION_KINDS,
  REMOTE,
  type Vacancy,
  VACANCY_STATUSES,
  type VacancyContent,
} from './vacancy.js';
export { VacancyLookup } from './vacancy-lookup.js';
