import type { FieldError } from '../../../kernel/errors.js';

/** As much of a candidate as decides whether an application can be submitted. */
export interface Submittable {
  readonly givenName?: string;
  readonly familyName?: string;
  readonly email?: string;
  readonly telephone?: string;
  /** How many entries there are. */
  readonly education: number;
  readonly experience: number;
}

/**
 * What a profile lacks before an application can be submitted: both names, a way to reach the candidate, and one
 * education or experience to review. Everything else may be given later or not at all: asking for less than an
 * agency may see at an offer would withhold nothing, asking for more would collect it too early.
 * @returns one gap per member, addressed within the profile; empty when nothing is missing
 */
export function missingForSubmission(candidate: Submittable): readonly FieldError[] {
  const gaps: FieldError[] = [];
  if (candidate.givenName === undefined)
    gaps.push(gap('/identity/givenName', 'Give your first name.', 'Indiquez votre prénom.'));
  if (candidate.familyName === undefined)
    gaps.push(gap('/identity/familyName', 'Give your family name.', 'Indiquez votre nom.'));
  if (candidate.email === undefined && candidate.telephone === undefined) {
    gaps.push(
      gap(
        '/contact',
        'Give an e-mail address or a telephone number.',
        'Indiquez une adresse électronique ou un numéro de téléphone.',
      ),
    );
  }
  if (candidate.education === 0 && candidate.experience === 0) {
    gaps.push(
      gap('/education', 'Add an education or an experience.', 'Ajoutez une formation ou une expérience.'),
    );
  }
  return gaps;
}

const gap = (pointer: string, en: string, fr: string): FieldError => ({
  pointer,
  code: 'required',
  detail: { en, fr },
});
