import type { CATEGORIES, CONTRACTS, REMOTE } from '../../vacancies/index.js';

export interface Identity {
  readonly givenName?: string;
  /** As the civil register has it: the name at birth. */
  readonly familyName?: string;
  /** The name used in daily life where it is another, such as a spouse's. */
  readonly usualName?: string;
  /** `YYYY-MM-DD` */
  readonly birthDate?: string;
  readonly birthPlace?: string;
  /** ISO 3166-1 alpha-2 */
  readonly nationality?: string;
}

export interface Contact {
  readonly email?: string;
  /** E.164 */
  readonly telephone?: string;
}

export interface Address {
  readonly lines?: readonly string[];
  readonly postalCode?: string;
  readonly city?: string;
  /** ISO 3166-1 alpha-2 */
  readonly country?: string;
}

/** What kind of post is sought, and where. */
export interface Preferences {
  /** What one would like to work as, in one's own words. */
  readonly occupations?: readonly string[];
  readonly specialisations?: readonly string[];
  /** Codes of French regions (INSEE). */
  readonly regions?: readonly string[];
  /** Codes of French departments (INSEE). */
  readonly departments?: readonly string[];
  readonly abroad?: boolean;
  readonly categories?: readonly (typeof CATEGORIES)[number][];
  readonly contracts?: readonly (typeof CONTRACTS)[number][];
  readonly remote?: readonly (typeof REMOTE)[number][];
  /** BCP 47 */
  readonly workingLanguages?: readonly string[];
  /** `YYYY-MM-DD` */
  readonly availableFrom?: string;
}

/** Everything about a candidate that is not a list of its own. Whatever has not been given is absent. */
export interface Profile {
  readonly identity: Identity;
  readonly contact: Contact;
  readonly address: Address;
  readonly preferences: Preferences;
  /** What the candidate needs because of a disability, in their own words. */
  readonly accommodations: string;
}

/** Sections are sealed one by one. */
export const PROFILE_SECTIONS = [
  'identity',
  'contact',
  'address',
  'preferences',
  'accommodations',
] as const satisfies readonly (keyof Profile)[];
export type ProfileSection = (typeof PROFILE_SECTIONS)[number];

/** A section that holds nothing is a section that was not given. */
export function withoutEmptySections(profile: Partial<Profile>): Partial<Profile> {
  return Object.fromEntries(
    Object.entries(profile).filter(
      ([, section]) => typeof section === 'string' || Object.keys(section).length > 0,
    ),
  );
}
