/** Degrees by years of study after the baccalauréat, as French job offers name them. */
export const EDUCATION_LEVELS = [
  'none',
  'cap_bep',
  'bac',
  'bac+2',
  'bac+3',
  'bac+4',
  'bac+5',
  'bac+8',
] as const;
export const SECTORS = ['public', 'private', 'association', 'self_employed'] as const;
/** Common European Framework of Reference for Languages, and the mother tongue. */
export const LANGUAGE_LEVELS = ['A1', 'A2', 'B1', 'B2', 'C1', 'C2', 'native'] as const;

/** Between two moments, each a year (`YYYY`), a month (`YYYY-MM`) or a day (`YYYY-MM-DD`); without an end it still goes on. */
export interface Period {
  readonly from: string;
  readonly to?: string;
}

export interface Education extends Period {
  readonly institution: string;
  readonly degree: string;
  readonly level?: (typeof EDUCATION_LEVELS)[number];
  readonly field?: string;
  readonly country?: string;
  readonly description?: string;
}

export interface Experience extends Period {
  readonly employer: string;
  readonly title: string;
  readonly sector?: (typeof SECTORS)[number];
  readonly city?: string;
  readonly country?: string;
  readonly description?: string;
}

export interface LanguageSkill {
  /** BCP 47 */
  readonly language: string;
  readonly level: (typeof LANGUAGE_LEVELS)[number];
  readonly certificate?: string;
}
