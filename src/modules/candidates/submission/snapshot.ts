import type { Education, Experience, LanguageSkill } from '../entries/entry.js';
import type { Address, Profile } from '../profile/profile.js';

/** A profile as an agency may come to see it: by released field, so that the release policy can pick. */
export interface Snapshot {
  readonly givenName?: string;
  readonly familyName?: string;
  readonly usualName?: string;
  readonly birthDate?: string;
  readonly birthPlace?: string;
  readonly nationality?: string;
  readonly email?: string;
  readonly telephone?: string;
  readonly address?: Address;
  readonly accommodations?: string;
  readonly education: readonly Education[];
  readonly experience: readonly Experience[];
  readonly languages: readonly LanguageSkill[];
}

export type EntryLists = Pick<Snapshot, 'education' | 'experience' | 'languages'>;

/** Preferences are for finding vacancies: no agency ever sees them. */
export function snapshotOf(profile: Partial<Profile>, lists: EntryLists): Snapshot {
  const { identity, contact, address, accommodations } = profile;
  return {
    ...identity,
    ...contact,
    ...(address === undefined ? {} : { address }),
    ...(accommodations === undefined ? {} : { accommodations }),
    ...lists,
  };
}
