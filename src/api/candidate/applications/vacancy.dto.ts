import { DOCUMENT_KINDS } from '../../../modules/documents/index.js';
import {
  CATEGORIES,
  CONTRACTS,
  DEPARTMENTS,
  QUESTION_KINDS,
  REMOTE,
  TIME_ZONES,
  VACANCY_STATUSES,
} from '../../../modules/vacancies/index.js';
import {
  Instant,
  ListOf,
  OneOf,
  Text,
  Texts,
  Uuid,
  WholeNumber,
  YesNo,
} from '../../../platform/http/fields.js';

class AskedQuestionDto {
  @Text({ max: 40, example: 'permis-b' })
  readonly id: string;

  @Text({ max: 300, example: 'Êtes-vous titulaire du permis B ?' })
  readonly label: string;

  @OneOf(QUESTION_KINDS, { example: 'yes_no' })
  readonly kind: string;

  @YesNo()
  readonly required: boolean;

  @Texts({ max: 20, example: [] })
  readonly choices: string[];
}

export class AppliedVacancyDto {
  @Uuid()
  readonly id: string;

  @OneOf(VACANCY_STATUSES, { example: 'closed' })
  readonly status: string;

  @Uuid()
  readonly agencyId: string;

  @Text({ max: 200, example: 'Ministère de la Culture' })
  readonly agency: string;

  @Text({ max: 200, example: 'Chargée ou chargé de fonds d’archives' })
  readonly title: string;

  @Text({ max: 20_000, example: 'Vous classez et communiquez les fonds patrimoniaux.' })
  readonly description: string;

  @OneOf(DEPARTMENTS, { example: '29' })
  readonly department: string;

  @OneOf(CATEGORIES)
  readonly category: string;

  @OneOf(CONTRACTS)
  readonly contract: string;

  @OneOf(REMOTE)
  readonly remote: string;

  @Instant({ example: '2027-01-31T22:59:59.999Z' })
  readonly deadline: string;

  @OneOf(TIME_ZONES, { example: 'Europe/Paris', description: 'By which the deadline is told' })
  readonly timeZone: string;

  @WholeNumber({ min: 1, max: 1_000 })
  readonly openings: number;

  @ListOf(() => AskedQuestionDto, { max: 20 })
  readonly questions: AskedQuestionDto[];

  @Texts({ max: DOCUMENT_KINDS.length, values: DOCUMENT_KINDS, example: ['cv'] })
  readonly requiredDocuments: string[];

  @YesNo({ description: 'Whether names are withheld until the interview' })
  readonly anonymousReview: boolean;
}
