import { IntersectionType } from '@nestjs/swagger';
import {
  DateOnly,
  Instant,
  ListOf,
  OneOf,
  Text,
  Texts,
  Uuid,
  WholeNumber,
  YesNo,
} from '../../platform/http/fields.js';
import { PageQuery } from '../../platform/http/index.js';
import { DOCUMENT_KINDS } from '../../modules/documents/index.js';
import {
  CATEGORIES,
  CONTRACTS,
  DEPARTMENTS,
  QUESTION_KINDS,
  REMOTE,
  TIME_ZONES,
} from '../../modules/vacancies/index.js';

export class VacancyFilterQuery {
  @Text({
    max: 200,
    example: 'archives départementales',
    optional: true,
    description:
      'Words in French, "phrases" and -exclusions; accents, plural and gender do not matter. A star behind the last word (biblio*) stands for all that begin so',
  })
  readonly q?: string;

  @Uuid({ optional: true })
  readonly agency?: string;

  @OneOf(DEPARTMENTS, { optional: true, example: '29' })
  readonly department?: string;

  @OneOf(CATEGORIES, { optional: true })
  readonly category?: string;

  @OneOf(CONTRACTS, { optional: true })
  readonly contract?: string;

  @OneOf(REMOTE, { optional: true })
  readonly remote?: string;

  @DateOnly({
    optional: true,
    example: '2026-12-15',
    description: 'Still open on this day, by its own clocks',
  })
  readonly openOn?: string;
}

export class VacancyQuery extends IntersectionType(PageQuery, VacancyFilterQuery) {}

class ValueCountDto {
  @Text({ max: 40, example: '29' })
  readonly value: string;

  @WholeNumber({ min: 1, max: 2_147_483_647, example: 12 })
  readonly count: number;
}

const INSTEAD = 'What each choice would find, every other filter left as it is; most first';

export class VacancyCountsDto {
  @WholeNumber({
    min: 0,
    max: 2_147_483_647,
    example: 12,
    description: 'How many the list has',
  })
  readonly total: number;

  @ListOf(() => ValueCountDto, { max: DEPARTMENTS.length, description: INSTEAD })
  readonly department: ValueCountDto[];

  @ListOf(() => ValueCountDto, { max: CATEGORIES.length, description: INSTEAD })
  readonly category: ValueCountDto[];

  @ListOf(() => ValueCountDto, { max: CONTRACTS.length, description: INSTEAD })
  readonly contract: ValueCountDto[];

  @ListOf(() => ValueCountDto, { max: REMOTE.length, description: INSTEAD })
  readonly remote: ValueCountDto[];
}

export class PublicQuestionDto {
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

export class PublicVacancyDto {
  @Uuid()
  readonly id: string;

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

  @ListOf(() => PublicQuestionDto, { max: 20 })
  readonly questions: PublicQuestionDto[];

  @Texts({
    max: DOCUMENT_KINDS.length,
    values: DOCUMENT_KINDS,
    example: ['cv'],
    description: 'Kinds of which an application needs one each',
  })
  readonly requiredDocuments: string[];

  @YesNo({ description: 'Whether names are withheld until the interview' })
  readonly anonymousReview: boolean;

  @Instant({ nullable: true, example: '2026-11-02T08:00:00Z' })
  readonly publishedAt: string | null;
}
