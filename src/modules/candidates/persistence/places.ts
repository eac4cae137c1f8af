import { place } from '../../../sealing/index.js';
import type { Diversity } from '../diversity/diversity.js';
import type { Education, Experience, LanguageSkill } from '../entries/entry.js';
import type { Address, Contact, Identity, Preferences } from '../profile/profile.js';

export const IDENTITY = place<Identity>()('candidates_profile.identity');
export const CONTACT = place<Contact>()('candidates_profile.contact');
export const ADDRESS = place<Address>()('candidates_profile.address');
export const PREFERENCES = place<Preferences>()('candidates_profile.preferences');
export const ACCOMMODATIONS = place<string>()('candidates_profile.accommodations');
export const DIVERSITY = place<Diversity>()('candidates_diversity.answers');
export const EDUCATION_ENTRY = place<Education>()('candidates_education.entry');
export const EXPERIENCE_ENTRY = place<Experience>()('candidates_experience.entry');
export const LANGUAGE_ENTRY = place<LanguageSkill>()('candidates_language.entry');
