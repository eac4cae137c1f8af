import type { FieldError } from '../../../kernel/errors.js';
import type { PersonalPlace } from '../../../sealing/index.js';
import {
  EducationEntity,
  type EntryEntity,
  ExperienceEntity,
  LanguageEntity,
} from '../persistence/entry.entity.js';
import { EDUCATION_ENTRY, EXPERIENCE_ENTRY, LANGUAGE_ENTRY } from '../persistence/places.js';
import type { Education, Experience, LanguageSkill } from './entry.js';
import { comparePeriods, inCanonicalTag, languageProblems, periodProblems } from './entry-rules.js';

/** What distinguishes one list of entries from the others. */
export interface EntryKind<T extends object> {
  /** In the ledger, in cursors and in the address. */
  readonly name: 'education' | 'experience' | 'languages';
  readonly entity: new () => EntryEntity;
  readonly place: PersonalPlace<T>;
  /** How many entries a candidate may keep. */
  readonly limit: number;
  /** One way to write what may be written in several. */
  readonly canonical: (value: T) => T;
  /**
   * What is wrong with a value, past what each member's own format says.
   * @param today `YYYY-MM-DD`
   */
  readonly problems: (value: T, today: string) => readonly FieldError[];
  /** Negative when the first is the newer one; 0 leaves it to the time of adding. */
  readonly compare: (a: T, b: T) => number;
}

export const EDUCATION: EntryKind<Education> = {
  name: 'education',
  entity: EducationEntity,
  place: EDUCATION_ENTRY,
  limit: 30,
  canonical: (value) => value,
  problems: periodProblems,
  compare: comparePeriods,
};

export const EXPERIENCE: EntryKind<Experience> = {
  name: 'experience',
  entity: ExperienceEntity,
  place: EXPERIENCE_ENTRY,
  limit: 30,
  canonical: (value) => value,
  problems: periodProblems,
  compare: comparePeriods,
};

/** Languages have no dates: the one added last comes first. */
export const LANGUAGES: EntryKind<LanguageSkill> = {
  name: 'languages',
  entity: LanguageEntity,
  place: LANGUAGE_ENTRY,
  limit: 30,
  canonical: inCanonicalTag,
  problems: languageProblems,
  compare: () => 0,
};
