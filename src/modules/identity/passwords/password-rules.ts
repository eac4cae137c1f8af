import type { Bilingual } from '../../../kernel/errors.js';
import { folded, isCommon, isSequence, repeatedUnit } from './common-passwords.js';

/** NIST SP 800-63B-4: length instead of composition; counted in code points after normalisation. */
const LEAST = 15;
const MOST = 128;
/** What must be left of a password without what a guesser knows anyway. */
const LEAST_OF_ONES_OWN = 8;
/** Shorter names and words are parts of too many others. */
const LEAST_WORD = 4;

/** Words that this service is known by. */
const CONTEXT = [
  'sceau',
  'choisirleservicepublic',
  'servicepublic',
  'fonctionpublique',
  'candidature',
  'recrutement',
];

export const PASSWORD_PROBLEMS = {
  too_short: {
    en: 'Use at least 15 characters; a sentence is easiest to remember.',
    fr: 'Utilisez au moins 15 caractères ; une phrase est plus facile à retenir.',
  },
  too_long: { en: 'Use at most 128 characters.', fr: 'Utilisez au plus 128 caractères.' },
  common: {
    en: 'This password is among the first ones that are tried.',
    fr: "Ce mot de passe est l'un des premiers essayés.",
  },
  repetitive: {
    en: 'This is a short piece repeated, or a sequence.',
    fr: 'Ceci est un court motif répété, ou une suite.',
  },
  contains_email: {
    en: 'Do not use your e-mail address in it.',
    fr: "N'y mettez pas votre adresse électronique.",
  },
  contains_context: {
    en: 'It consists of little more than the name of this service.',
    fr: 'Il ne contient guère plus que le nom de ce service.',
  },
  guessable: { en: 'This password is guessed soon.', fr: 'Ce mot de passe se devine vite.' },
} as const satisfies Record<string, Bilingual>;

export type PasswordProblem = keyof typeof PASSWORD_PROBLEMS;

/** The form in which a password is hashed and compared: NFC, nothing else changed. */
export function normalisePassword(password: string): string {
  return password.normalize('NFC');
}

/** What a guesser knows of the person and the service, as words. */
export function knownWords(email: string): readonly string[] {
  return [...wordsOf(email), ...CONTEXT];
}

/** @returns why a password cannot be used whatever its strength, or `undefined` when it can */
export function passwordProblem(password: string, email: string): PasswordProblem | undefined {
  const normal = normalisePassword(password);
  const { length } = [...normal];
  if (length < LEAST) return 'too_short';
  if (length > MOST) return 'too_long';
  if (isSequence(normal) || [...repeatedUnit(normal)].length < LEAST_WORD) return 'repetitive';
  if (isCommon(normal)) return 'common';
  const plain = folded(normal);
  const [local = ''] = email.split('@');
  if (folded(local).length >= LEAST_WORD && plain.includes(folded(local))) return 'contains_email';
  if (isLittleMoreThan(plain, wordsOf(email))) return 'contains_email';
  return isLittleMoreThan(plain, CONTEXT) ? 'contains_context' : undefined;
}

/** The parts of an address between its dots, dashes and at sign, that are long enough to tell. */
function wordsOf(email: string): readonly string[] {
  return email
    .split(/[@._+-]/)
    .map(folded)
    .filter((word) => word.length >= LEAST_WORD);
}

/** Whether it has one of these words in it and, without them and without digits and signs at its ends, is short. */
function isLittleMoreThan(plain: string, words: readonly string[]): boolean {
  const longestFirst = words.toSorted((one, other) => other.length - one.length);
  const rest = longestFirst.reduce((text, word) => text.replaceAll(word, ''), plain);
  return rest !== plain && rest.replaceAll(/^[^\p{L}]+|[^\p{L}]+$/gu, '').length < LEAST_OF_ONES_OWN;
}
