import type { Id, VacancyId } from '../../kernel/ids.js';
import type { Answer } from '../applications/index.js';
import type { Education, Experience, LanguageSkill, Profile } from '../candidates/index.js';

export type PlantingId = Id<'planting'>;

/** What somebody would have written who applies. */
export interface CanaryPerson {
  readonly email: string;
  /** Where they would be. */
  readonly address: string;
  readonly profile: Partial<Profile>;
  readonly education: readonly Education[];
  readonly experience: readonly Experience[];
  readonly languages: readonly LanguageSkill[];
  readonly motivation: string;
  readonly answers: readonly Answer[];
}

/** A canary that is yet to sign up. */
export interface Planting {
  readonly vacancyId: VacancyId;
  readonly person: CanaryPerson;
  /** When they sign up, in RFC 3339. */
  readonly due: string;
  /** The longest that they take for one step, in milliseconds: nobody fills in everything within a second. */
  readonly longestPause: number;
}

/**
 * The person as they begin for the nth time: under another address, for the one before may have an account by now.
 * @param attempt 1 is the first
 */
export function personFor({ person }: Planting, attempt: number): CanaryPerson {
  if (attempt === 1) return person;
  const email = person.email.replace('@', `${attempt}@`);
  const { contact } = person.profile;
  return {
    ...person,
    email,
    profile: contact == null ? person.profile : { ...person.profile, contact: { ...contact, email } },
  };
}
