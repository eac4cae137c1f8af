export { AccessHistory, type ReadableAccess } from './access-history/access-history.js';
export { CandidatesModule } from './candidates.module.js';
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
export type { Profile } from './profile/profile.js';
export { Profiles, type ReadProfile } from './profile/profiles.js';
export { COUNTRIES } from './profile/territory.js';
export { ProfileSnapshots } from './submission/profile-snapshots.js';
export type { Snapshot } from './submission/snapshot.js';
