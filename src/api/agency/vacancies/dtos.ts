import { DOCUMENT_KINDS, type DocumentKind } from '../../../modules/documents/index.js';
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
  DayOrInstant,
  Instant,
  ListOf,
  OneOf,
  Text,
  Texts,
  Uuid,
  WholeNumber,
  YesNo,
} from '../../../platform/http/fields.js';
import { Line, Lines } from '../../../platform/http/line-fields.js';

const NOT_BLANK = /\S/;

export class QuestionDto {
  @Text({ max: 40, example: 'permis-b', pattern: /^[a-z0-9-]+$/ })
  readonly id: string;

  @Line({ max: 300, example: 'Êtes-vous titulaire du permis B ?' })
  readonly label: string;

  @OneOf(QUESTION_KINDS, { example: 'yes_no' })
  readonly kind: (typeof QUESTION_KINDS)[number];

  @YesNo()
  readonly required: boolean;

  @Lines({
    max: 20,
    maxLength: 200,
    unique: true,
    optional: true,
    example: [],
    description: 'Two or more for the kind "choice", else none',
  })
  readonly choices: string[] = [];
}

const TITLE = { min: 3, max: 200, example: 'Chargée ou chargé de fonds d’archives' } as const;
const DESCRIPTION = {
  max: 20_000,
  pattern: NOT_BLANK,
  example: 'Vous classez, décrivez et communiquez les fonds patrimoniaux du service.',
} as const;
const REQUIRED_DOCUMENTS = {
  max: DOCUMENT_KINDS.length,
  values: DOCUMENT_KINDS,
  unique: true,
  example: ['cv'],
  description: 'Kinds of which an application needs one each; none is added once somebody has applied',
} as const;
const DEADLINE = {
  example: '2027-01-31',
  description:
    'A day, to whose end one can apply by the clocks of `timeZone`, or a moment. Never brought forward once published',
} as const;
const TIME_ZONE = {
  example: 'Europe/Paris',
  description: 'By which the deadline is told. Default: that of the department',
} as const;
const OPENINGS = { min: 1, max: 1_000, example: 1 } as const;

export class NewVacancyDto {
  @Line(TITLE)
  readonly title: string;

  @Text(DESCRIPTION)
  readonly description: string;

  @OneOf(DEPARTMENTS, { example: '29' })
  readonly department: string;

  @OneOf(CATEGORIES)
  readonly category: (typeof CATEGORIES)[number];

  @OneOf(CONTRACTS)
  readonly contract: (typeof CONTRACTS)[number];

  @OneOf(REMOTE)
  readonly remote: (typeof REMOTE)[number];

  @DayOrInstant(DEADLINE)
  readonly deadline: string;

  @OneOf(TIME_ZONES, { ...TIME_ZONE, optional: true })
  readonly timeZone?: string;

  @WholeNumber(OPENINGS)
  readonly openings: number;

  @ListOf(() => QuestionDto, { max: 20, optional: true })
  readonly questions: QuestionDto[] = [];

  @Texts({ ...REQUIRED_DOCUMENTS, optional: true })
  readonly requiredDocuments: DocumentKind[] = [];

  @YesNo({ optional: true, example: false, description: 'Names withheld until the interview' })
  readonly anonymousReview: boolean = false;
}

export class VacancyPatchDto {
  @Line({ ...TITLE, optional: true })
  readonly title?: string;

  @Text({ ...DESCRIPTION, optional: true })
  readonly description?: string;

  @OneOf(DEPARTMENTS, { example: '29', optional: true })
  readonly department?: string;

  @OneOf(CATEGORIES, { optional: true })
  readonly category?: (typeof CATEGORIES)[number];

  @OneOf(CONTRACTS, { optional: true })
  readonly contract?: (typeof CONTRACTS)[number];

  @OneOf(REMOTE, { optional: true })
  readonly remote?: (typeof REMOTE)[number];

  @DayOrInstant({ ...DEADLINE, optional: true })
  readonly deadline?: string;

  @OneOf(TIME_ZONES, { ...TIME_ZONE, description: 'Stays as it was published', optional: true })
  readonly timeZone?: string;

  @WholeNumber({ ...OPENINGS, optional: true })
  readonly openings?: number;

  @ListOf(() => QuestionDto, { max: 20, optional: true })
  readonly questions?: QuestionDto[];

  @Texts({ ...REQUIRED_DOCUMENTS, optional: true })
  readonly requiredDocuments?: DocumentKind[];

  @YesNo({ optional: true })
  readonly anonymousReview?: boolean;
}

export class VacancyDto extends NewVacancyDto {
  @Instant({ example: '2027-01-31T22:59:59.999Z' })
  declare readonly deadline: string;

  @OneOf(TIME_ZONES, { example: 'Europe/Paris', description: 'By which the deadline is told' })
  declare readonly timeZone: string;

  @Uuid()
  readonly id: string;

  @YesNo({ description: 'Of a sandbox: never public, nobody real can apply' })
  readonly sandbox: boolean;

  @OneOf(VACANCY_STATUSES)
  readonly status: string;

  @Instant({ example: '2026-11-02T08:00:00Z' })
  readonly createdAt: string;

  @Instant({ nullable: true, example: '2026-11-02T08:00:00Z' })
  readonly publishedAt: string | null;

  @WholeNumber({ min: 1, max: 2_147_483_647, description: 'As in the ETag' })
  readonly revision: number;
}
