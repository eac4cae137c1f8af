import type { Bilingual, FieldError } from '../../../kernel/errors.js';
import type { Profile } from '../profile/profile.js';

/** A profile as far as it decides what is missing: its sections, and how many entries its lists have. */
export interface Described extends Partial<
  Pick<Profile, 'identity' | 'contact' | 'address' | 'preferences'>
> {
  readonly education: number;
  readonly experience: number;
  readonly languages: number;
}

/** Sections that can be complete. Accommodations are not among them: nobody has to need any. */
export const COUNTED_SECTIONS = [
  'identity',
  'contact',
  'address',
  'preferences',
  'education',
  'languages',
] as const;
export type CountedSection = (typeof COUNTED_SECTIONS)[number];

/**
 * What something missing is needed for: without it no application can be submitted; an agency will ask for it with an
 * offer; an agency reviews with it; it finds vacancies.
 */
export const NEEDS = ['application', 'offer', 'review', 'search'] as const;
export type Need = (typeof NEEDS)[number];

export interface Gap extends FieldError {
  readonly section: CountedSection;
  readonly neededFor: Need;
}

export interface Completeness {
  /** Of everything that is ever asked for, whole percent. */
  readonly percent: number;
  readonly sections: Readonly<Record<CountedSection, 'empty' | 'partial' | 'complete'>>;
  /** Addressed within the profile. */
  readonly missing: readonly Gap[];
}

interface Row {
  readonly section: CountedSection;
  /** Within the profile (RFC 6901). */
  readonly pointer: string;
  readonly neededFor: Need;
  readonly isGiven: (profile: Described) => boolean;
  readonly detail: Bilingual;
}

const row = (
  section: CountedSection,
  pointer: string,
  neededFor: Need,
  isGiven: (profile: Described) => boolean,
  en: string,
  fr: string,
): Row => ({ section, pointer, neededFor, isGiven, detail: { en, fr } });

const given = (value: unknown): boolean => value !== undefined;
const some = (list: readonly unknown[] | undefined): boolean => list !== undefined && list.length > 0;

/**
 * Needed to apply are both names, a way to be reached, and one education or experience to review. Demanding more would
 * collect it too early: what an agency sees at an offer only may be given then.
 */
const ROWS: readonly Row[] = [
  row(
    'identity',
    '/identity/givenName',
    'application',
    ({ identity }) => given(identity?.givenName),
    'Give your first name.',
    'Indiquez votre prénom.',
  ),
  row(
    'identity',
    '/identity/familyName',
    'application',
    ({ identity }) => given(identity?.familyName),
    'Give your family name.',
    'Indiquez votre nom.',
  ),
  row(
    'contact',
    '/contact',
    'application',
    ({ contact }) => given(contact?.email) || given(contact?.telephone),
    'Give an e-mail address or a telephone number.',
    'Indiquez une adresse électronique ou un numéro de téléphone.',
  ),
  row(
    'education',
    '/education',
    'application',
    ({ education, experience }) => education + experience > 0,
    'Add an education or an experience.',
    'Ajoutez une formation ou une expérience.',
  ),
  row(
    'languages',
    '/languages',
    'review',
    ({ languages }) => languages > 0,
    'Add the languages that you know.',
    'Ajoutez les langues que vous connaissez.',
  ),
  row(
    'identity',
    '/identity/birthDate',
    'offer',
    ({ identity }) => given(identity?.birthDate),
    'Give your birth date.',
    'Indiquez votre date de naissance.',
  ),
  row(
    'identity',
    '/identity/birthPlace',
    'offer',
    ({ identity }) => given(identity?.birthPlace),
    'Say where you were born.',
    'Indiquez votre lieu de naissance.',
  ),
  row(
    'identity',
    '/identity/nationality',
    'offer',
    ({ identity }) => given(identity?.nationality),
    'Give your nationality.',
    'Indiquez votre nationalité.',
  ),
  row(
    'address',
    '/address/lines',
    'offer',
    ({ address }) => some(address?.lines),
    'Give your street and number.',
    'Indiquez votre rue et son numéro.',
  ),
  row(
    'address',
    '/address/postalCode',
    'offer',
    ({ address }) => given(address?.postalCode),
    'Give your postal code.',
    'Indiquez votre code postal.',
  ),
  row(
    'address',
    '/address/city',
    'offer',
    ({ address }) => given(address?.city),
    'Give your town.',
    'Indiquez votre commune.',
  ),
  row(
    'preferences',
    '/preferences/occupations',
    'search',
    ({ preferences }) => some(preferences?.occupations),
    'Say what you would like to work as.',
    'Indiquez le métier que vous cherchez.',
  ),
  row(
    'preferences',
    '/preferences/categories',
    'search',
    ({ preferences }) => some(preferences?.categories),
    'Choose the categories of posts that interest you.',
    'Choisissez les catégories d’emploi qui vous intéressent.',
  ),
  row(
    'preferences',
    '/preferences/departments',
    'search',
    ({ preferences }) =>
      some(preferences?.departments) || some(preferences?.regions) || preferences?.abroad === true,
    'Choose where you would like to work: regions, departments or abroad.',
    'Choisissez où vous aimeriez travailler : régions, départements ou étranger.',
  ),
];

/** What a profile has and what it lacks. */
export function completenessOf(profile: Described): Completeness {
  const missing = ROWS.filter(({ isGiven }) => !isGiven(profile));
  const state = (section: CountedSection): 'empty' | 'partial' | 'complete' => {
    const asked = ROWS.filter((one) => one.section === section).length;
    const lacking = missing.filter((one) => one.section === section).length;
    if (lacking === 0) return 'complete';
    return lacking === asked ? 'empty' : 'partial';
  };
  return {
    percent: Math.round((100 * (ROWS.length - missing.length)) / ROWS.length),
    sections: {
      identity: state('identity'),
      contact: state('contact'),
      address: state('address'),
      preferences: state('preferences'),
      education: state('education'),
      languages: state('languages'),
    },
    missing: missing.map(({ section, pointer, neededFor, detail }) => ({
      section,
      pointer,
      neededFor,
      code: 'required',
      detail,
    })),
  };
}

/** What an application cannot be submitted without. */
export function missingForSubmission(profile: Described): readonly FieldError[] {
  return completenessOf(profile)
    .missing.filter(({ neededFor }) => neededFor === 'application')
    .map(({ pointer, code, detail }) => ({ pointer, code, detail }));
}
