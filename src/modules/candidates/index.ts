export { AccessHistory, type ReadableAccess } from './access-history/access-history.js';
export { fieldsInWords } from './access-history/field-words.js';
export { momentInWords } from './access-history/moments.js';
export { CandidatesModule } from './candidates.module.js';
export { DIVERSITY_QUESTIONS, type Diversity, type DiversityQuestion } from './diversity/diversity.js';
export { DiversityTally } from './diversity/diversity-tally.js';
export { OwnDiversity, type ReadDiversity } from './diversity/own-diversity.js';
export { Entries, type Entry } from './entries/entries.js';
export { EDUCATION, EXPERIENCE, LANGUAGES } from './entries/entry-kinds.js';
export {
  type Education,
  EDUCATION_LEVELS,
  type Experience,
  LANGUAGE_LEVELS,
  type LanguageSkill,
  SECTORS,
} from './entries/entry.js';
export { profileProblems } from './profile/profile-rules.js';
export type { Profile } from './profile/profile.js';
export { Profiles, type ReadProfile } from './profile/profiles.js';
export { COUNTRIES } from './world/countries.js';
export { REGIONS } from './world/regions.js';
export { ProfileSnapshots, type TakenSnapshot } from './submission/profile-snapshots.js';
export type { Snapshot } from './submission/snapshot.js';
export { LANGUAGE_FORM } from './world/languages.js';
export {
  type Completeness,
  COUNTED_SECTIONS,
  type CountedSection,
  type Need,
  NEEDS,
} from './submission/completeness.js';
