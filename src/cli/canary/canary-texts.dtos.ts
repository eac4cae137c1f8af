import {
  COUNTRIES,
  type Education,
  EDUCATION_LEVELS,
  type Experience,
  LANGUAGE_LEVELS,
  type LanguageSkill,
  SECTORS,
} from '../../modules/candidates/index.js';
import { DateOnly, ListOf, OneOf, Text, Texts } from '../../platform/http/fields.js';
import { Line } from '../../platform/http/line-fields.js';

/** How many are ordered at once. */
const MOST_CANARIES = 20;

const MAYBE = { optional: true } as const;
const NOT_BLANK = /\S/;
const NAME = { max: 100, example: 'Martin' } as const;
const WORDS = { max: 200, example: 'Bibliothécaire' } as const;
const MOMENT = { min: 4, max: 10, example: '2012-09' } as const;
const DESCRIPTION = { ...MAYBE, max: 5_000, pattern: NOT_BLANK, example: 'Accueil du public.' } as const;

class PeriodTexts {
  @Text(MOMENT)
  readonly from: string;

  @Text({ ...MAYBE, ...MOMENT })
  readonly to?: string;
}

class EducationTexts extends PeriodTexts implements Education {
  @Line(WORDS)
  readonly institution: string;

  @Line(WORDS)
  readonly degree: string;

  @OneOf(EDUCATION_LEVELS, MAYBE)
  readonly level?: NonNullable<Education['level']>;

  @Line({ ...MAYBE, ...WORDS })
  readonly field?: string;

  @OneOf(COUNTRIES, MAYBE)
  readonly country?: string;

  @Text(DESCRIPTION)
  readonly description?: string;
}

class ExperienceTexts extends PeriodTexts implements Experience {
  @Line(WORDS)
  readonly employer: string;

  @Line(WORDS)
  readonly title: string;

  @OneOf(SECTORS, MAYBE)
  readonly sector?: NonNullable<Experience['sector']>;

  @Line({ ...MAYBE, ...NAME })
  readonly city?: string;

  @OneOf(COUNTRIES, MAYBE)
  readonly country?: string;

  @Text(DESCRIPTION)
  readonly description?: string;
}

class LanguageTexts implements LanguageSkill {
  @Text({ min: 2, max: 35, example: 'br' })
  readonly language: string;

  @OneOf(LANGUAGE_LEVELS)
  readonly level: LanguageSkill['level'];

  @Line({ ...MAYBE, ...WORDS })
  readonly certificate?: string;
}

/** All that an agency reads of one canary to review it, in its operators’ own words. */
export class CanaryTexts {
  @Line(NAME)
  readonly givenName: string;

  @Line(NAME)
  readonly familyName: string;

  @DateOnly()
  readonly birthDate: string;

  @Text({ max: 20_000, pattern: NOT_BLANK, example: 'Classer des fonds est mon métier.' })
  readonly motivation: string;

  /** To those of the vacancy’s questions that ask for a text, in their order. */
  @Texts({ ...MAYBE, max: 20, maxLength: 4_000 })
  readonly answers?: readonly string[];

  @ListOf(() => EducationTexts, { min: 1, max: 30 })
  readonly education: readonly EducationTexts[];

  @ListOf(() => ExperienceTexts, { ...MAYBE, max: 30 })
  readonly experience?: readonly ExperienceTexts[];

  @ListOf(() => LanguageTexts, { min: 1, max: 30 })
  readonly languages: readonly LanguageTexts[];
}

export class CanaryTextsFile {
  @ListOf(() => CanaryTexts, { min: 1, max: MOST_CANARIES })
  readonly canaries: readonly CanaryTexts[];
}
