import { PartialType } from '@nestjs/swagger';
import {
  COUNTRIES,
  type Education,
  EDUCATION_LEVELS,
  type Experience,
  LANGUAGE_FORM,
  LANGUAGE_LEVELS,
  type LanguageSkill,
  SECTORS,
} from '../../../modules/candidates/index.js';
import { Instant, OneOf, Text, Uuid, WholeNumber, YesNo } from '../../../platform/http/fields.js';
import { Line } from '../../../platform/http/line-fields.js';

const MAYBE = { optional: true, nullable: true } as const;
const NOT_BLANK = /\S/;
const MOMENT = {
  min: 4,
  max: 10,
  pattern: /^\d{4}(-\d{2}(-\d{2})?)?$/,
  form: {
    en: 'A year, a month or a day: YYYY, YYYY-MM or YYYY-MM-DD.',
    fr: 'Une année, un mois ou un jour : AAAA, AAAA-MM ou AAAA-MM-JJ.',
  },
} as const;
const COUNTRY = { ...MAYBE, example: 'FR', description: 'ISO 3166-1 alpha-2' } as const;
const DESCRIPTION = { ...MAYBE, max: 5_000, pattern: NOT_BLANK } as const;

abstract class PeriodBody {
  @Text({ ...MOMENT, example: '2012-09', description: 'A year, a month or a day' })
  readonly from: string;

  @Text({ ...MAYBE, ...MOMENT, example: '2017-06', description: '`null` or left out: it still goes on' })
  readonly to?: string | null;
}

export class EducationBody extends PeriodBody {
  @Line({ max: 200, example: 'Université de Bretagne occidentale' })
  readonly institution: string;

  @Line({ max: 200, example: 'Master archives et patrimoine' })
  readonly degree: string;

  @OneOf(EDUCATION_LEVELS, { ...MAYBE, example: 'bac+5' })
  readonly level?: NonNullable<Education['level']> | null;

  @Line({ ...MAYBE, max: 200, example: 'Archivistique' })
  readonly field?: string | null;

  @OneOf(COUNTRIES, COUNTRY)
  readonly country?: string | null;

  @Text({ ...DESCRIPTION, example: 'Mémoire sur les fonds photographiques.' })
  readonly description?: string | null;
}

export class ExperienceBody extends PeriodBody {
  @Line({ max: 200, example: 'Bibliothèque municipale de Landerneau' })
  readonly employer: string;

  @Line({ max: 200, example: 'Bibliothécaire' })
  readonly title: string;

  @OneOf(SECTORS, MAYBE)
  readonly sector?: NonNullable<Experience['sector']> | null;

  @Line({ ...MAYBE, max: 100, example: 'Landerneau' })
  readonly city?: string | null;

  @OneOf(COUNTRIES, COUNTRY)
  readonly country?: string | null;

  @Text({ ...DESCRIPTION, example: "Acquisitions, accueil du public, conduite d'un récolement." })
  readonly description?: string | null;
}

export class LanguageBody {
  @Text({
    min: 2,
    max: 35,
    pattern: /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/,
    form: LANGUAGE_FORM,
    example: 'br',
    description: 'BCP 47',
  })
  readonly language: string;

  @OneOf(LANGUAGE_LEVELS, { example: 'B2', description: 'CEFR, or the mother tongue' })
  readonly level: LanguageSkill['level'];

  @Line({ ...MAYBE, max: 200, example: 'Diplôme de compétence en langue' })
  readonly certificate?: string | null;
}

const UNREADABLE = 'The stored value cannot be read: only id, revision and time are here';

export class EducationDto extends PartialType(EducationBody) {
  @Uuid()
  readonly id: string;

  @WholeNumber({ min: 1, max: 999_999_999, description: 'As in the ETag' })
  readonly revision: number;

  @Instant({ example: '2026-11-23T09:30:00.000Z' })
  readonly updatedAt: string;

  @YesNo({ example: false, description: UNREADABLE })
  readonly unreadable: boolean;
}

export class ExperienceDto extends PartialType(ExperienceBody) {
  @Uuid()
  readonly id: string;

  @WholeNumber({ min: 1, max: 999_999_999, description: 'As in the ETag' })
  readonly revision: number;

  @Instant({ example: '2026-11-23T09:30:00.000Z' })
  readonly updatedAt: string;

  @YesNo({ example: false, description: UNREADABLE })
  readonly unreadable: boolean;
}

export class LanguageDto extends PartialType(LanguageBody) {
  @Uuid()
  readonly id: string;

  @WholeNumber({ min: 1, max: 999_999_999, description: 'As in the ETag' })
  readonly revision: number;

  @Instant({ example: '2026-11-23T09:30:00.000Z' })
  readonly updatedAt: string;

  @YesNo({ example: false, description: UNREADABLE })
  readonly unreadable: boolean;
}
