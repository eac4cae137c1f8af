import type { Bilingual, FieldError } from '../../../kernel/errors.js';
import { canonicalLanguage, isLanguage, LANGUAGE_FORM } from '../world/languages.js';
import { yearsLater } from '../world/partial-dates.js';
import { canonicalPostalCode, frenchTerritory, isFrenchPost, isPostalCode } from '../world/postal-codes.js';
import { e164 } from '../world/telephones.js';
import type { Address, Preferences, Profile } from './profile.js';

/** Nobody younger may be employed, not even in the holidays (Code du travail, L. 4153-1 and L. 4153-3). */
const YOUNGEST = 14;
const OLDEST = 110;
const FURTHEST_AVAILABILITY = 3;

const problem = (pointer: string, code: string, detail: Bilingual): FieldError => ({ pointer, code, detail });

/**
 * What is wrong with a profile as a whole, past what each member's own format says.
 * @param profile as `inCanonicalForm` gives it
 * @param today `YYYY-MM-DD`
 */
export function profileProblems(profile: Partial<Profile>, today: string): readonly FieldError[] {
  const { identity, contact, address, preferences } = profile;
  return [
    ...birthProblems(identity?.birthDate, today),
    ...telephoneProblems(contact?.telephone, address),
    ...postalCodeProblems(address),
    ...preferenceProblems(preferences, today),
  ];
}

/** Telephone numbers in E.164, postal codes and language tags as they are written: what can be read as several is one. */
export function inCanonicalForm(profile: Partial<Profile>): Partial<Profile> {
  const { contact, address, preferences } = profile;
  const telephone = contact?.telephone;
  const postalCode = address?.postalCode;
  const languages = preferences?.workingLanguages;
  return {
    ...profile,
    ...(telephone === undefined
      ? {}
      : { contact: { ...contact, telephone: readable(telephone, address) ?? telephone } }),
    ...(postalCode === undefined
      ? {}
      : { address: { ...address, postalCode: canonicalPostalCode(postalCode) } }),
    ...(languages === undefined
      ? {}
      : {
          preferences: {
            ...preferences,
            workingLanguages: languages.map((tag) => (isLanguage(tag) ? canonicalLanguage(tag) : tag)),
          },
        }),
  };
}

/** A national number is one of where its owner lives; overseas, those of the mainland are dialled alike. */
function readable(telephone: string, { country = 'FR', postalCode = '' }: Address = {}): string | undefined {
  const home = country === 'FR' ? frenchTerritory(canonicalPostalCode(postalCode)) : country;
  return e164(telephone, home) ?? (isFrenchPost(home) ? e164(telephone, 'FR') : undefined);
}

function birthProblems(birthDate: string | undefined, today: string): readonly FieldError[] {
  if (birthDate === undefined) return [];
  const plausible = yearsLater(birthDate, YOUNGEST) <= today && yearsLater(birthDate, OLDEST) > today;
  return plausible
    ? []
    : [
        problem('/identity/birthDate', 'not_allowed', {
          en: `By this birth date you would not be between ${YOUNGEST} and ${OLDEST} years old.`,
          fr: `Cette date de naissance ne donne pas un âge entre ${YOUNGEST} et ${OLDEST} ans.`,
        }),
      ];
}

function telephoneProblems(
  telephone: string | undefined,
  address: Address | undefined,
): readonly FieldError[] {
  if (telephone === undefined || readable(telephone, address) !== undefined) return [];
  return [
    problem('/contact/telephone', 'format', {
      en: 'This is no telephone number of the address’s country. Any other is written with + and its country’s code.',
      fr: "Ce numéro de téléphone n'est pas du pays de l'adresse. Tout autre s'écrit avec + et l'indicatif de son pays.",
    }),
  ];
}

function postalCodeProblems({ postalCode, country }: Address = {}): readonly FieldError[] {
  if (postalCode === undefined || isPostalCode(postalCode, country)) return [];
  return [
    problem('/address/postalCode', 'format', {
      en: 'This is not a postal code of the country; in France it has five digits, as 29200 or, for CEDEX, 29238.',
      fr: "Ce n'est pas un code postal du pays ; en France il compte cinq chiffres, comme 29200 ou, pour CEDEX, 29238.",
    }),
  ];
}

function preferenceProblems(
  { workingLanguages = [], availableFrom }: Preferences = {},
  today: string,
): readonly FieldError[] {
  const unknown = workingLanguages.flatMap((tag, at) =>
    isLanguage(tag) ? [] : [problem(`/preferences/workingLanguages/${at}`, 'not_allowed', LANGUAGE_FORM)],
  );
  if (availableFrom === undefined || availableFrom <= yearsLater(today, FURTHEST_AVAILABILITY))
    return unknown;
  return [
    ...unknown,
    problem('/preferences/availableFrom', 'not_allowed', {
      en: `This is more than ${FURTHEST_AVAILABILITY} years from now.`,
      fr: `Cette date est dans plus de ${FURTHEST_AVAILABILITY} ans.`,
    }),
  ];
}
