export { OpenVacancies } from './open-vacancies.js';
export { SandboxVacancies } from './sandbox-vacancies.js';
export { type SubmissionObserver, SubmissionObservers } from './submission-observers.js';
export { Vacancies } from './vacancies.js';
export { VacanciesModule } from './vacancies.module.js';
export {
  CATEGORIES,
  CONTRACTS,
  DEPARTMENTS,
  type Question,
  QUESTION_KINDS,
  REMOTE,
  type Vacancy,
  VACANCY_STATUSES,
  type VacancyContent,
} from './vacancy.js';
export { VacancySearch } from './vacancy-search.js';
