import type { FieldError } from '../../../kernel/errors.js';
import { isLanguage, isPostalCode } from './territory.js';
import type { Profile } from './profile.js';

const EARLIEST_BIRTH = '1900-01-01';

/**
 * What is wrong with a profile as a whole, past what each member's own format says.
 * @param today `YYYY-MM-DD`
 */
export function profileProblems(profile: Partial<Profile>, today: string): readonly FieldError[] {
  const { identity, address, preferences } = profile;
  const problems: FieldError[] = [];
  const birthDate = identity?.birthDate;
  if (birthDate !== undefined && (birthDate < EARLIEST_BIRTH || birthDate >= today)) {
    problems.push({
      pointer: '/identity/birthDate',
      code: 'not_allowed',
      detail: {
        en: 'The birth date is in the past, after 1899.',
        fr: 'La date de naissance est passée, après 1899.',
      },
    });
  }
  const postalCode = address?.postalCode;
  if (postalCode !== undefined && !isPostalCode(postalCode, address?.country)) {
    problems.push({
      pointer: '/address/postalCode',
      code: 'format',
      detail: {
        en: 'This is not a postal code of the country; in France it has five digits.',
        fr: "Ce n'est pas un code postal du pays ; en France il compte cinq chiffres.",
      },
    });
  }
  const unknown = (preferences?.workingLanguages ?? []).findIndex((tag) => !isLanguage(tag));
  if (unknown >= 0) {
    problems.push({
      pointer: `/preferences/workingLanguages/${unknown}`,
      code: 'not_allowed',
      detail: LANGUAGE,
    });
  }
  return problems;
}

export const LANGUAGE = {
  en: 'A language is given by its BCP 47 tag, such as fr, br or fsl.',
  fr: 'Une langue est désignée par son code BCP 47, par exemple fr, br ou fsl.',
};
