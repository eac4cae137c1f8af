import type { NewVacancy, Vacancy, VacancyChanges } from '../../../modules/vacancies/index.js';
import { type Revised, withRevision } from '../../../platform/http/index.js';
import type { NewVacancyDto, QuestionDto, VacancyDto, VacancyPatchDto } from './dtos.js';

const question = ({ id, label, kind, required, choices }: QuestionDto): QuestionDto => ({
  id,
  label,
  kind,
  required,
  choices,
});

/** The contract has looked at it: a day, or a moment. */
const dayOrMoment = (text: string): Date | string => (text.includes('T') ? new Date(text) : text);

export function wishOf(body: NewVacancyDto): NewVacancy {
  return {
    title: body.title,
    description: body.description,
    department: body.department,
    category: body.category,
    contract: body.contract,
    remote: body.remote,
    deadline: dayOrMoment(body.deadline),
    ...(body.timeZone === undefined ? {} : { timeZone: body.timeZone }),
    openings: body.openings,
    questions: body.questions.map(question),
    requiredDocuments: body.requiredDocuments,
    anonymousReview: body.anonymousReview,
  };
}

/** Only the members that were sent. */
export function changesOf({ deadline, questions, ...rest }: VacancyPatchDto): VacancyChanges {
  const sent = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  return {
    ...sent,
    ...(deadline === undefined ? {} : { deadline: dayOrMoment(deadline) }),
    ...(questions === undefined ? {} : { questions: questions.map(question) }),
  };
}

export function presentVacancy(vacancy: Vacancy): VacancyDto {
  return {
    id: vacancy.id,
    sandbox: vacancy.mode === 'sandbox',
    status: vacancy.status,
    title: vacancy.title,
    description: vacancy.description,
    department: vacancy.department,
    category: vacancy.category,
    contract: vacancy.contract,
    remote: vacancy.remote,
    deadline: vacancy.deadline.toISOString(),
    timeZone: vacancy.timeZone,
    openings: vacancy.openings,
    questions: vacancy.questions.map((one) => question({ ...one, choices: [...one.choices] })),
    requiredDocuments: [...vacancy.requiredDocuments],
    anonymousReview: vacancy.anonymousReview,
    createdAt: vacancy.createdAt.toISOString(),
    publishedAt: vacancy.publishedAt?.toISOString() ?? null,
    revision: vacancy.revision,
  };
}

export function presentRevised(vacancy: Vacancy): Revised<VacancyDto> {
  return withRevision(presentVacancy(vacancy), vacancy.revision);
}
